"""A worker that is killed while it fills the search indexes: nothing is lost, nothing is old."""

import asyncio
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.database import Database
from app.migrate import migrate
from tests.factories import make_account, make_status
from tests.meilisearch.server import MASTER_KEY
from tests.meilisearch.target import Target, stand_in, target
from tests.postgres import create_from_template
from tests.processes import HARDOP, clean_environment, folder

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(180)]

STATUSES = 20
LATEST_SECONDS = 60.0


@pytest.fixture
def database_of_its_own(cluster: str) -> str:
    return asyncio.run(create_from_template(cluster, f"killed_indexer_{os.getpid()}", migrate))


@contextmanager
def worker(base: Path, dsn: str, search: Target) -> Iterator["subprocess.Popen[bytes]"]:
    """`hardop worker`, which nobody lets finish."""
    environment = clean_environment(
        HARDOP_DATA_DIR=str(base / "data"),
        HARDOP_DATABASE_URL=dsn,
        HARDOP_MEILISEARCH_URL=search.url,
        HARDOP_MEILISEARCH_INDEX_KEY=search.keys.index,
    )
    with (base / "worker.log").open("ab") as output:
        process = subprocess.Popen(
            [HARDOP, "worker"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=base,
            env=environment,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


async def test_what_one_began_the_next_one_ends(database_of_its_own: str) -> None:
    dsn = database_of_its_own
    with folder() as base, stand_in() as double:
        search = await target(double.url, MASTER_KEY, "hardop_")
        async with Database(dsn, worker=True) as database:
            ada = await make_account(database, "ada")
            await search.index(database).catch_up()
            # Meilisearch accepts, and goes on saying that it is not done yet.
            double.holds = True
            for number in range(STATUSES):
                await make_status(database, ada, f"apple{number}")
            accepted = len(double.asked("replace_documents"))
            with worker(base, dsn, search) as process:
                async with asyncio.timeout(LATEST_SECONDS):
                    while len(double.asked("replace_documents")) == accepted:  # noqa: ASYNC110
                        await asyncio.sleep(0.02)
                process.send_signal(signal.SIGKILL)
                process.wait()
            # What that one wanted to say is not said any more: it is lost with the engine's queue.
            double.store.forget_tasks()
            double.holds = False
            await make_status(database, ada, "pear")
            kept = double.store.indexes["hardop_statuses_v1"].documents
            assert not kept
            with worker(base, dsn, search):
                async with asyncio.timeout(LATEST_SECONDS):
                    while len(kept) < STATUSES + 1:  # noqa: ASYNC110
                        await asyncio.sleep(0.02)
            assert (await search.index(database).repair()).surplus == 0
            texts = {each["text"] for each in kept.values()}
            assert texts == {"pear", *(f"apple{number}" for number in range(STATUSES))}
