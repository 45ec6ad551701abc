"""`hardop migrate`."""

import asyncio

import typer
from alembic.util import CommandError

from app import migrate as migrations
from app import settings
from app.cli.connecting import connected
from app.errors import CannotStart


def migrate() -> None:
    """Bring the database to the newest schema."""
    with connected(settings.load()) as found:
        try:
            asyncio.run(_migrate(found.database_url or ""))
        except CommandError:
            raise CannotStart(
                "The schema of the database is newer than this version of hardop. "
                "Install the newer version, or restore a backup."
            ) from None


async def _migrate(dsn: str) -> None:
    before = await migrations.current(dsn)
    if before == migrations.head():
        typer.echo(f"The schema is up to date ({before}).")
        return
    await migrations.migrate(dsn)
    typer.echo(f"The schema went from {before or 'nothing'} to {migrations.head()}.")
