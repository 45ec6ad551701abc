"""Featured tags: what somebody wants to be asked about."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete, func, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock, ids
from app.database import Reader, SessionReader
from app.domain.accounts import accounts
from app.domain.statuses import tags, text
from app.errors import Invalid, NotFound, Unprocessable
from app.models.accounts.accounts import Account
from app.models.accounts.featured_tags import FeaturedTag

# Announced to clients.
MAX_FEATURED: Final = 10
MAX_SUGGESTED: Final = 10

# What everybody may read of the account's own, with how often and when last.
_FEATURED = f"""
SELECT f.id, t.name, t.display_name, used.statuses_count, used.last_status_on
FROM featured_tags f
JOIN tags t ON t.id = f.tag_id
JOIN accounts a ON a.id = f.account_id
CROSS JOIN LATERAL (
    SELECT count(*) AS statuses_count,
           (max(s.created_at) AT TIME ZONE 'UTC')::date AS last_status_on
    FROM status_tags st JOIN statuses s ON s.id = st.status_id
    WHERE st.tag_id = f.tag_id AND s.account_id = f.account_id
      AND s.visibility IN ('public', 'unlisted')
) used
WHERE f.account_id = $1 AND a.suspended_at IS NULL AND {accounts.KNOWN}
  AND ($2::bigint IS NULL OR f.id = $2)
ORDER BY used.statuses_count DESC, t.name
"""

# Of the latest statuses only: what somebody talks about now.
_SUGGESTED = f"""
SELECT st.tag_id
FROM (SELECT id FROM statuses WHERE account_id = $1 ORDER BY id DESC LIMIT 1000) s
JOIN status_tags st ON st.status_id = s.id
WHERE NOT EXISTS (
    SELECT FROM featured_tags f WHERE f.account_id = $1 AND f.tag_id = st.tag_id)
GROUP BY st.tag_id ORDER BY count(*) DESC, max(st.status_id) DESC LIMIT {MAX_SUGGESTED}
"""


async def feature(session: AsyncSession, account: Account, name: str) -> int:
    """Show a tag on one's profile; the id of its place there.

    Twice is once, and confirms that one still wants to be asked about it.

    Raises:
        NotFound: no tag can have that name.
        Unprocessable: it is one too many.
    """
    tag_id = await tags.ensure_named(session, name)
    # One after the other, so that two requests cannot both take the last place.
    await session.refresh(account, with_for_update=True)
    created: int | None = await session.scalar(
        insert(FeaturedTag)
        .values(
            id=ids.new(),
            created_at=clock.now(),
            confirmed_at=clock.now(),
            account_id=account.id,
            tag_id=tag_id,
        )
        .on_conflict_do_nothing()
        .returning(col(FeaturedTag.id))
    )
    if created is None:
        place = await session.exec(
            update(FeaturedTag)
            .where(col(FeaturedTag.account_id) == account.id, col(FeaturedTag.tag_id) == tag_id)
            .values(confirmed_at=clock.now())
            .returning(col(FeaturedTag.id))
        )
        return int(place.scalar_one())
    places = (
        select(func.count()).select_from(FeaturedTag).where(FeaturedTag.account_id == account.id)
    )
    if (await session.scalar(places) or 0) > MAX_FEATURED:
        raise Unprocessable(
            "Validation failed: You have already featured the maximum number of hashtags"
        )
    return created


async def add(session: AsyncSession, account: Account, name: str) -> Any:
    """Show a tag on one's profile; its row, as `featured` gives it.

    Raises:
        Invalid: no tag can have that name.
        Unprocessable: it is one too many.
    """
    if text.normalise_hashtag(name) is None:
        raise Invalid({"name": [("ERR_INVALID", "is invalid")]})
    place = await feature(session, account, name)
    return (await SessionReader(session).fetch(_FEATURED, account.id, place))[0]


async def unfeature(session: AsyncSession, account: Account, name: str) -> None:
    """Take a tag off one's profile, by its name. Twice is once.

    Raises:
        NotFound: no tag can have that name.
    """
    tag_id = await tags.ensure_named(session, name)
    await session.exec(
        delete(FeaturedTag).where(
            col(FeaturedTag.account_id) == account.id, col(FeaturedTag.tag_id) == tag_id
        )
    )


async def remove(session: AsyncSession, account: Account, place: int) -> None:
    """Take a tag off one's profile, by the id of its place.

    Raises:
        NotFound: there is none in that place.
    """
    deleted = await session.scalar(
        delete(FeaturedTag)
        .where(col(FeaturedTag.account_id) == account.id, col(FeaturedTag.id) == place)
        .returning(col(FeaturedTag.id))
    )
    if deleted is None:
        raise NotFound


async def featured(reader: Reader, account_id: int) -> Sequence[Any]:
    """The tags on a profile, with how often and when last it used them, the most used first."""
    return await reader.fetch(_FEATURED, account_id, None)


async def suggested(reader: Reader, account_id: int) -> Sequence[Any]:
    """Tags the account used lately and does not feature, the most used first."""
    rows = await reader.fetch(_SUGGESTED, account_id)
    return await tags.by_ids(reader, [row["tag_id"] for row in rows])
