"""Ranking: from evidence that holds words asked for to the people whom it speaks for.

Whichever engine finds the texts, people are ranked here, by one statement over the tables: what an
engine still holds of a text that was deleted or hidden since counts for nobody (SE-1).
"""

from typing import Any, Final

from app import clock
from app.database import Reader
from search import formula
from search.engines import Evidence, Expert, ExpertQuery
from search.formula import Weights
from search.terms import Terms

# Who is found by what they know; `a` is their row in `accounts`.
FINDABLE: Final = """(
    a.discoverable AND a.indexable AND NOT a.bot AND a.suspended_at IS NULL)"""

# The first parameter that is an engine's own.
OWN: Final = 12

# $1 the share of each word, $2 words of an average status, $3 now, $4 viewer, $5 only whom they
# follow, $6 the only account, $7 unit, $8 location, $9 language, $10 topic, $11 which part.
_RANKED = """
WITH item AS (
    SELECT s.id, s.account_id, s.words_count, s.created_at, s.language,
           sum(($1::float8[])[q.place]) AS share
    FROM {texts}
    WHERE s.reblog_of_id IS NULL AND s.visibility = 'public'
      AND ($6::bigint IS NULL OR s.account_id = $6)
    GROUP BY s.id
), scored AS MATERIALIZED (
    SELECT i.id, i.account_id, i.language, {points} AS points FROM item i
), best AS (
    SELECT account_id, 'status' AS kind, id, language, points,
           row_number() OVER (PARTITION BY account_id ORDER BY points DESC, id DESC) AS place
    FROM scored WHERE points > 0
)
SELECT b.account_id,
       array_agg(b.kind ORDER BY b.place) AS kinds,
       array_agg(b.id ORDER BY b.place) AS ids,
       array_agg(b.points ORDER BY b.place) AS points
FROM best b JOIN accounts a ON a.id = b.account_id
WHERE b.place <= {max_items}
  AND {findable}
  AND (NOT $5::boolean OR EXISTS (
      SELECT FROM follows w
      WHERE w.account_id = $4 AND w.target_account_id = a.id AND w.accepted))
  AND ($7::text IS NULL OR lower(a.unit) = lower($7))
  AND ($8::text IS NULL OR lower(a.location) = lower($8))
GROUP BY b.account_id
HAVING ($9::text IS NULL OR bool_or(b.language = $9))
   AND ($10::text IS NULL OR bool_or($10::text IS NOT NULL AND EXISTS (
       SELECT FROM status_tags st JOIN tags t ON t.id = st.tag_id
       WHERE st.status_id = b.id AND t.name = $10)))
ORDER BY sum(b.points) DESC, b.account_id
LIMIT ($11::int[])[1] OFFSET ($11::int[])[2]
"""


class Ranking:
    """Ranks the people behind the texts that an engine finds."""

    def __init__(self, weights: Weights, texts: str) -> None:
        """`texts` is what comes after FROM: `q.place`, counting from 1, is the word that `s` holds.

        `s` is a row of `statuses`, once for each word that is in it. Its parameters begin at `OWN`.
        """
        points = formula.points(
            weights,
            share="i.share",
            words="i.words_count",
            mean_words="$2::float8",
            age_years="extract(epoch FROM $3::timestamptz - i.created_at)::float8 / 31557600",
        )
        self._sql = _RANKED.format(
            texts=texts, points=points, max_items=weights.max_items, findable=FINDABLE
        )

    async def rank(
        self, reader: Reader, query: ExpertQuery, terms: Terms, *own: object
    ) -> tuple[Expert, ...]:
        """Those who know about it, best first; `own` are the parameters of the texts."""
        rows = await reader.fetch(
            self._sql,
            [term.share for term in terms.terms],
            terms.mean_words,
            clock.now(),
            query.viewer,
            query.following,
            query.account_id,
            query.unit,
            query.location,
            query.language,
            query.topic,
            [query.limit, query.offset],
            *own,
        )
        return tuple(Expert(row["account_id"], _evidence(row)) for row in rows)


def _evidence(row: Any) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(kind, id_, points)
        for kind, id_, points in zip(row["kinds"], row["ids"], row["points"], strict=True)
    )
