"""Trends: what many people are concerned with at present.

A plain count of people, each once, over a stated time; the more people the higher, then the newer.
There is nothing else to it: no weights, no decay, nothing about who looks.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final, Literal

from sqlalchemy.dialects.postgresql import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock, ids
from app.database import Reader, SessionReader
from app.domain.moderation import audit
from app.domain.moderation.accounts import Moderator
from app.domain.statuses import rows
from app.errors import NotFound
from app.models.statuses.statuses import Status
from app.models.statuses.tags import Tag
from app.models.timelines.trends import TrendReview

Kind = Literal["tag", "status"]

# How far back people are counted. For tags as far as their history shows.
WINDOWS: Final[Mapping[Kind, timedelta]] = {
    "tag": timedelta(days=7),
    "status": timedelta(days=3),
}
# One person alone is no trend.
MIN_PEOPLE: Final = 2
LENGTH: Final = 100

_MET_BY_ALL = """
    s.visibility = 'public' AND s.reblog_of_id IS NULL
    AND a.suspended_at IS NULL AND a.silenced_at IS NULL
"""

# Who wrote something public with the tag.
_TAGS = f"""
SELECT st.tag_id AS id, count(DISTINCT s.account_id) AS people, max(st.status_id) AS latest
FROM status_tags st
JOIN statuses s ON s.id = st.status_id JOIN accounts a ON a.id = s.account_id
WHERE st.status_id >= $1 AND {_MET_BY_ALL}
GROUP BY st.tag_id
"""

# Who favourited it, passed it on, reacted to it or answered it: everybody but its author. Only of
# authors who let themselves be suggested, and nothing that is hidden behind a click.
_STATUSES = f"""
SELECT s.id, count(DISTINCT x.account_id) AS people, s.id AS latest
FROM (
    SELECT status_id, account_id FROM favourites WHERE id >= $1
    UNION ALL SELECT status_id, account_id FROM reactions WHERE id >= $1
    UNION ALL SELECT reblog_of_id, account_id FROM statuses
        WHERE id >= $1 AND reblog_of_id IS NOT NULL
    UNION ALL SELECT in_reply_to_id, account_id FROM statuses
        WHERE id >= $1 AND in_reply_to_id IS NOT NULL
) x
JOIN statuses s ON s.id = x.status_id JOIN accounts a ON a.id = s.account_id
WHERE s.id >= $1 AND x.account_id <> s.account_id AND {_MET_BY_ALL}
  AND a.discoverable AND NOT s.sensitive AND a.sensitized_at IS NULL
GROUP BY s.id
"""

_COUNT: Final[Mapping[Kind, str]] = {"tag": _TAGS, "status": _STATUSES}

_FORGET = "DELETE FROM trends WHERE kind = $1"

# `$4`: whether what nobody reviewed may trend.
_KEEP = """
INSERT INTO trends (kind, rank, object_id, people)
SELECT $2, row_number() OVER (ORDER BY c.people DESC, c.latest DESC), c.id, c.people
FROM ({counted}) c
LEFT JOIN trend_reviews r ON r.kind = $2 AND r.object_id = c.id
WHERE c.people >= $3 AND coalesce(r.allowed, $4)
ORDER BY c.people DESC, c.latest DESC LIMIT $5
"""

_TRENDING_TAGS = """
SELECT t.id, t.name, t.display_name
FROM trends r JOIN tags t ON t.id = r.object_id
WHERE r.kind = 'tag' ORDER BY r.rank LIMIT $1 OFFSET $2
"""
_TRENDING_STATUSES = rows.statement(
    "r.kind = 'status' ORDER BY r.rank LIMIT $2 OFFSET $3",
    cursor="r.rank",
    source="trends r JOIN statuses s ON s.id = r.object_id",
    shown=rows.MET,
)

_THINGS: Final[Mapping[Kind, type[Tag] | type[Status]]] = {"tag": Tag, "status": Status}

_REVIEWED = "SELECT object_id FROM trend_reviews WHERE kind = $1 AND object_id = ANY($2::bigint[])"


async def compute(session: AsyncSession, kind: Kind, *, unreviewed: bool) -> None:
    """Count anew. `unreviewed`: whether what no moderator looked at may trend."""
    reader = SessionReader(session)
    since = ids.first(clock.now() - WINDOWS[kind])
    await reader.fetch(_FORGET, kind)
    keep = _KEEP.replace("{counted}", _COUNT[kind])
    await reader.fetch(keep, since, kind, MIN_PEOPLE, unreviewed, LENGTH)


async def tags(reader: Reader, limit: int, offset: int) -> Sequence[Any]:
    """Rows of the tags that most people used, most first."""
    return await reader.fetch(_TRENDING_TAGS, limit, offset)


async def statuses(reader: Reader, viewer: int, limit: int, offset: int) -> Sequence[Any]:
    """Thin rows of the statuses that moved most people, most first."""
    return await reader.fetch(_TRENDING_STATUSES, viewer, limit, offset)


async def reviewed(reader: Reader, kind: Kind, object_ids: Sequence[int]) -> set[int]:
    """Those of these things that a moderator looked at."""
    found = await reader.fetch(_REVIEWED, kind, list(object_ids))
    return {row["object_id"] for row in found}


async def review(
    session: AsyncSession, moderator: Moderator, kind: Kind, object_id: int, *, allowed: bool
) -> None:
    """Let something trend, or not.

    What is refused is gone at once, what is allowed comes back with the next count.

    Raises:
        NotFound: there is no such thing.
    """
    if await session.get(_THINGS[kind], object_id) is None:
        raise NotFound
    await session.exec(
        insert(TrendReview)
        .values(kind=kind, object_id=object_id, allowed=allowed, created_at=clock.now())
        .on_conflict_do_update(index_elements=["kind", "object_id"], set_={"allowed": allowed})
    )
    if not allowed:
        await SessionReader(session).fetch(
            "DELETE FROM trends WHERE kind = $1 AND object_id = $2", kind, object_id
        )
    await audit.record(
        session, moderator.actor, "approve" if allowed else "reject", f"{kind}_trend", object_id
    )
