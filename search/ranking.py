"""Ranking: from evidence that holds words asked for to the people whom it speaks for.

Whichever engine finds the texts, people are ranked here, by one statement over the tables: what an
engine still holds of a text that was deleted or hidden since counts for nobody (SE-1).
"""

from typing import Final

from app import clock
from app.database import Reader
from search import evidence, formula, words
from search.engines import Expert, ExpertQuery
from search.formula import Weights
from search.terms import Terms

# Every spelling of each word, and the first parameter that is an engine's own.
SPELLINGS: Final = "$16::text[]"
OWN: Final = 17

# $1 the share of each word, $2 words of an average status, $3 now, $4 viewer, $5 only whom they
# follow, $6 the only account, $7 unit, $8 location, $9 language, $10 topic, $11 which part, $12
# names of tags and $13 the word that each stands for, $14 reactions with a meaning, $15 nobody of
# these.
_RANKED = f"""
WITH named AS (
    SELECT t.id, n.place
    FROM unnest($12::text[], $13::int[]) AS n(name, place) JOIN tags t ON t.name = n.name
), topic AS (
    SELECT id, sum(($1::float8[])[place]) AS share FROM named GROUP BY id
), item AS (
    SELECT s.id, s.account_id, s.words_count, s.created_at, s.language, s.reactions_count,
           sum(($1::float8[])[q.place]) AS share
    FROM {{texts}}
    WHERE s.reblog_of_id IS NULL AND s.visibility = 'public'
      AND ($6::bigint IS NULL OR s.account_id = $6)
      -- A word that names what somebody hides is not in what they wrote.
      AND (s.account_id, q.place) NOT IN (
          SELECT h.account_id, n.place FROM named n JOIN hidden_topics h ON h.tag_id = n.id)
      AND {evidence.stated(f"to_tsquery('simple', ({SPELLINGS})[q.place])")}
    GROUP BY s.id
), scored AS MATERIALIZED (
    SELECT i.*, NULL::bigint AS tag_id, {{points}} AS points FROM item i
), {{counted}}
SELECT b.account_id, {evidence.LISTED}
FROM best b JOIN accounts a ON a.id = b.account_id
WHERE b.place <= {{max_items}}
  AND {evidence.FINDABLE} AND a.id <> ALL($15::bigint[])
  AND (NOT $5::boolean OR EXISTS (
      SELECT FROM follows w
      WHERE w.account_id = $4 AND w.target_account_id = a.id AND w.accepted))
  AND ($7::text IS NULL OR lower(a.unit) = lower($7))
  AND ($8::text IS NULL OR lower(a.location) = lower($8))
GROUP BY b.account_id
HAVING sum(b.points) > 0
   AND ($9::text IS NULL OR bool_or(b.language = $9))
   AND ($10::text IS NULL OR bool_or($10::text IS NOT NULL AND EXISTS (
       SELECT FROM tags t
       WHERE t.name = $10 AND {evidence.unhidden("b.account_id", "t.id")}
         AND (t.id = b.tag_id OR b.kind = 'status' AND EXISTS (
             SELECT FROM status_tags st WHERE st.tag_id = t.id AND st.status_id = b.id)))))
ORDER BY sum(b.points + b.added) DESC, b.account_id
LIMIT ($11::int[])[1] OFFSET ($11::int[])[2]
"""


class Ranking:
    """Ranks the people behind the texts that an engine finds."""

    def __init__(self, weights: Weights, texts: str) -> None:
        """`texts` is what comes after FROM: `q.place`, counting from 1, is the word that `s` holds.

        `s` is a row of `statuses`, once for each word that is in it. Its parameters begin at `OWN`.
        """
        now = "$3::timestamptz"
        self._meanings = list(weights.meanings)
        self._sql = _RANKED.format(
            texts=texts,
            points=formula.points(
                weights,
                share="i.share",
                words="i.words_count",
                mean_words="$2::float8",
                age_years=evidence.years("i.created_at", now),
            ),
            counted=evidence.counted(
                weights, now=now, account="$6", viewer="$4", meanings="$14", each="account_id"
            ),
            max_items=weights.max_items,
        )

    async def rank(
        self, reader: Reader, query: ExpertQuery, terms: Terms, *own: object
    ) -> tuple[Expert, ...]:
        """Those who know about it, best first; `own` are the parameters of the texts."""
        names = {
            ("".join(spelling), place)
            for place, term in enumerate(terms.terms, 1)
            for spelling in term.spellings
        }
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
            [name for name, _ in names],
            [place for _, place in names],
            self._meanings,
            query.excluded,
            [words.any_of(term.spellings) for term in terms.terms],
            *own,
        )
        return tuple(Expert(row["account_id"], tuple(evidence.evidence_of(row))) for row in rows)
