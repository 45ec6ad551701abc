"""A worker that is killed in the middle: nobody misses anything, nobody gets anything twice."""

import asyncio
import os
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import asyncpg
import pytest

from app.database import Database
from app.migrate import migrate
from app.workers.runner import HEARTBEAT
from tests.factories import make_account, make_follow, make_status
from tests.postgres import create_from_template
from tests.processes import HARDOP, clean_environment, folder

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(120)]

FOLLOWERS = 30
STATUSES = 20
LATEST_SECONDS = 30.0


@pytest.fixture
def database_of_its_own(cluster: str) -> str:
    return asyncio.run(create_from_template(cluster, f"killed_worker_{os.getpid()}", migrate))


@pytest.fixture
def base() -> Iterator[Path]:
    with folder() as made:
        yield made


@contextmanager
def worker(base: Path, dsn: str) -> Iterator["subprocess.Popen[bytes]"]:
    """`hardop worker`, which nobody lets finish."""
    environment = clean_environment(HARDOP_DATA_DIR=str(base / "data"), HARDOP_DATABASE_URL=dsn)
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


@asynccontextmanager
async def held_up(connection: asyncpg.Connection, table: str) -> AsyncIterator[None]:
    """Whoever writes to `table` waits until the block ends."""
    async with connection.transaction():
        await connection.execute(f"LOCK TABLE {table} IN SHARE MODE")
        yield


WAITS = "SELECT count(*) > 0 FROM pg_locks WHERE NOT granted AND relation = $1::text::regclass"
# One that was given up would stay.
NO_JOB_IS_LEFT = "SELECT count(*) = 0 FROM jobs.pgqueuer"


async def until_true(connection: asyncpg.Connection, question: str, *values: object) -> None:
    """Wait until the database says so."""
    async with asyncio.timeout(LATEST_SECONDS):
        while True:
            if await connection.fetchval(question, *values):
                return
            await asyncio.sleep(0.02)


async def let_time_pass(connection: asyncpg.Connection) -> None:
    """Make it as late as if the dead worker's last sign of life were long ago."""
    await connection.execute(
        "UPDATE jobs.pgqueuer SET heartbeat = heartbeat - $1::interval WHERE status = 'picked'",
        2 * HEARTBEAT,
    )


async def test_a_worker_killed_in_the_middle_of_a_fan_out(
    database_of_its_own: str, base: Path
) -> None:
    async with Database(database_of_its_own) as database:
        author = await make_account(database, "author")
        followers = [await make_account(database, f"reader{n}") for n in range(FOLLOWERS)]
        for follower in followers:
            await make_follow(database, follower, author)
        posted = [
            await make_status(database, author, f"Number {n} for @reader{n} and @reader0")
            for n in range(1, STATUSES + 1)
        ]
    connection = await asyncpg.connect(database_of_its_own)
    blocker = await asyncpg.connect(database_of_its_own)
    try:
        # Killed while it lays out home timelines, then while it tells people.
        for table in ("home_entries", "notifications"):
            async with held_up(blocker, table):
                with worker(base, database_of_its_own) as process:
                    await until_true(connection, WAITS, table)
                    process.send_signal(signal.SIGKILL)
                    process.wait()
            left = await connection.fetchval(
                "SELECT count(*) FROM jobs.pgqueuer WHERE status = 'picked'"
            )
            assert left > 0, "it died with work in its hands"
            await let_time_pass(connection)
        with worker(base, database_of_its_own):
            await until_true(connection, NO_JOB_IS_LEFT)

        homes = await connection.fetch("SELECT account_id, status_id FROM home_entries")
        told = await connection.fetch("SELECT type, account_id, status_id FROM notifications")
    finally:
        await blocker.close()
        await connection.close()

    everybody = [author, *followers]
    assert sorted(map(tuple, homes)) == sorted(
        (account.id, status_id) for account in everybody for status_id in posted
    )
    expected: list[tuple[str, int, int | None]] = [("follow", author.id, None)] * FOLLOWERS
    for n, status_id in enumerate(posted, start=1):
        expected += [("mention", followers[who].id, status_id) for who in (0, n)]
    assert sorted(map(repr, map(tuple, told))) == sorted(map(repr, expected))
