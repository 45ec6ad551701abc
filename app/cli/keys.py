"""`hardop keys`."""

from datetime import datetime
from typing import Annotated

import typer
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock
from app.cli.transactions import in_transaction
from app.database import SessionReader
from app.domain.identity import signing_keys
from app.domain.moderation import audit
from app.domain.moderation.audit import COMMAND
from app.domain.notifications import push_subscriptions, vapid_keys
from app.settings import Settings

keys = typer.Typer(
    help="Look after the keys that sign JWT access tokens and push messages.", no_args_is_help=True
)


@keys.callback()
def _keys() -> None:
    """Look after the keys that sign JWT access tokens and push messages."""


@keys.command()
def rotate(
    now: Annotated[
        bool,
        typer.Option("--now", help="A key was stolen: withdraw the old ones at once."),
    ] = False,
) -> None:
    """Make a new signing key. It is published at once and signs from tomorrow.

    With --now it signs at once and the JWTs of the old ones are worth nothing; clients refresh. The
    key that push messages are signed with goes too, and with it what was subscribed.
    """

    async def act(session: AsyncSession, settings: Settings) -> datetime:
        reader = SessionReader(session)
        if now:
            await vapid_keys.forget(reader)
        else:
            await vapid_keys.renew(reader, settings)
            await push_subscriptions.renew(reader, settings)
        await audit.record(session, COMMAND, "rotate", "signing_key", None, at_once=now)
        return await signing_keys.rotate(session, settings, at_once=now)

    active_from = in_transaction(act)
    typer.echo(f"The new key signs from {clock.iso(active_from)}.")
