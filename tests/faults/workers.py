"""`hardop worker` as a process of its own, on a database of its own, watched while it works."""

import asyncio
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import asyncpg

from app.media_store import FolderStore
from app.settings import Settings
from app.workers.runner import HEARTBEAT
from tests.processes import HARDOP, clean_environment

LATEST_SECONDS = 30.0

_WAITS = "SELECT count(*) > 0 FROM pg_locks WHERE NOT granted AND relation = $1::text::regclass"
_HOLD_NOTES = "SELECT FROM jobs.pgqueuer FOR UPDATE"
# One that was given up would stay.
NO_JOB_IS_LEFT = "SELECT count(*) = 0 FROM jobs.pgqueuer"


class Workplace:
    """Where workers are started and killed. `connection` looks on, `blocker` stands in the way."""

    def __init__(
        self, dsn: str, base: Path, connection: asyncpg.Connection, blocker: asyncpg.Connection
    ) -> None:
        self.dsn = dsn
        self.connection = connection
        self._base = base
        self._blocker = blocker
        self._settings = Settings(_env_file=None, data_dir=base / "data", database_url=dsn)

    @property
    def store(self) -> FolderStore:
        """Where its workers find uploads."""
        return FolderStore(self.media)

    @property
    def media(self) -> Path:
        """The folder of the store."""
        return self._settings.media_dir

    @contextmanager
    def worker(self, **settings: str) -> Iterator["subprocess.Popen[bytes]"]:
        """A worker, which nobody lets finish."""
        environment = clean_environment(
            HARDOP_DATA_DIR=str(self._base / "data"), HARDOP_DATABASE_URL=self.dsn, **settings
        )
        with (self._base / "worker.log").open("ab") as output:
            process = subprocess.Popen(
                [HARDOP, "worker"],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self._base,
                env=environment,
            )
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    async def kill_while_it_writes_to(self, table: str, **settings: str) -> None:
        """Start a worker, and kill it in the middle of a transaction."""
        async with self.held_up(table):
            with self.worker(**settings) as process:
                await self.until(_WAITS, table)
                process.send_signal(signal.SIGKILL)
                process.wait()
        await self._let_time_pass()

    async def kill_when(self, done: str, *, waiting: str, **settings: str) -> None:
        """Start a worker, and kill it when the work is committed, but not ticked off.

        It begins what writes to the table `waiting`; then `done` is true in the end.
        """
        ticks = await asyncpg.connect(self.dsn)
        try:
            with self.worker(**settings) as process:
                async with ticks.transaction():
                    async with self.held_up(waiting):
                        await self.until(_WAITS, waiting)
                        await ticks.execute(_HOLD_NOTES)
                    await self.until(done)
                    process.send_signal(signal.SIGKILL)
                    process.wait()
        finally:
            await ticks.close()
        await self._let_time_pass()

    async def die(self, **settings: str) -> None:
        """Start a worker that dies of what it does."""
        with self.worker(**settings) as process:
            code = await asyncio.to_thread(process.wait, LATEST_SECONDS)
            assert code == -signal.SIGKILL, (self._base / "worker.log").read_text()
        await self._let_time_pass()

    async def finish(self, **settings: str) -> None:
        """Let a worker do what is left."""
        with self.worker(**settings):
            await self.until(NO_JOB_IS_LEFT)

    @asynccontextmanager
    async def held_up(self, table: str) -> AsyncIterator[None]:
        """Whoever writes to `table` waits until the block ends."""
        async with self._blocker.transaction():
            await self._blocker.execute(f"LOCK TABLE {table} IN SHARE MODE")
            yield

    async def until(self, question: str, *values: object) -> None:
        """Wait until the database says so."""
        async with asyncio.timeout(LATEST_SECONDS):
            while True:
                if await self.connection.fetchval(question, *values):
                    return
                await asyncio.sleep(0.02)

    async def _let_time_pass(self) -> None:
        """Make it as late as if the dead worker's last sign of life were long ago."""
        left = await self.connection.fetch(
            "UPDATE jobs.pgqueuer SET heartbeat = heartbeat - $1::interval "
            "WHERE status = 'picked' RETURNING id",
            2 * HEARTBEAT,
        )
        assert left, "it died with work in its hands"
