"""Tag follows: reading at home what anybody says to everybody about something."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock, ids
from app.database import Reader
from app.domain import events
from app.domain.statuses import tags
from app.models.relationships.tag_follows import TagFollow
from app.pagination import Listing, Page


async def follow(session: AsyncSession, account_id: int, name: str) -> None:
    """Follow a tag, also one that nobody used yet. Twice is once.

    Raises:
        NotFound: no tag can have that name.
    """
    tag_id = await tags.ensure_named(session, name)
    created = await session.scalar(
        insert(TagFollow)
        .values(id=ids.new(), created_at=clock.now(), account_id=account_id, tag_id=tag_id)
        .on_conflict_do_nothing()
        .returning(col(TagFollow.id))
    )
    if created is not None:
        await events.record(session, "tag.followed", account_id=account_id, tag_id=tag_id)


async def unfollow(session: AsyncSession, account_id: int, name: str) -> None:
    """Follow a tag no longer. Twice is once.

    Raises:
        NotFound: no tag can have that name.
    """
    tag_id = await tags.ensure_named(session, name)
    deleted = await session.scalar(
        delete(TagFollow)
        .where(col(TagFollow.account_id) == account_id, col(TagFollow.tag_id) == tag_id)
        .returning(col(TagFollow.id))
    )
    if deleted is not None:
        await events.record(session, "tag.unfollowed", account_id=account_id, tag_id=tag_id)


async def followed(reader: Reader, viewer: int, page: Page) -> Sequence[Any]:
    """The tags the viewer follows, the latest follow first."""
    return await _FOLLOWED.read(reader, viewer, page)


_FOLLOWED = Listing(
    """
    SELECT f.id AS cursor, t.id, t.name, t.display_name
    FROM tag_follows f JOIN tags t ON t.id = f.tag_id
    WHERE f.account_id = $1 AND f.id < $2 AND f.id > $3
    ORDER BY f.id {direction} LIMIT $4
    """
)
