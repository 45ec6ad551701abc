"""Announcements: what the organisation tells everybody, until it is dismissed or over."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock, ids
from app.database import Reader
from app.domain.statuses import reactions
from app.errors import NotFound, Unprocessable
from app.models.instance.announcements import (
    Announcement,
    AnnouncementDismissal,
    AnnouncementReaction,
)

# How many different emojis an announcement can be answered with.
MAX_REACTIONS: Final = 8

_CURRENT = """
SELECT n.id, n.text, n.all_day, n.starts_at, n.ends_at, n.created_at, n.updated_at,
       d.account_id IS NOT NULL AS read,
       (SELECT json_agg(json_build_object('name', r.name, 'count', r.n, 'me', r.me)
                        ORDER BY r.first_id)
        FROM (
            SELECT name, count(*) AS n, bool_or(account_id = $1) AS me, min(id) AS first_id
            FROM announcement_reactions WHERE announcement_id = n.id GROUP BY name
        ) r)::text AS reactions
FROM announcements n
LEFT JOIN announcement_dismissals d ON d.announcement_id = n.id AND d.account_id = $1
WHERE (n.ends_at IS NULL OR n.ends_at > $2) AND ($3 OR d.account_id IS NULL)
ORDER BY coalesce(n.starts_at, n.created_at), n.id
"""


async def current(reader: Reader, viewer: int, *, with_dismissed: bool) -> Sequence[Any]:
    """Rows of the announcements that are not over, earliest first, with `read` and reactions."""
    return await reader.fetch(_CURRENT, viewer, clock.now(), with_dismissed)


async def dismiss(session: AsyncSession, account_id: int, announcement_id: int) -> None:
    """Show it to this account no longer. Twice is once.

    Raises:
        NotFound: there is no such announcement.
    """
    await _require(session, announcement_id)
    await session.exec(
        insert(AnnouncementDismissal)
        .values(account_id=account_id, announcement_id=announcement_id, created_at=clock.now())
        .on_conflict_do_nothing()
    )


async def react(session: AsyncSession, account_id: int, announcement_id: int, name: str) -> None:
    """Answer an announcement with an emoji. Twice is once.

    Raises:
        NotFound: there is no such announcement.
        Unprocessable: not an emoji known here, or it has too many different ones already.
    """
    name = await reactions.known(session, name)
    # Locked, so that two people cannot both add the last one.
    await _require(session, announcement_id, lock=True)
    others: int = (
        await session.scalar(
            select(func.count(func.distinct(AnnouncementReaction.name))).where(
                col(AnnouncementReaction.announcement_id) == announcement_id,
                col(AnnouncementReaction.name) != name,
            )
        )
        or 0
    )
    if others >= MAX_REACTIONS:
        raise Unprocessable(
            f"Validation failed: Only {MAX_REACTIONS} different reactions are possible"
        )
    await session.exec(
        insert(AnnouncementReaction)
        .values(
            id=ids.new(),
            created_at=clock.now(),
            account_id=account_id,
            announcement_id=announcement_id,
            name=name,
        )
        .on_conflict_do_nothing()
    )


async def unreact(session: AsyncSession, account_id: int, announcement_id: int, name: str) -> None:
    """Take an emoji away again; without it, nothing happens.

    Raises:
        NotFound: there is no such announcement.
    """
    await _require(session, announcement_id)
    await session.exec(
        delete(AnnouncementReaction).where(
            col(AnnouncementReaction.account_id) == account_id,
            col(AnnouncementReaction.announcement_id) == announcement_id,
            col(AnnouncementReaction.name) == name.strip(":"),
        )
    )


async def _require(session: AsyncSession, announcement_id: int, *, lock: bool = False) -> None:
    if await session.get(Announcement, announcement_id, with_for_update=lock) is None:
        raise NotFound
