"""Databases for tests: copied from a migrated template, emptied after each test."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from app.database import Database

TEMPLATE = "test_template"

# Any number, the same in all xdist workers.
_LOCK = 77_001

_EMPTY = """
DO $$
DECLARE one record;
BEGIN
    -- Cheaper than TRUNCATE on small tables; triggers off, so that the order does not matter.
    SET LOCAL session_replication_role = replica;
    FOR one IN
        SELECT schemaname, relname FROM pg_stat_user_tables
        WHERE relname <> 'alembic_version' AND pg_relation_size(relid) > 0
    LOOP
        EXECUTE format('DELETE FROM %I.%I', one.schemaname, one.relname);
    END LOOP;
END $$
"""

_WAITS = """
SELECT count(*) > 0 FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


def named(dsn: str, database: str) -> str:
    """The same server, another database."""
    return urlunsplit(urlsplit(dsn)._replace(path=f"/{database}"))


async def create_from_template(
    dsn: str, name: str, migrate: Callable[[str], Awaitable[None]]
) -> str:
    """The DSN of a fresh database with the newest schema, made in milliseconds."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
        if not await connection.fetchval(
            "SELECT true FROM pg_database WHERE datname = $1", TEMPLATE
        ):
            await connection.execute(f"CREATE DATABASE {TEMPLATE}")
            await migrate(named(dsn, TEMPLATE))
        await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    finally:
        await connection.close()
    return named(dsn, name)


async def until_blocked(database: Database, task: asyncio.Task[Any]) -> None:
    """Until what `task` asked for waits for somebody's lock, or the task has ended."""
    while not task.done() and not (await database.fetch(_WAITS))[0][0]:  # noqa: ASYNC110
        await asyncio.sleep(0.01)


async def empty(database: Database) -> None:
    """Delete all rows of all tables."""
    await database.fetch(_EMPTY)
