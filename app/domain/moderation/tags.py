"""Hashtags as moderators see and change them."""

from collections.abc import Sequence
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from app.database import Reader
from app.domain.moderation import audit
from app.domain.moderation.accounts import Moderator
from app.domain.statuses import text
from app.domain.timelines import trends
from app.errors import Invalid, NotFound
from app.models.statuses.tags import Tag
from app.pagination import Listing, Page

_LIST = Listing(
    """
    SELECT t.id AS cursor FROM tags t
    WHERE t.id < $2 AND t.id > $3 AND $1::bigint IS NOT NULL
    ORDER BY t.id {direction} LIMIT $4
    """
)

_BY_IDS = """
SELECT t.id, t.name, t.display_name, t.listable, r.allowed
FROM tags t LEFT JOIN trend_reviews r ON r.kind = 'tag' AND r.object_id = t.id
WHERE t.id = ANY($1::bigint[])
"""


async def page(reader: Reader, viewer: int, page: Page) -> Sequence[Any]:
    """The ids of hashtags, as `cursor`, the newest first."""
    return await _LIST.read(reader, viewer, page)


async def by_ids(reader: Reader, tag_ids: Sequence[int]) -> list[Any]:
    """Rows of these hashtags, in their order; `allowed` to trend is null if nobody looked."""
    found = {row["id"]: row for row in await reader.fetch(_BY_IDS, list(tag_ids))}
    return [found[id_] for id_ in tag_ids if id_ in found]


async def change(
    session: AsyncSession,
    moderator: Moderator,
    tag_id: int,
    *,
    display_name: str | None,
    listable: bool | None,
    trendable: bool | None,
) -> None:
    """Decide about a hashtag; None leaves a part as it is.

    Raises:
        Invalid: it would be another hashtag when written so.
        NotFound: there is no such hashtag.
    """
    tag = await session.get(Tag, tag_id, with_for_update=True)
    if tag is None:
        raise NotFound
    if display_name is not None:
        if text.normalise_hashtag(display_name) != tag.name:
            raise Invalid({"display_name": [("ERR_INVALID", "does not match the hashtag")]})
        tag.display_name = display_name
    if listable is not None:
        tag.listable = listable
    session.add(tag)
    if trendable is not None:
        await trends.review(session, moderator, "tag", tag_id, allowed=trendable)
    await audit.record(session, moderator.actor, "update", "tag", tag_id)
