"""`hardop keys`."""

from datetime import datetime
from typing import Annotated

import typer
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock
from app.cli.transactions import in_transaction
from app.domain.identity import signing_keys
from app.settings import Settings

keys = typer.Typer(help="Look after the keys that sign JWT access tokens.", no_args_is_help=True)


@keys.callback()
def _keys() -> None:
    """Look after the keys that sign JWT access tokens."""


@keys.command()
def rotate(
    now: Annotated[
        bool,
        typer.Option("--now", help="A key was stolen: withdraw the old ones at once."),
    ] = False,
) -> None:
    """Make a new signing key. It is published at once and signs from tomorrow.

    With --now it signs at once and the JWTs of the old ones are worth nothing; clients refresh.
    """

    async def act(session: AsyncSession, settings: Settings) -> datetime:
        return await signing_keys.rotate(session, settings, at_once=now)

    active_from = in_transaction(act)
    typer.echo(f"The new key signs from {clock.iso(active_from)}.")
