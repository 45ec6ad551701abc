"""How well people are found by what they know: `python -m benchmarks.expertise SET...`.

A set is a folder with people, statuses, topics and judgements (`docs/expertise.md`). Each is
imported into an empty server, which is then asked for every topic; what it answers is judged by the
`evaluate.py` beside the sets. With `--set HARDOP_MEILISEARCH_URL=...` and its keys, Meilisearch
answers: its indexes are built first.
"""

import argparse
import asyncio
import gzip
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from app import clock, embedded_postgres, migrate
from app.database import Database
from app.domain.identity import tokens
from app.domain.instance import import_files, imports
from app.models.accounts.accounts import Account
from app.models.identity.applications import Application
from app.models.identity.users import User
from app.postmaster import Postmaster
from app.workers.search_index import SearchIndex
from benchmarks.processes import all_running
from search.meilisearch_administration import MeilisearchIndexes

MEASURES = ("MAP", "MRR", "nDCG@10", "P@5", "success@1", "success@5")

# As deep as the evaluator looks, in pages as large as there are.
_DEPTH, _PAGE = 100, 40


class Judged(NamedTuple):
    """What the evaluator says, and how long the first pages took."""

    measures: dict[str, Any]
    milliseconds: list[float]


def main() -> None:
    """Judge the sets, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.expertise", description=__doc__)
    parser.add_argument("sets", nargs="+", type=Path, metavar="SET")
    parser.add_argument("--runs", type=Path, help="keep the answers here, as SET.run")
    parser.add_argument("--against", type=Path, help="compare with the answers that are here")
    parser.add_argument("--data", type=Path, help="keep the servers here, or use those kept here")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        dest="settings",
        metavar="NAME=VALUE",
        help="a setting of the server, such as HARDOP_EXPERTISE_SHARPNESS=1",
    )
    options = parser.parse_args()
    settings = dict(each.split("=", 1) for each in options.settings)
    print("| set | " + " | ".join(MEASURES) + " | p50 ms | p95 ms |")
    print("|---|" + "--:|" * (len(MEASURES) + 2))
    for folder in options.sets:
        with _data(options.data and options.data / folder.name) as data:
            judged = judge(folder, data, options.runs, options.against, settings)
        figures = [f"{judged.measures[name]:.3f}" for name in MEASURES]
        times = statistics.quantiles(judged.milliseconds, n=20)
        print(f"| {' | '.join([folder.name, *figures])} | {times[9]:.0f} | {times[18]:.0f} |")
        for name, change in judged.measures.get("against", {}).items():
            print(
                f"  {name}: was {change['was']:.3f}, {change['change']:+.3f}, p {change['p']:.3f}"
            )


@contextmanager
def _data(kept: Path | None) -> Iterator[Path]:
    """A folder for a server; PostgreSQL runs as somebody else when this runs as root."""
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="hardop-eval-") as made:
        Path(made).chmod(0o711)
        yield Path(made)


def judge(
    folder: Path, data: Path, runs: Path | None, against: Path | None, settings: dict[str, str]
) -> Judged:
    """Import a set into an empty server, ask it, and have the answers judged."""
    kept = data / "token"
    with embedded_postgres.running(data) as dsn:
        if not kept.exists():
            kept.write_text(asyncio.run(_fill(dsn, folder)))
        token = kept.read_text()
        pid = Postmaster(data / "postgresql").pid() or 0
        engine = "postgresql"
        if "HARDOP_MEILISEARCH_URL" in settings:
            engine = "meilisearch"
            # Other names for another set: they may share one Meilisearch.
            settings = {**settings, "HARDOP_MEILISEARCH_PREFIX": f"eval_{folder.name}_"}
            asyncio.run(_index(dsn, settings))
        with all_running(dsn, pid, settings) as running:
            lines, milliseconds = asyncio.run(_ask(running.server, token, folder))
            said = httpx.get(f"{running.server}/readyz").json()["search_engine"]
            if said != engine:
                raise SystemExit(f"It was {said} that answered.")
    run = (runs or data) / f"{folder.name}.run"
    run.parent.mkdir(parents=True, exist_ok=True)
    run.write_text("\n".join(lines) + "\n")
    command = [sys.executable, str(folder.parent / "evaluate.py"), str(folder), str(run), "--json"]
    if against is not None:
        command += ["--against", str(against / run.name)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return Judged(json.loads(said), milliseconds)


async def _fill(dsn: str, folder: Path) -> str:
    """A token of somebody on a server with the set in it."""
    await migrate.migrate(dsn)
    async with Database(dsn, worker=True) as database:
        connection = await database.connect()
        try:
            await imports.load(
                connection,
                import_files.find(folder),
                domain="eval.example.org",
                progress=lambda *_: None,
            )
        finally:
            await connection.close()
        async with database.session() as session:
            # Nobody who says anything.
            asker = Account(username="somebody-who-asks", discoverable=False)
            application = Application(name="Evaluation", client_id="evaluation", scopes="read")
            session.add_all([asker, application])
            await session.flush()
            user = User(account_id=asker.id, email="asks@example.org", confirmed_at=clock.now())
            session.add(user)
            await session.flush()
            token = tokens.issue(
                session, scopes="read", application_id=application.id, user_id=user.id
            )
            await session.commit()
    return token


async def _index(dsn: str, settings: dict[str, str]) -> None:
    """Build the indexes in Meilisearch."""
    indexes = MeilisearchIndexes(
        settings["HARDOP_MEILISEARCH_URL"],
        settings.get("HARDOP_MEILISEARCH_INDEX_KEY"),
        settings["HARDOP_MEILISEARCH_PREFIX"],
    )
    async with Database(dsn, worker=True) as database:
        await SearchIndex(database, indexes).rebuild()


async def _ask(server: str, token: str, folder: Path) -> tuple[list[str], list[float]]:
    lines, milliseconds = [], []
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=server, headers=headers, timeout=30) as client:
        for topic in _rows(folder / "topics.jsonl.gz"):
            for offset in range(0, _DEPTH, _PAGE):
                began = time.perf_counter()
                answer = await client.get(
                    "/api/hardop/v1/experts",
                    params={
                        "q": topic["query"],
                        "limit": min(_PAGE, _DEPTH - offset),
                        "offset": offset,
                    },
                )
                if not offset:
                    milliseconds.append((time.perf_counter() - began) * 1000)
                found = answer.raise_for_status().json()
                lines += [
                    f"{topic['id']}\t{one['account']['username']}\t{_DEPTH - offset - place}"
                    for place, one in enumerate(found)
                ]
                if len(found) < _PAGE:
                    break
    return lines, milliseconds


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(file, "rt") as opened:
        yield from map(json.loads, opened)


if __name__ == "__main__":
    main()
