"""Announcements: what the organisation tells everybody, until it is dismissed or over."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete, func, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock, ids
from app.database import Reader
from app.domain import events
from app.domain.moderation import audit
from app.domain.moderation.audit import Actor
from app.domain.statuses import reactions, text
from app.errors import Invalid, NotFound, Unprocessable
from app.models.instance.announcements import (
    Announcement,
    AnnouncementDismissal,
    AnnouncementReaction,
)

# How many different emojis an announcement can be answered with.
MAX_REACTIONS: Final = 8
MAX_LENGTH: Final = 5000

_ROWS = """
SELECT n.id, n.text, n.all_day, n.starts_at, n.ends_at, n.published_at, n.updated_at,
       d.account_id IS NOT NULL AS read,
       (SELECT json_agg(json_build_object('name', r.name, 'count', r.n, 'me', r.me)
                        ORDER BY r.first_id)
        FROM (
            SELECT name, count(*) AS n, bool_or(account_id = $1) AS me, min(id) AS first_id
            FROM announcement_reactions WHERE announcement_id = n.id GROUP BY name
        ) r)::text AS reactions
FROM announcements n
LEFT JOIN announcement_dismissals d ON d.announcement_id = n.id AND d.account_id = $1
"""

_CURRENT = f"""
{_ROWS}
WHERE n.published_at <= $2 AND (n.ends_at IS NULL OR n.ends_at > $2)
  AND ($3 OR d.account_id IS NULL)
ORDER BY coalesce(n.starts_at, n.published_at), n.id
"""

_BY_IDS = f"""
{_ROWS}
WHERE n.id = ANY($3::bigint[]) AND n.published_at <= $2
"""

_COUNTS = """
SELECT n.id, r.emoji, count(x.id) AS count
FROM unnest($1::bigint[], $2::text[]) AS r (id, emoji)
JOIN announcements n ON n.id = r.id
LEFT JOIN announcement_reactions x ON x.announcement_id = n.id AND x.name = r.emoji
GROUP BY n.id, r.emoji
"""

_EVERYTHING = """
SELECT id, text, all_day, starts_at, ends_at, published_at, updated_at
FROM announcements ORDER BY published_at DESC, id DESC
"""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be told. Without `published_at`, at once."""

    text: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    all_day: bool = False
    published_at: datetime | None = None


async def current(reader: Reader, viewer: int, *, with_dismissed: bool) -> Sequence[Any]:
    """Rows of the announcements that are not over, earliest first, with `read` and reactions."""
    return await reader.fetch(_CURRENT, viewer, clock.now(), with_dismissed)


async def by_ids(reader: Reader, announcement_ids: Collection[int]) -> Sequence[Any]:
    """Rows of those of these that are out, as somebody sees them who did nothing about them."""
    return await reader.fetch(_BY_IDS, 0, clock.now(), list(announcement_ids))


async def counts(
    reader: Reader, reactions: Collection[tuple[int, str]]
) -> dict[tuple[int, str], int]:
    """`{(announcement_id, emoji): how often it was given}`, where the announcement is there."""
    given = list(set(reactions))
    rows = await reader.fetch(_COUNTS, [id_ for id_, _ in given], [emoji for _, emoji in given])
    return {(row["id"], row["emoji"]): row["count"] for row in rows}


async def everything(reader: Reader) -> Sequence[Any]:
    """Rows of all of them, those over and those to come too, the latest first."""
    return await reader.fetch(_EVERYTHING)


async def announce(session: AsyncSession, actor: Actor, draft: Draft) -> Announcement:
    """Tell everybody something, now or from a later moment on.

    Raises:
        Invalid: no words or too many, or it ends before it begins.
    """
    now = clock.now()
    announcement = Announcement(
        created_at=now,
        updated_at=now,
        text=draft.text,
        starts_at=draft.starts_at,
        ends_at=draft.ends_at,
        all_day=draft.all_day,
        published_at=draft.published_at or now,
    )
    _check(announcement)
    announcement.told = announcement.published_at <= now
    session.add(announcement)
    await audit.record(session, actor, "create", "announcement", announcement.id)
    if announcement.told:
        await events.record(session, "announcement.published", announcement_id=announcement.id)
    return announcement


async def change(
    session: AsyncSession, actor: Actor, announcement_id: int, given: Mapping[str, Any]
) -> Announcement:
    """Say it otherwise: `given` is `{name of a field of Draft: value}`.

    Raises:
        Invalid: no words or too many, or it ends before it begins.
        NotFound: there is no such announcement.
    """
    announcement = await _require(session, announcement_id, lock=True)
    now = clock.now()
    for name, value in given.items():
        setattr(announcement, name, value)
    announcement.updated_at = now
    _check(announcement)
    if announcement.told:
        announcement.told = announcement.published_at <= now
        is_over = announcement.ends_at is not None and announcement.ends_at <= now
        # It may have been put off, or ended, too.
        what: events.Name = "announcement.published"
        if is_over or not announcement.told:
            what = "announcement.deleted"
        await events.record(session, what, announcement_id=announcement_id)
    session.add(announcement)
    await audit.record(session, actor, "update", "announcement", announcement_id)
    return announcement


async def remove(session: AsyncSession, actor: Actor, announcement_id: int) -> None:
    """Tell it no longer.

    Raises:
        NotFound: there is no such announcement.
    """
    announcement = await _require(session, announcement_id, lock=True)
    await session.delete(announcement)
    await audit.record(session, actor, "destroy", "announcement", announcement_id)
    await events.record(session, "announcement.deleted", announcement_id=announcement_id)


async def publish_due(session: AsyncSession) -> None:
    """Tell streams of what has come out since they were last told."""
    due = await session.exec(
        update(Announcement)
        .where(col(Announcement.told).is_(False), col(Announcement.published_at) <= clock.now())
        .values(told=True)
        .returning(col(Announcement.id))
    )
    for announcement_id in due.scalars().all():
        await events.record(session, "announcement.published", announcement_id=announcement_id)


async def dismiss(session: AsyncSession, account_id: int, announcement_id: int) -> None:
    """Show it to this account no longer. Twice is once.

    Raises:
        NotFound: there is no such announcement.
    """
    await _require_out(session, announcement_id)
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
    await _require_out(session, announcement_id, lock=True)
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
    created = await session.scalar(
        insert(AnnouncementReaction)
        .values(
            id=ids.new(),
            created_at=clock.now(),
            account_id=account_id,
            announcement_id=announcement_id,
            name=name,
        )
        .on_conflict_do_nothing()
        .returning(col(AnnouncementReaction.id))
    )
    if created is not None:
        await _tell_of_reaction(session, announcement_id, name)


async def unreact(session: AsyncSession, account_id: int, announcement_id: int, name: str) -> None:
    """Take an emoji away again; without it, nothing happens.

    Raises:
        NotFound: there is no such announcement.
    """
    await _require_out(session, announcement_id)
    name = name.strip(":")
    taken = await session.scalar(
        delete(AnnouncementReaction)
        .where(
            col(AnnouncementReaction.account_id) == account_id,
            col(AnnouncementReaction.announcement_id) == announcement_id,
            col(AnnouncementReaction.name) == name,
        )
        .returning(col(AnnouncementReaction.id))
    )
    if taken is not None:
        await _tell_of_reaction(session, announcement_id, name)


async def _tell_of_reaction(session: AsyncSession, announcement_id: int, name: str) -> None:
    # Without who it was: streams tell everybody how many there are now.
    await events.record(
        session, "announcement.reacted", announcement_id=announcement_id, emoji=name
    )


async def _require(
    session: AsyncSession, announcement_id: int, *, lock: bool = False
) -> Announcement:
    announcement = await session.get(Announcement, announcement_id, with_for_update=lock)
    if announcement is None:
        raise NotFound
    return announcement


async def _require_out(session: AsyncSession, announcement_id: int, *, lock: bool = False) -> None:
    """Let those who only read come near what they can read (AZ-5)."""
    announcement = await _require(session, announcement_id, lock=lock)
    if announcement.published_at > clock.now():
        raise NotFound


def _check(announcement: Announcement) -> None:
    announcement.text = text.clean(announcement.text).strip()
    if not announcement.text:
        raise Invalid({"text": [("ERR_BLANK", "can't be blank")]})
    if len(announcement.text) > MAX_LENGTH:
        raise Invalid(
            {"text": [("ERR_TOO_LONG", f"is too long (maximum is {MAX_LENGTH} characters)")]}
        )
    starts, ends = announcement.starts_at, announcement.ends_at
    if starts is not None and ends is not None and ends < starts:
        raise Invalid({"ends_at": [("ERR_INVALID", "must be after it starts")]})
