"""Mutes: not wanting to hear somebody, who is not told."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import or_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock, ids
from app.database import Reader
from app.domain import events
from app.domain.accounts import accounts
from app.domain.timelines import home_entries
from app.models.relationships.mutes import Mute
from app.pagination import Listing, Page


async def mute(
    session: AsyncSession,
    account_id: int,
    target_account_id: int,
    *,
    hide_notifications: bool,
    duration_seconds: int,
) -> None:
    """Leave somebody out of what the account comes across, for a while or (0 seconds) for good.

    Again, it takes the new duration and choice. Muting oneself does nothing.
    """
    if account_id == target_account_id:
        return
    now = clock.now()
    expires_at = now + timedelta(seconds=duration_seconds) if duration_seconds else None
    given = {"hide_notifications": hide_notifications, "expires_at": expires_at}
    changed = await session.scalar(
        insert(Mute)
        .values(
            id=ids.new(now),
            created_at=now,
            account_id=account_id,
            target_account_id=target_account_id,
            **given,
        )
        .on_conflict_do_update(
            index_elements=[col(Mute.account_id), col(Mute.target_account_id)],
            set_=given,
            where=or_(
                *(getattr(Mute, name).is_distinct_from(value) for name, value in given.items())
            ),
        )
        .returning(col(Mute.id))
    )
    if changed is not None:
        await events.record(
            session, "mute.created", account_id=account_id, target_account_id=target_account_id
        )


async def unmute(session: AsyncSession, account_id: int, target_account_id: int) -> None:
    """Hear them again. Twice is once."""
    deleted = await session.scalar(
        delete(Mute)
        .where(
            col(Mute.account_id) == account_id,
            col(Mute.target_account_id) == target_account_id,
        )
        .returning(col(Mute.id))
    )
    if deleted is not None:
        await events.record(
            session, "mute.deleted", account_id=account_id, target_account_id=target_account_id
        )


async def muted(reader: Reader, viewer: int, page: Page) -> Sequence[Any]:
    """Thin rows of whom the viewer mutes, the latest mute first; `expires_at` in each."""
    return await _MUTED.read(reader, viewer, page)


_MUTED = Listing(
    f"""
    SELECT b.id AS cursor, b.expires_at, {accounts.COLUMNS}
    FROM mutes b JOIN accounts a ON a.id = b.target_account_id
    WHERE b.account_id = $1 AND b.id < $2 AND b.id > $3 AND a.suspended_at IS NULL
      AND (b.expires_at IS NULL OR b.expires_at > now())
    ORDER BY b.id {{direction}} LIMIT $4
    """
)

_OVER = "SELECT id, account_id, target_account_id FROM mutes WHERE expires_at <= now()"
_END = "DELETE FROM mutes WHERE id = ANY($1::bigint[]) AND expires_at <= now()"


async def end_expired(reader: Reader) -> None:
    """Sweep up the mutes whose time is over, and bring home again whom they were about.

    They count as none already. A worker that dies in between begins anew.
    """
    over = await reader.fetch(_OVER)
    for row in over:
        await home_entries.fill(reader, row["account_id"], row["target_account_id"])
    await reader.fetch(_END, [row["id"] for row in over])
