"""Judged sets: a folder with people, what they wrote, topics, and who is right for each.

`evaluate.py` beside the sets judges who was found (`docs/expertise.md`).
"""

import gzip
import json
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from app import clock
from app.database import Database
from app.domain.identity import tokens
from app.domain.instance import import_files, imports
from app.models.accounts.accounts import Account
from app.models.identity.applications import Application
from app.models.identity.users import User

EXPERTS = "/api/hardop/v1/experts"
# As deep as the evaluator looks, in pages as large as there are.
DEPTH = 100
_PAGE = 40

Ranked = dict[str, list[str]]
"""`{topic: people}`, the best first."""


class Asked(NamedTuple):
    """Who was found, and how long the first page of each topic took."""

    ranked: Ranked
    milliseconds: list[float]


def rows(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    """The records of one file of a set."""
    with gzip.open(folder / f"{name}.jsonl.gz", "rt") as opened:
        yield from map(json.loads, opened)


def queries(folder: Path) -> list[str]:
    """What is asked, topic by topic."""
    return [topic["query"] for topic in rows(folder, "topics")]


async def fill(database: Database, folders: Iterable[Path]) -> dict[str, str]:
    """Import the sets into an empty server; headers of somebody there who may search and write."""
    connection = await database.connect()
    try:
        for folder in folders:
            await imports.load(
                connection,
                import_files.find(folder),
                domain="eval.example.org",
                progress=lambda *_: None,
            )
    finally:
        await connection.close()
    scopes = "read write"
    async with database.session() as session:
        asker = Account(username="somebody-who-asks")
        application = Application(name="Evaluation", client_id="evaluation", scopes=scopes)
        session.add_all([asker, application])
        await session.flush()
        user = User(account_id=asker.id, email="asks@example.org", confirmed_at=clock.now())
        session.add(user)
        await session.flush()
        token = tokens.issue(session, scopes=scopes, application_id=application.id, user_id=user.id)
        await session.commit()
    return {"Authorization": f"Bearer {token}"}


async def ask(client: httpx.AsyncClient, headers: dict[str, str], folder: Path) -> Asked:
    """Ask for every topic, page by page."""
    asked = Asked({}, [])
    for topic in rows(folder, "topics"):
        found = asked.ranked[topic["id"]] = []
        while len(found) < DEPTH:
            began = time.perf_counter()
            limit = min(_PAGE, DEPTH - len(found))
            params: dict[str, str | int] = {"q": topic["query"], "limit": limit}
            answer = await client.get(
                EXPERTS, params={**params, "offset": len(found)}, headers=headers
            )
            if not found:
                asked.milliseconds.append((time.perf_counter() - began) * 1000)
            page = answer.raise_for_status().json()
            found += [one["account"]["username"] for one in page]
            if len(page) < limit:
                break
    return asked


def write(run: Path, ranked: Ranked) -> None:
    """Keep who was found, as the evaluator reads it."""
    run.parent.mkdir(parents=True, exist_ok=True)
    run.write_text(
        "".join(
            f"{topic}\t{person}\t{DEPTH - place}\n"
            for topic, people in ranked.items()
            for place, person in enumerate(people)
        )
    )


def evaluate(folder: Path, run: Path, against: Path | None = None) -> dict[str, Any]:
    """What the evaluator says of a run; with another one, how much of the difference is chance."""
    command = [sys.executable, str(folder.parent / "evaluate.py"), str(folder), str(run), "--json"]
    if against is not None:
        command += ["--against", str(against)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    judged: dict[str, Any] = json.loads(said)
    return judged
