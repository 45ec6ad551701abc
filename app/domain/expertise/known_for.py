"""Known for: what speaks for one person, topic by topic.

A topic is a hashtag, and what carries it counts as if just that were asked for. Who asks for the
words themselves, with `experts.expert`, may find more: what was said without a hashtag.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from app import clock
from app.database import Reader
from app.domain.expertise import evidence
from app.domain.expertise.evidence import Reason
from app.domain.expertise.experts import MET
from app.errors import NotFound
from search import evidence as sql
from search import formula
from search.formula import Weights

MAX_TOPICS: Final = 20

_MET = f"SELECT a.id FROM accounts a WHERE a.id = $2 AND {MET}"

# $1 viewer, $2 whose, $3 now, $4 reactions with a meaning.
_KNOWN_FOR = f"""
WITH topic AS (
    SELECT x.tag_id AS id, 1::float8 AS share
    FROM (
        SELECT st.tag_id FROM statuses s JOIN status_tags st ON st.status_id = s.id
        WHERE s.account_id = $2
        UNION
        SELECT tag_id FROM featured_tags WHERE account_id = $2
        UNION
        SELECT tag_id FROM topic_endorsements WHERE target_account_id = $2
    ) x
    WHERE {sql.unhidden("$2", "x.tag_id")}
), scored AS (
    SELECT s.id, s.account_id, s.language, s.reactions_count, t.id AS tag_id, {{points}} AS points
    FROM topic t
    JOIN tags n ON n.id = t.id
    JOIN status_tags st ON st.tag_id = t.id
    JOIN statuses s ON s.id = st.status_id
    WHERE s.account_id = $2 AND s.visibility = 'public' AND s.reblog_of_id IS NULL
      AND {sql.stated(sql.NAMED)}
), {{counted}}
SELECT t.display_name AS topic, {sql.LISTED}
FROM best b JOIN tags t ON t.id = b.tag_id
WHERE b.place <= {{max_items}}
GROUP BY t.id
ORDER BY sum(b.points + b.added) DESC, t.name
LIMIT {MAX_TOPICS}
"""


class KnownFor(NamedTuple):
    """A topic, and what speaks for somebody in it, the best first; the points sum to the score."""

    topic: str
    score: float
    reasons: Sequence[Reason]


async def known_for(
    reader: Reader, weights: Weights, viewer: int, account_id: int
) -> list[KnownFor]:
    """What an account is known for, the best known first, as far as the viewer may see it.

    Raises:
        NotFound: there is no such account, or it is not found by what it knows.
    """
    if not await reader.fetch(_MET, viewer, account_id):
        raise NotFound
    return await topics(reader, weights, viewer, account_id)


async def topics(reader: Reader, weights: Weights, viewer: int, account_id: int) -> list[KnownFor]:
    """As `known_for`, whether others may find it or not."""
    rows = await reader.fetch(
        _statement(weights), viewer, account_id, clock.now(), list(weights.meanings)
    )
    reasons = await evidence.reasons(reader, viewer, [list(sql.evidence_of(row)) for row in rows])
    return [_known(row, given) for row, given in zip(rows, reasons, strict=True) if given]


def _known(row: Any, reasons: Sequence[Reason]) -> KnownFor:
    return KnownFor(row["topic"], round(sum(each.points for each in reasons), 3), reasons)


@lru_cache(4)
def _statement(weights: Weights) -> str:
    now = "$3::timestamptz"
    return _KNOWN_FOR.format(
        points=formula.points(
            weights,
            share="t.share",
            words="s.words_count",
            mean_words="coalesce((SELECT mean_words FROM corpus), 0)",
            age_years=sql.years("s.created_at", now),
        ),
        counted=sql.counted(
            weights, now=now, account="$2", viewer="$1", meanings="$4", each="tag_id"
        ),
        max_items=weights.max_items,
    )
