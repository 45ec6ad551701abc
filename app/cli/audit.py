"""`hardop audit`."""

import typer
from pydantic_core import to_json

from app.cli.connecting import run
from app.database import Database
from app.domain.moderation import audit as log
from app.errors import CannotStart
from app.settings import Settings

audit = typer.Typer(help="Read the audit log, and see that it is whole.", no_args_is_help=True)


@audit.command()
def verify() -> None:
    """Check that no entry was changed, removed or put in between.

    Keep what it prints: a later check that says a smaller number found the end cut off.
    """

    async def act(settings: Settings) -> tuple[int, bytes]:
        async with Database(settings.database_url or "", worker=True) as database:
            return await log.verify(database)

    try:
        count, last = run(act)
    except log.Broken as error:
        raise CannotStart(f"{error}.") from None
    typer.echo(f"{count} entries, all in order. The last is {last.hex()}.")


@audit.command()
def show() -> None:
    """Print every entry, the oldest first, as a line of JSON."""

    async def act(settings: Settings) -> None:
        async with Database(settings.database_url or "", worker=True) as database:
            async for entry in log.entries(database):
                typer.echo(to_json(entry).decode())

    run(act)
