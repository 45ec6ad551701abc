"""How a command comes to a database: the one that is named, or the embedded one."""

import asyncio
import os
import random
import ssl
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar
from urllib.parse import urlsplit

import asyncpg
import typer

from app import embedded_postgres, settings
from app.errors import CannotStart
from app.settings import Settings

Result = TypeVar("Result")

OLDEST_VERSION = 15

_CONNECT_SECONDS = 5.0
_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 10.0

# Waiting does not help against these.
_WRONG = (
    asyncpg.InvalidAuthorizationSpecificationError,  # and its subclass for a wrong password
    asyncpg.InvalidCatalogNameError,
    asyncpg.InsufficientPrivilegeError,
    asyncpg.ClientConfigurationError,
    ssl.SSLError,
    ValueError,
)
# The database is away, starting, stopping or full. The last is what asyncpg's pool raises for a
# connection that broke while it was in use.
AWAY = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)


@contextmanager
def connected(found: Settings, *, patient: bool = False) -> Iterator[Settings]:
    """`found` with the URL of a database that answers, while the block lasts.

    `patient`: wait a while for a database that is away (OP-3), before saying so.

    Raises:
        CannotStart: the database is away, refuses us or is too old.
    """
    if found.database_url is None:
        with embedded_postgres.running(found.data_dir) as dsn:
            yield found.model_copy(update={"database_url": dsn})
        return
    patience = found.database_wait_seconds if patient else 0.0
    try:
        asyncio.run(_wait(found.database_url, patience))
    except AWAY as error:
        raise CannotStart(
            f"The database at {place(found.database_url)} does not answer: {reason(error)}. "
            "Start it, or correct HARDOP_DATABASE_URL."
        ) from None
    yield found


def run(action: Callable[[Settings], Awaitable[Result]]) -> Result:
    """What `action` returns, given settings with a database that is there and up to date.

    For commands that read or write: the embedded database is started and migrated if need be.

    Raises:
        CannotStart: the database is away, refuses us, or a newer or older schema is in it.
    """
    found = settings.load()
    is_embedded = found.database_url is None

    async def act(ready: Settings) -> Result:
        await _check_schema(ready.database_url or "", may_migrate=is_embedded)
        return await action(ready)

    with connected(found) as ready:
        return asyncio.run(act(ready))


async def check(database_url: str) -> None:
    """Connect once, and say clearly what is wrong for good.

    Raises:
        CannotStart: the database refuses us, or is too old.
        OSError, asyncpg.PostgresError, asyncpg.InterfaceError: it is away for now.
    """
    try:
        connection = await asyncpg.connect(database_url, timeout=_CONNECT_SECONDS)
    except _WRONG as error:
        raise CannotStart(
            f"The database at {place(database_url)} refuses: {reason(error)}. "
            "Correct HARDOP_DATABASE_URL."
        ) from None
    try:
        version = connection.get_server_version().major
    finally:
        connection.terminate()
    if version < OLDEST_VERSION:
        raise CannotStart(
            f"The database at {place(database_url)} is PostgreSQL {version}; "
            f"version {OLDEST_VERSION} or newer is needed."
        )


def place(database_url: str) -> str:
    """`host:port/name` of a database; never its password."""
    try:
        parts = urlsplit(database_url)
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.hostname or 'a local socket'}{port}{parts.path}"
    except ValueError:
        return "HARDOP_DATABASE_URL"


def reason(error: Exception) -> str:
    """One line about `error`."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, OSError) and error.errno:
        # Those of name resolution are negative, and their text is only here.
        return os.strerror(error.errno) if error.errno > 0 else error.strerror or str(error)
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__


async def _wait(database_url: str, patience_seconds: float) -> None:
    """Return when the database answers; raises as `check` if it does not in time."""
    deadline = time.monotonic() + patience_seconds
    pause = _FIRST_PAUSE_SECONDS
    is_told = False
    while True:
        try:
            return await check(database_url)
        except AWAY as error:
            # Spread, so that many servers do not all come at the same moment.
            now = pause * random.uniform(0.75, 1.25)  # noqa: S311 - no secret
            if time.monotonic() + now > deadline:
                raise
            if not is_told:
                typer.echo(
                    f"Waiting for the database at {place(database_url)}: {reason(error)}. "
                    f"Trying for {patience_seconds:g} s.",
                    err=True,
                )
            is_told = True
            await asyncio.sleep(now)
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)


async def _check_schema(database_url: str, *, may_migrate: bool) -> None:
    # Here and not above: SQLAlchemy and Alembic double the start of commands without a database.
    from app import migrate

    if await migrate.current(database_url) == migrate.head():
        return
    if not may_migrate:
        raise CannotStart("The database has another schema than this version. Run: hardop migrate")
    await migrate.migrate(database_url)
