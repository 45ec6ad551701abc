"""Publishers: the sites whose links trend, for moderators to decide about as a whole."""

from collections.abc import Sequence
from typing import Any, Final

from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock, ids
from app.database import Reader, SessionReader

# The host of a preview card `c`.
DOMAIN: Final = "lower(substring(c.url FROM '^https?://(?:[^/?#@]*@)?([^/?#:]+)'))"

_UNKNOWN = f"""
SELECT DISTINCT {DOMAIN} AS domain
FROM trends r JOIN preview_cards c ON c.id = r.object_id
WHERE r.kind = 'link' AND NOT EXISTS (SELECT FROM publishers p WHERE p.domain = {DOMAIN})
"""
_REMEMBER = """
INSERT INTO publishers (id, created_at, domain)
SELECT id, $3, domain FROM unnest($1::bigint[], $2::text[]) n (id, domain)
ON CONFLICT DO NOTHING
"""

# `allowed` is null when nobody looked.
_COLUMNS = """
SELECT p.id, p.domain, v.allowed, v.created_at AS reviewed_at
FROM publishers p LEFT JOIN trend_reviews v ON v.kind = 'publisher' AND v.object_id = p.id
"""
_TRENDING = f"""
{_COLUMNS}
JOIN (
    SELECT {DOMAIN} AS domain, min(r.rank) AS rank
    FROM trends r JOIN preview_cards c ON c.id = r.object_id
    WHERE r.kind = 'link' GROUP BY 1
) t ON t.domain = p.domain
ORDER BY t.rank LIMIT $1 OFFSET $2
"""
_BY_ID = f"{_COLUMNS} WHERE p.id = $1"

# What was decided about one of its links stays.
_SHOW = f"""
UPDATE trends r SET shown = $2
FROM preview_cards c JOIN publishers p ON p.domain = {DOMAIN}
WHERE p.id = $1 AND r.kind = 'link' AND r.object_id = c.id
  AND NOT EXISTS (SELECT FROM trend_reviews v WHERE v.kind = 'link' AND v.object_id = c.id)
"""

_REVIEWED = f"""
SELECT c.id FROM preview_cards c
WHERE c.id = ANY($1::bigint[]) AND EXISTS (
    SELECT FROM trend_reviews v
    LEFT JOIN publishers p ON v.kind = 'publisher' AND p.id = v.object_id
    WHERE v.kind = 'link' AND v.object_id = c.id OR p.domain = {DOMAIN})
"""


async def remember(session: AsyncSession) -> None:
    """Give each site whose links are counted an id to name it by."""
    reader = SessionReader(session)
    domains = [row["domain"] for row in await reader.fetch(_UNKNOWN)]
    if domains:
        await reader.fetch(_REMEMBER, [ids.new() for _ in domains], domains, clock.now())


async def trending(reader: Reader, limit: int, offset: int) -> Sequence[Any]:
    """Rows of the sites whose links are counted, that with the highest link first."""
    return await reader.fetch(_TRENDING, limit, offset)


async def by_id(reader: Reader, publisher_id: int) -> Any:
    """The row of a site that is there."""
    return (await reader.fetch(_BY_ID, publisher_id))[0]


async def show_links(session: AsyncSession, publisher_id: int, *, allowed: bool) -> None:
    """Show the links of a site that were counted, or not."""
    await SessionReader(session).fetch(_SHOW, publisher_id, allowed)


async def reviewed(reader: Reader, card_ids: Sequence[int]) -> set[int]:
    """Those of these links that a moderator looked at, or at their site."""
    return {row["id"] for row in await reader.fetch(_REVIEWED, list(card_ids))}
