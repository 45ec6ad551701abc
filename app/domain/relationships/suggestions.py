"""Suggestions: people to follow, each with the reasons.

Reasons are counted and added up, each as one, and the one with more of them comes first. There is
nothing else to it: no weights, nothing learned, nothing that the viewer could not look up. What
people keep private is no reason: whom they follow if they hide it, and which hashtags they read.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock, ids
from app.database import Reader, SessionReader
from app.domain.accounts import accounts
from app.domain.relationships.hidden_authors import wanted_by

# How far back the use of a hashtag counts.
WINDOW: Final = timedelta(days=30)
# Of those who have most followers, for who follows nobody yet.
MOST_FOLLOWED: Final = 80

# As clients name them, what says most first.
SOURCES: Final = (
    "featured",
    "friends_of_friends",
    "similar_to_recently_followed",
    "most_followed",
)

# $1 the viewer, $2 the oldest id that counts, $3 whom this server suggests to everybody, $4 limit,
# $5 offset.
_SUGGESTIONS = f"""
WITH topics AS (
    SELECT tag_id FROM tag_follows WHERE account_id = $1
    UNION SELECT tag_id FROM featured_tags WHERE account_id = $1
), counted AS (
    SELECT a.id, 'featured' AS source, 0 AS reasons,
           array_position($3::text[], lower(a.username)) AS place
    FROM accounts a WHERE lower(a.username) = ANY($3::text[])
    UNION ALL
    SELECT theirs.target_account_id, 'friends_of_friends', count(*), NULL
    FROM follows mine
    JOIN accounts a ON a.id = mine.target_account_id
    JOIN follows theirs ON theirs.account_id = a.id
    WHERE mine.account_id = $1 AND mine.accepted AND theirs.accepted
      AND NOT a.hide_collections AND a.suspended_at IS NULL
    GROUP BY theirs.target_account_id
    UNION ALL
    SELECT u.account_id, 'similar_to_recently_followed', count(DISTINCT u.tag_id), NULL
    FROM (
        SELECT f.account_id, f.tag_id FROM topics t JOIN featured_tags f ON f.tag_id = t.tag_id
        UNION ALL
        SELECT s.account_id, st.tag_id
        FROM topics t
        JOIN status_tags st ON st.tag_id = t.tag_id JOIN statuses s ON s.id = st.status_id
        WHERE st.status_id >= $2 AND s.visibility = 'public'
    ) u
    GROUP BY u.account_id
    UNION ALL (
        SELECT a.id, 'most_followed', 0, NULL FROM accounts a
        WHERE a.followers_count > 0
        ORDER BY a.followers_count DESC, a.id DESC LIMIT {MOST_FOLLOWED}
    )
), suggested AS (
    SELECT c.id, array_agg(c.source) AS sources, sum(c.reasons) AS reasons, min(c.place) AS place
    FROM counted c GROUP BY c.id
)
SELECT {accounts.COLUMNS}, s.sources
FROM suggested s JOIN accounts a ON a.id = s.id
WHERE a.id <> $1 AND a.discoverable AND a.suspended_at IS NULL AND a.silenced_at IS NULL
  AND {accounts.KNOWN} AND {wanted_by("$1", "a.id")}
  AND NOT EXISTS (
    SELECT FROM follows f WHERE f.account_id = $1 AND f.target_account_id = a.id)
  AND NOT EXISTS (
    SELECT FROM dismissed_suggestions d WHERE d.account_id = $1 AND d.target_account_id = a.id)
ORDER BY s.place, s.reasons DESC, a.followers_count DESC, a.id DESC LIMIT $4 OFFSET $5
"""

# Of somebody who is not there nothing has to be remembered.
_DISMISS = """
INSERT INTO dismissed_suggestions (account_id, target_account_id, created_at)
SELECT $1, a.id, $3 FROM accounts a WHERE a.id = $2
ON CONFLICT DO NOTHING
"""


async def suggested(
    reader: Reader, viewer: int, featured: Sequence[str], limit: int, offset: int
) -> Sequence[Any]:
    """Thin rows of people the viewer could follow, with their `sources`, the most reasons first.

    `featured` are the user names of those whom this server suggests to everybody.
    """
    names = [name.removeprefix("@").lower() for name in featured]
    since = ids.first(clock.now() - WINDOW)
    return await reader.fetch(_SUGGESTIONS, viewer, since, names, limit, offset)


async def dismiss(session: AsyncSession, account_id: int, target_account_id: int) -> None:
    """Do not suggest somebody any more. Twice is once."""
    await SessionReader(session).fetch(_DISMISS, account_id, target_account_id, clock.now())
