"""Bringing a database to the newest schema, and writing the next migration.

`python -m app.migrate revision "What it does"` compares the tables with the migrations, in a
database of its own.
"""

import asyncio
import random
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

FOLDER = Path(__file__).parent.parent / "migrations"

# Any number, the same for all who migrate one database.
_LOCK = 4_827_361
# Of a revision, in the column that Alembic makes for it.
_MAX_NAME = 32


def head() -> str:
    """The newest revision this version of the code knows."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    assert newest is not None, "there are migrations"
    return newest


async def current(dsn: str) -> str | None:
    """The revision a database is at; None for an empty one."""

    def read(connection: Connection) -> str | None:
        return MigrationContext.configure(connection).get_current_revision()

    revision: str | None = await _on(dsn, read)
    return revision


async def migrate(dsn: str) -> None:
    """Bring the database at `dsn` to the newest schema.

    Several processes may call this at once: an advisory lock lets one work, and the others find
    nothing left to do (MG-1).
    """
    await alembic(dsn, lambda config: command.upgrade(config, "head"))


async def alembic(dsn: str, act: Callable[[Config], Any]) -> None:
    """Run an Alembic command on the database at `dsn`, alone."""
    guard = await asyncpg.connect(dsn)
    try:
        # Tried again and again, not waited for: whoever waits inside PostgreSQL holds a snapshot
        # open, and CREATE INDEX CONCURRENTLY waits for those.
        while not await guard.fetchval("SELECT pg_try_advisory_lock($1)", _LOCK):  # noqa: ASYNC110
            await asyncio.sleep(0.1 + random.random() / 10)  # noqa: S311 - only spreads retries

        def run(connection: Connection) -> None:
            config = _config()
            config.attributes["connection"] = connection
            act(config)

        await _on(dsn, run)
    finally:
        await guard.close()


async def _on(dsn: str, work: Callable[[Connection], Any]) -> Any:
    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=lambda: asyncpg.connect(dsn, server_settings={"lock_timeout": "10000"}),
    )
    try:
        # Begun and ended by Alembic, one transaction for each migration.
        async with engine.connect() as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config


def next_revision(message: str) -> str:
    """The name of the migration after the newest one: its number, and what it does."""
    words = re.sub(r"[^a-z0-9]+", "_", message.lower()).strip("_")
    return f"{int(head()[:4]) + 1:04}_{words}"[:_MAX_NAME].rstrip("_")


async def _write_revision(dsn: str, message: str) -> None:
    def write(config: Config) -> None:
        # Named for what it is: files in their order, and the same words in the database.
        config.set_main_option("file_template", "%%(rev)s")
        command.revision(config, message, autogenerate=True, rev_id=next_revision(message))

    await migrate(dsn)
    await alembic(dsn, write)


if __name__ == "__main__":
    import tempfile

    from app.embedded_postgres import running

    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        with running(Path(folder) / "data") as dsn:
            asyncio.run(_write_revision(dsn, sys.argv[2]))
