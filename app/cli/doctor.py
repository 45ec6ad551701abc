"""`hardop doctor`."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta

import asyncpg
import httpx
import typer

from app import migrate, settings
from app.cli.connecting import connected, place
from app.errors import CannotStart
from app.settings import Settings
from search.meilisearch_administration import MeilisearchIndexes, NotAccepted

_SLOW = timedelta(minutes=5)
_SEARCH_SECONDS = 3.0

_QUEUE = """
SELECT count(*) FILTER (WHERE status = 'failed') AS failed,
       count(*) FILTER (WHERE status = 'queued' AND execute_after <= now()) AS due,
       max(now() - execute_after) FILTER (WHERE status = 'queued') AS oldest
FROM jobs.pgqueuer
"""


@dataclass(frozen=True, slots=True)
class _Finding:
    """What one check saw; `advice` is what to do, and empty when all is well."""

    subject: str
    text: str
    advice: str = ""


def doctor() -> None:
    """Check configuration, database, schema, queue and search."""
    show = _Report()
    try:
        found = settings.load()
        called = found.base_url or "what it listens on (HARDOP_BASE_URL is not set)"
        show(_Finding("configuration", f"complete; clients call this server {called}"))
        show(_secret(found))
        if found.database_url is None and not (found.data_dir / "postgresql").exists():
            show(_Finding("database", "none yet, `hardop serve` makes one"))
            return
        with connected(found) as ready:
            asyncio.run(_look(ready, show, is_named=found.database_url is not None))
    except CannotStart as error:
        show(_Finding("start", "is not possible", str(error)))
    if show.problems:
        raise typer.Exit(1)


class _Report:
    """Prints findings and counts the bad ones."""

    def __init__(self) -> None:
        self.problems = 0

    def __call__(self, finding: _Finding) -> None:
        self.problems += bool(finding.advice)
        sign = "PROBLEM" if finding.advice else "ok"
        typer.echo(f"{sign:8} {finding.subject}: {finding.text}")
        if finding.advice:
            typer.echo(f"         {finding.advice}")


def _secret(found: Settings) -> _Finding:
    settings.secret_key(found)
    where = "HARDOP_SECRET_KEY" if found.secret_key else str(found.data_dir / "secret_key")
    return _Finding("secret key", f"in {where}")


async def _look(found: Settings, show: Callable[[_Finding], None], *, is_named: bool) -> None:
    dsn = found.database_url or ""
    async for finding in _database(dsn, is_named=is_named):
        show(finding)
    show(await _search(found))


async def _database(dsn: str, *, is_named: bool) -> AsyncIterator[_Finding]:
    connection = await asyncpg.connect(dsn, timeout=5)
    try:
        version = await connection.fetchval("SHOW server_version")
        # The embedded one has no password, and who makes a backup needs all of the rest.
        where = place(dsn) if is_named else dsn
        yield _Finding("database", f"PostgreSQL {version} at {where}")
        here, newest = await migrate.current(dsn), migrate.head()
        if here != newest:
            yield _Finding("schema", f"{here or 'none'} instead of {newest}", "Run: hardop migrate")
            return
        yield _Finding("schema", f"up to date ({here})")
        yield await _queue(connection)
    finally:
        await connection.close()


async def _queue(connection: "asyncpg.Connection[asyncpg.Record]") -> _Finding:
    row = await connection.fetchrow(_QUEUE)
    assert row is not None, "an aggregate has a row"
    text = f"{row['due']} jobs due, {row['failed']} failed"
    if row["oldest"] is not None and row["oldest"] > _SLOW:
        return _Finding(
            "queue", f"{text}, the oldest waits since {row['oldest']}", "Run: hardop worker"
        )
    if row["failed"]:
        return _Finding("queue", text, "The log of the worker says why they failed.")
    return _Finding("queue", text)


async def _search(found: Settings) -> _Finding:
    if found.meilisearch_url is None:
        return _Finding("search", "by PostgreSQL")
    url = f"{found.meilisearch_url.rstrip('/')}/health"
    try:
        async with httpx.AsyncClient(timeout=_SEARCH_SECONDS, trust_env=False) as client:
            (await client.get(url)).raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return _Finding(
            "search",
            f"Meilisearch does not answer ({type(error).__name__})",
            "Start it, or correct HARDOP_MEILISEARCH_URL. PostgreSQL answers meanwhile.",
        )
    indexes = MeilisearchIndexes(
        found.meilisearch_url, found.meilisearch_index_key, found.meilisearch_prefix
    )
    try:
        is_built = await indexes.are_ready()
    except NotAccepted as error:
        return _Finding(
            "search",
            f"Meilisearch refuses our index key ({error})",
            "Make keys with `hardop keys search` and set both. PostgreSQL answers meanwhile.",
        )
    if not is_built:
        return _Finding(
            "search",
            "Meilisearch has no indexes of ours",
            "The worker builds them; `hardop reindex` does it now. PostgreSQL answers meanwhile.",
        )
    return _Finding("search", "by Meilisearch")
