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
from app.domain.timelines import publishers
from app.errors import NotFound
from app.models.statuses.preview_cards import PreviewCard
from app.models.statuses.statuses import Status
from app.models.statuses.tags import Tag
from app.models.timelines.publishers import Publisher
from app.models.timelines.trends import TrendReview

Kind = Literal["tag", "status", "link"]
# Of a publisher nobody is counted, but all its links can be let trend, or not.
Reviewed = Literal[Kind, "publisher"]

# How far back people are counted. For tags and links as far as their history shows.
WINDOWS: Final[Mapping[Kind, timedelta]] = {
    "tag": timedelta(days=7),
    "status": timedelta(days=3),
    "link": timedelta(days=7),
}
# One person alone is no trend.
MIN_PEOPLE: Final = 2
LENGTH: Final = 100
# Those that moderators refused or have not looked at come behind.
_KEPT: Final = 2 * LENGTH

_MET_BY_ALL = """
    s.visibility = 'public' AND s.reblog_of_id IS NULL
    AND a.suspended_at IS NULL AND a.silenced_at IS NULL
"""

# Who wrote something public with the tag.
_TAGS = f"""
SELECT st.tag_id AS id, count(DISTINCT s.account_id) AS people, max(st.status_id) AS latest,
       NULL::boolean AS allowed
FROM status_tags st
JOIN statuses s ON s.id = st.status_id JOIN accounts a ON a.id = s.account_id
WHERE st.status_id >= $1 AND {_MET_BY_ALL}
GROUP BY st.tag_id
"""

# Who favourited it, passed it on, reacted to it or answered it: everybody but its author. Only of
# authors who let themselves be suggested, and nothing that is hidden behind a click.
_STATUSES = f"""
SELECT s.id, count(DISTINCT x.account_id) AS people, s.id AS latest, NULL::boolean AS allowed
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

# Who wrote something public with the link, not hidden behind a click. What moderators decided about
# a whole site is decided about a link of it, unless they decided otherwise about that one.
_LINKS = f"""
SELECT c.id, count(DISTINCT s.account_id) AS people, max(s.id) AS latest,
       bool_and(r.allowed) AS allowed
FROM statuses s
JOIN accounts a ON a.id = s.account_id JOIN preview_cards c ON c.id = s.preview_card_id
LEFT JOIN publishers p ON p.domain = {publishers.DOMAIN}
LEFT JOIN trend_reviews r ON r.kind = 'publisher' AND r.object_id = p.id
WHERE s.id >= $1 AND {_MET_BY_ALL}
  AND c.title <> '' AND NOT s.sensitive AND a.sensitized_at IS NULL
GROUP BY c.id
"""

_COUNT: Final[Mapping[Kind, str]] = {"tag": _TAGS, "status": _STATUSES, "link": _LINKS}

_FORGET = "DELETE FROM trends WHERE kind = $1"

# `$4`: whether what nobody reviewed may trend.
_KEEP = """
INSERT INTO trends (kind, rank, object_id, people, shown)
SELECT $2, row_number() OVER (ORDER BY shown DESC, people DESC, latest DESC), id, people, shown
FROM (
    SELECT c.id, c.people, c.latest, coalesce(r.allowed, c.allowed, $4) AS shown
    FROM ({counted}) c
    LEFT JOIN trend_reviews r ON r.kind = $2 AND r.object_id = c.id
    WHERE c.people >= $3
) c
ORDER BY shown DESC, people DESC, latest DESC LIMIT $5
"""

_TRENDING_TAGS = """
SELECT t.id, t.name, t.display_name
FROM trends r JOIN tags t ON t.id = r.object_id
WHERE r.kind = 'tag' AND (r.shown OR $3) ORDER BY r.rank LIMIT $1 OFFSET $2
"""
_TRENDING_STATUSES = rows.statement(
    "r.kind = 'status' AND (r.shown OR $4) ORDER BY r.rank LIMIT $2 OFFSET $3",
    cursor="r.rank",
    source="trends r JOIN statuses s ON s.id = r.object_id",
    shown=rows.MET,
)
_TRENDING_LINKS = """
SELECT c.id, to_json(c)::text AS card
FROM trends r JOIN preview_cards c ON c.id = r.object_id
WHERE r.kind = 'link' AND (r.shown OR $3) ORDER BY r.rank LIMIT $1 OFFSET $2
"""

# Moderators do not learn what is shared among a few.
_LINK = """
SELECT c.id, to_json(c)::text AS card FROM preview_cards c
WHERE c.id = $1 AND EXISTS (
    SELECT FROM statuses s WHERE s.preview_card_id = c.id AND s.visibility = 'public')
"""

_THINGS: Final[Mapping[Reviewed, type[Tag | Status | PreviewCard | Publisher]]] = {
    "tag": Tag,
    "status": Status,
    "link": PreviewCard,
    "publisher": Publisher,
}

_DECIDED = "UPDATE trends SET shown = $3 WHERE kind = $1 AND object_id = $2"

_REVIEWED = "SELECT object_id FROM trend_reviews WHERE kind = $1 AND object_id = ANY($2::bigint[])"


async def compute(session: AsyncSession, kind: Kind, *, unreviewed: bool) -> None:
    """Count anew. `unreviewed`: whether what no moderator looked at may trend."""
    reader = SessionReader(session)
    since = ids.first(clock.now() - WINDOWS[kind])
    await reader.fetch(_FORGET, kind)
    keep = _KEEP.replace("{counted}", _COUNT[kind])
    await reader.fetch(keep, since, kind, MIN_PEOPLE, unreviewed, _KEPT)
    if kind == "link":
        await publishers.remember(session)


async def tags(reader: Reader, limit: int, offset: int, *, hidden: bool = False) -> Sequence[Any]:
    """Rows of the tags that most people used, most first; at the end what is `hidden`, too."""
    return await reader.fetch(_TRENDING_TAGS, limit, offset, hidden)


async def statuses(
    reader: Reader, viewer: int, limit: int, offset: int, *, hidden: bool = False
) -> Sequence[Any]:
    """Thin rows of the statuses that moved most people, most first, as `tags`."""
    return await reader.fetch(_TRENDING_STATUSES, viewer, limit, offset, hidden)


async def links(reader: Reader, limit: int, offset: int, *, hidden: bool = False) -> Sequence[Any]:
    """Ids and `card`s (JSON) of the links that most people shared, most first, as `tags`."""
    return await reader.fetch(_TRENDING_LINKS, limit, offset, hidden)


async def link(reader: Reader, card_id: int) -> Any:
    """As a row of `links`, whether it trends or not.

    Raises:
        NotFound: nobody shared it in public.
    """
    rows = await reader.fetch(_LINK, card_id)
    if not rows:
        raise NotFound
    return rows[0]


async def reviewed(reader: Reader, kind: Kind, object_ids: Sequence[int]) -> set[int]:
    """Those of these things that a moderator looked at."""
    found = await reader.fetch(_REVIEWED, kind, list(object_ids))
    return {row["object_id"] for row in found}


async def review(
    session: AsyncSession, moderator: Moderator, kind: Reviewed, object_id: int, *, allowed: bool
) -> None:
    """Let something trend, or not; at once, if enough people are concerned with it.

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
    if kind == "publisher":
        await publishers.show_links(session, object_id, allowed=allowed)
    else:
        await SessionReader(session).fetch(_DECIDED, kind, object_id, allowed)
    await audit.record(
        session, moderator.actor, "approve" if allowed else "reject", f"{kind}_trend", object_id
    )
