"""Ranking: from evidence that holds words asked for to the people whom it speaks for.

Whichever engine finds the texts, people are ranked here, by one statement over the tables: what an
engine still holds of a text that was deleted or hidden since counts for nobody (SE-1).
"""

from collections.abc import Iterator
from typing import Any, Final

from app import clock
from app.database import Reader
from search import evidence, formula
from search.engines import Evidence, Expert, ExpertQuery
from search.formula import Weights
from search.terms import Terms

# The first parameter that is an engine's own.
OWN: Final = 16

# $1 the share of each word, $2 words of an average status, $3 now, $4 viewer, $5 only whom they
# follow, $6 the only account, $7 unit, $8 location, $9 language, $10 topic, $11 which part, $12
# names of tags and $13 the word that each stands for, $14 reactions with a meaning, $15 nobody of
# these.
_RANKED = """
WITH named AS (
    SELECT t.id, n.place
    FROM unnest($12::text[], $13::int[]) AS n(name, place) JOIN tags t ON t.name = n.name
), topic AS (
    SELECT id, sum(($1::float8[])[place]) AS share FROM named GROUP BY id
), item AS (
    SELECT s.id, s.account_id, s.words_count, s.created_at, s.language, s.reactions_count,
           sum(($1::float8[])[q.place]) AS share
    FROM {texts}
    WHERE s.reblog_of_id IS NULL AND s.visibility = 'public'
      AND ($6::bigint IS NULL OR s.account_id = $6)
      -- A word that names what somebody hides is not in what they wrote.
      AND (s.account_id, q.place) NOT IN (
          SELECT h.account_id, n.place FROM named n JOIN hidden_topics h ON h.tag_id = n.id)
    GROUP BY s.id
), scored AS MATERIALIZED (
    SELECT i.*, {points} AS points FROM item i
), evidence AS (
    SELECT s.account_id, 'status' AS kind, s.id, s.language, NULL::bigint AS tag_id, s.points,
           s.people, {reaction_points} AS added
    FROM (SELECT s.*, {people} AS people FROM scored s
          WHERE s.points > 0 AND {uncontested} OFFSET 0) s
    UNION ALL
    {skills}
    UNION ALL
    {endorsements}
), best AS (
    SELECT *, row_number() OVER (
        PARTITION BY account_id ORDER BY points + added DESC, kind, id DESC) AS place
    FROM evidence
)
SELECT b.account_id,
       array_agg(b.kind ORDER BY b.place) AS kinds,
       array_agg(b.id ORDER BY b.place) AS ids,
       array_agg(b.points ORDER BY b.place) AS points,
       array_agg(b.people ORDER BY b.place) AS people,
       array_agg(b.added ORDER BY b.place) AS added
FROM best b JOIN accounts a ON a.id = b.account_id
WHERE b.place <= {max_items}
  AND {findable} AND a.id <> ALL($15::bigint[])
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
       WHERE t.name = $10 AND {unhidden} AND (t.id = b.tag_id OR b.kind = 'status' AND EXISTS (
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
            people=evidence.REACTED.format(meanings="$14::text[]"),
            reaction_points=formula.reaction_points(weights, points="s.points", people="s.people"),
            skills=evidence.skills(weights, now=now, account="$6"),
            endorsements=evidence.endorsements(weights, now=now, account="$6", viewer="$4"),
            max_items=weights.max_items,
            findable=evidence.FINDABLE,
            uncontested=evidence.UNCONTESTED_STATUS,
            unhidden=evidence.unhidden("b.account_id", "t.id"),
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
            *own,
        )
        return tuple(Expert(row["account_id"], tuple(evidence_of(row))) for row in rows)


def evidence_of(row: Any) -> Iterator[Evidence]:
    """What counted, of a row of arrays; a status is followed by the reactions to it."""
    columns = (row[name] for name in ("kinds", "ids", "points", "people", "added"))
    for kind, id_, points, people, added in zip(*columns, strict=True):
        yield Evidence(kind, id_, points)
        if added:
            yield Evidence("reaction", id_, added, people)
