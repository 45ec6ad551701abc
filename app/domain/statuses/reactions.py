"""Reactions: an emoji under a status, with a meaning the organisation gives it."""

from collections.abc import Sequence
from typing import Any

import regex
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock, ids
from app.database import Reader
from app.domain import events
from app.domain.accounts import accounts
from app.domain.relationships.hidden_authors import wanted_by
from app.domain.statuses import counters, statuses
from app.errors import Unprocessable
from app.models.accounts.accounts import Account
from app.models.instance.custom_emojis import CustomEmoji
from app.models.statuses.reactions import Reaction
from app.models.statuses.statuses import Status
from app.pagination import Listing, Page

# How many different reactions one account may put under one status; announced to clients.
MAX_PER_ACCOUNT = 8

# One character as people count them, with a picture in it or a keycap.
_EMOJI = regex.compile(
    r"(?=.*[\p{Emoji_Presentation}\p{Extended_Pictographic}\p{RI}]|[0-9#*]\uFE0F?\u20E3)\X"
)


async def react(session: AsyncSession, account: Account, status_id: int, name: str) -> None:
    """Put an emoji under a status the account may read. Twice is once.

    Raises:
        Unprocessable: not an emoji known here, or too many by this account.
    """
    name = await known(session, name)
    used: int = (
        await session.scalar(
            select(func.count())
            .select_from(Reaction)
            .where(
                col(Reaction.account_id) == account.id,
                col(Reaction.status_id) == status_id,
                col(Reaction.name) != name,
            )
        )
        or 0
    )
    if used >= MAX_PER_ACCOUNT:
        raise Unprocessable(
            f"Validation failed: Only {MAX_PER_ACCOUNT} different reactions to a status are "
            "possible"
        )
    created = await session.scalar(
        insert(Reaction)
        .values(
            id=ids.new(),
            created_at=clock.now(),
            account_id=account.id,
            status_id=status_id,
            name=name,
        )
        .on_conflict_do_nothing()
        .returning(col(Reaction.id))
    )
    if created is not None:
        await counters.count(session, status_id, Status.reactions_count, by=1)
        await events.record(
            session, "reaction.created", status_id=status_id, account_id=account.id, emoji=name
        )


async def unreact(session: AsyncSession, account: Account, status_id: int, name: str) -> None:
    """Take an emoji away again; without it, nothing happens."""
    await statuses.hold(session, status_id)
    taken = await session.scalar(
        delete(Reaction)
        .where(
            col(Reaction.account_id) == account.id,
            col(Reaction.status_id) == status_id,
            col(Reaction.name) == name.strip(":"),
        )
        .returning(col(Reaction.id))
    )
    if taken is not None:
        await counters.count(session, status_id, Status.reactions_count, by=-1)
        await events.record(
            session,
            "reaction.deleted",
            status_id=status_id,
            account_id=account.id,
            emoji=name.strip(":"),
        )


async def reacted_by(
    reader: Reader, viewer: int, status_id: int, name: str | None, page: Page
) -> Sequence[Any]:
    """Thin rows of who reacted, with `name` or at all; `name` in each, latest first."""
    return await _REACTED_BY.read(reader, viewer, page, status_id, name)


_REACTED_BY = Listing(
    f"""
    SELECT m.id AS cursor, m.name, {accounts.COLUMNS}
    FROM reactions m JOIN accounts a ON a.id = m.account_id
    WHERE m.status_id = $5 AND m.id < $2 AND m.id > $3
      AND ($6::text IS NULL OR m.name = $6)
      AND a.suspended_at IS NULL AND {wanted_by("$1", "a.id")}
    ORDER BY m.id {{direction}} LIMIT $4
    """
)


async def known(session: AsyncSession, name: str) -> str:
    """The emoji, or the shortcode of a custom one, without colons.

    Raises:
        Unprocessable: not an emoji known here.
    """
    name = name.strip(":")
    if _EMOJI.fullmatch(name):
        return name
    custom: str | None = await session.scalar(
        select(CustomEmoji.shortcode).where(col(CustomEmoji.shortcode) == name)
    )
    if custom is None:
        raise Unprocessable("Validation failed: Name is not a recognized emoji")
    return custom
