"""`hardop keys`."""

import asyncio
import sys
from datetime import datetime
from typing import Annotated

import typer
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock, settings
from app.cli.transactions import in_transaction
from app.database import SessionReader
from app.domain.identity import signing_keys
from app.domain.moderation import audit
from app.domain.moderation.audit import COMMAND
from app.domain.notifications import push_subscriptions, vapid_keys
from app.domain.timelines import websub_subscriptions
from app.errors import CannotStart
from app.settings import Settings
from search.meilisearch_administration import MeilisearchIndexes, NotAccepted

keys = typer.Typer(
    help="Look after the keys that sign JWT access tokens and push messages, and those for search.",
    no_args_is_help=True,
)


@keys.callback()
def _keys() -> None:
    """Look after the keys that sign JWT access tokens and push messages, and those for search."""


@keys.command()
def rotate(
    now: Annotated[
        bool,
        typer.Option("--now", help="A key was stolen: withdraw the old ones at once."),
    ] = False,
) -> None:
    """Make a new signing key. It is published at once and signs from tomorrow.

    With --now it signs at once and the JWTs of the old ones are worth nothing; clients refresh. The
    key that push messages are signed with goes too, and with it what was subscribed; so do WebSub
    subscriptions with a secret.
    """

    async def act(session: AsyncSession, found: Settings) -> datetime:
        reader = SessionReader(session)
        if now:
            await vapid_keys.forget(reader)
            await websub_subscriptions.forget(reader)
        else:
            await vapid_keys.renew(reader, found)
            await push_subscriptions.renew(reader, found)
            await websub_subscriptions.renew(reader, found)
        await audit.record(session, COMMAND, "rotate", "signing_key", None, at_once=now)
        return await signing_keys.rotate(session, found, at_once=now)

    active_from = in_transaction(act)
    typer.echo(f"The new key signs from {clock.iso(active_from)}.")


@keys.command()
def search() -> None:
    """Make the keys with which Hardop uses Meilisearch, and print them as settings.

    Each can do no more than it has to. Asks for the master key, or reads it from standard input;
    it is not kept. Run again, the keys are the same.
    """
    found = settings.load()
    if found.meilisearch_url is None:
        raise CannotStart("Set HARDOP_MEILISEARCH_URL first.")
    if sys.stdin.isatty():
        master_key = typer.prompt("Master key of Meilisearch", hide_input=True, err=True)
    else:
        master_key = sys.stdin.readline()
    indexes = MeilisearchIndexes(
        found.meilisearch_url, master_key.strip(), found.meilisearch_prefix
    )
    try:
        made = asyncio.run(indexes.keys())
    except NotAccepted as error:
        raise CannotStart(f"Meilisearch makes no keys: {error}.") from None
    typer.echo(f"HARDOP_MEILISEARCH_SEARCH_KEY={made.search}")
    typer.echo(f"HARDOP_MEILISEARCH_INDEX_KEY={made.index}")
