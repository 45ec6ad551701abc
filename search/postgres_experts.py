"""Finding those who know about something with PostgreSQL alone.

Two statements, or three when a word is asked for that nobody uses. Words are weighed by the
vocabulary, which is counted now and then; texts are read from the index of the moment.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from app import clock
from app.database import Reader
from search import formula, spellings
from search.engines import Evidence, Expert, ExpertQuery, Experts
from search.formula import Weights
from search.spellings import Question, Similar, Spelling

# Exactly as in the index, or it is not used.
_WORDS = "to_tsvector('simple', fold(s.spoiler_text || ' ' || s.text))"

# $1 words and joined words, $2 the languages whose word forms fall together.
_KNOWN = """
SELECT coalesce(c.people, 0) AS everybody, coalesce(c.mean_words, 0) AS mean_words,
       v.form, v.word, v.people
FROM (VALUES (1)) AS always
LEFT JOIN corpus c ON true
LEFT JOIN (
    SELECT f.form, v.word, v.people
    FROM unnest($1::text[]) AS f(form)
    CROSS JOIN LATERAL (
        SELECT v.word, v.people FROM vocabulary v WHERE v.word = f.form
        UNION
        SELECT v.word, v.people FROM vocabulary v
        WHERE v.keys && ARRAY(
            SELECT k FROM unnest(word_stems(f.form)) k WHERE left(k, 2) = ANY($2::text[]))
    ) v
) v ON true
"""

# Words that go on from it; what is left of them without a letter; two words that it may be. Of long
# words also those that begin alike. What most people mean is worth comparing, the rest is not read.
_SIMILAR = """
SELECT f.form, v.word, v.people
FROM (
    SELECT form, CASE WHEN length(form) < 8 THEN form ELSE left(form, 3) END AS beginning
    FROM unnest($1::text[]) form
) f
CROSS JOIN LATERAL (
    SELECT v.word, v.people FROM vocabulary v
    WHERE v.word ~>=~ f.beginning AND v.word ~<~ (f.beginning || chr(1114111))
      AND (starts_with(v.word, f.form) OR abs(length(v.word) - length(f.form)) <= 2)
    ORDER BY v.people DESC, v.word LIMIT 200
) v
UNION ALL
SELECT f.form, v.word, v.people
FROM unnest($2::text[], $3::text[]) AS f(form, key)
JOIN vocabulary v ON v.keys @> ARRAY[f.key]
UNION ALL
SELECT f.form, f.one || ' ' || f.other, least(one.people, other.people)
FROM unnest($4::text[], $5::text[], $6::text[]) AS f(form, one, other)
JOIN vocabulary one ON one.word = f.one
JOIN vocabulary other ON other.word = f.other
"""

# $1 what finds each word, $2 what it weighs of all, $3 words of an average status, $4 now,
# $5 whose follows are looked among if any, $6 limit, $7 offset, $8 the only one looked at if any.
_RANKED = f"""
WITH item AS (
    SELECT s.id, s.account_id, s.words_count, s.created_at, sum(q.share) AS share
    FROM unnest($1::text[], $2::float8[]) AS q(spellings, share)
    JOIN statuses s
        ON {_WORDS} @@ to_tsquery('simple', q.spellings)
        AND s.reblog_of_id IS NULL AND s.visibility = 'public'
        AND ($8::bigint IS NULL OR s.account_id = $8)
    GROUP BY s.id
), scored AS MATERIALIZED (
    SELECT i.id, i.account_id, {{points}} AS points FROM item i
), best AS (
    SELECT id, account_id, points,
           row_number() OVER (PARTITION BY account_id ORDER BY points DESC, id DESC) AS place
    FROM scored WHERE points > 0
)
SELECT b.account_id, array_agg(b.id ORDER BY b.place) AS ids,
       array_agg(b.points ORDER BY b.place) AS points
FROM best b JOIN accounts a ON a.id = b.account_id
WHERE b.place <= {{max_items}}
  AND a.discoverable AND a.indexable AND NOT a.bot AND a.suspended_at IS NULL
  AND ($5::bigint IS NULL OR EXISTS (
      SELECT FROM follows w
      WHERE w.account_id = $5 AND w.target_account_id = a.id AND w.accepted))
GROUP BY b.account_id
ORDER BY sum(b.points) DESC, b.account_id
LIMIT $6 OFFSET $7
"""


def ranking(weights: Weights) -> str:
    """The statement that ranks people."""
    points = formula.points(
        weights,
        share="i.share",
        words="i.words_count",
        mean_words="$3::float8",
        age_years="extract(epoch FROM $4::timestamptz - i.created_at)::float8 / 31557600",
    )
    return _RANKED.format(points=points, max_items=weights.max_items)


class _Corpus(NamedTuple):
    """What is known of the words asked for: `{form: {word: people}}`."""

    everybody: int
    mean_words: float
    words: dict[str, dict[str, int]]


class _Term(NamedTuple):
    """A word asked for, its spellings, and its weight."""

    spellings: tuple[Spelling, ...]
    weight: float


async def experts(
    reader: Reader, query: ExpertQuery, *, languages: Sequence[str], ranked: str
) -> Experts:
    """Who knows about it, best first; `ranked` is a statement of `ranking`."""
    question = spellings.question(query.text)
    if not question.words:
        return Experts((), ())
    corpus = await _known(reader, question, languages)
    terms = await _terms(reader, question, corpus)
    total = sum(term.weight for term in terms)
    rows = await reader.fetch(
        ranked,
        [_tsquery(term.spellings) for term in terms],
        [term.weight / total for term in terms],
        corpus.mean_words,
        clock.now(),
        query.viewer if query.following else None,
        query.limit,
        query.offset,
        query.account_id,
    )
    found = tuple(
        Expert(
            row["account_id"],
            tuple(
                Evidence(id_, points) for id_, points in zip(row["ids"], row["points"], strict=True)
            ),
        )
        for row in rows
    )
    return Experts(found, tuple({one: None for term in terms for one in term.spellings}))


async def _known(reader: Reader, question: Question, languages: Sequence[str]) -> _Corpus:
    rows = await reader.fetch(_KNOWN, [*question.words, *question.forms], list(languages))
    known: dict[str, dict[str, int]] = defaultdict(dict)
    for row in rows:
        if row["form"] is not None:
            known[row["form"]][row["word"]] = row["people"]
    return _Corpus(rows[0]["everybody"], rows[0]["mean_words"], known)


async def _terms(reader: Reader, question: Question, corpus: _Corpus) -> list[_Term]:
    found: dict[str, dict[Spelling, int]] = {}
    for word in question.words:
        found[word] = {}
        for form in (word, *(form for form, of in question.forms.items() if word in of)):
            # Also what nobody used when words were last counted: somebody may have by now.
            known = {form: 0} | corpus.words.get(form, {})
            found[word] |= {(spelling,): people for spelling, people in known.items()}
    unknown = [word for word, known in found.items() if not any(known.values())]
    if unknown:
        for word, similar in (await _similar(reader, unknown)).items():
            found[word] |= {tuple(each.word.split()): each.people for each in similar}
    return [
        _Term(tuple(known), formula.weight(sum(known.values()), corpus.everybody))
        for known in found.values()
    ]


async def _similar(reader: Reader, unknown: Sequence[str]) -> dict[str, list[Similar]]:
    """What may be meant by words that nobody uses."""
    shortened = [(word, f"-{rest}") for word in unknown for rest in spellings.deletions(word)]
    parted = [(word, *part) for word in unknown for part in spellings.parts(word)]
    rows = await reader.fetch(
        _SIMILAR,
        list(unknown),
        *([each[place] for each in shortened] for place in range(2)),
        *([each[place] for each in parted] for place in range(3)),
    )
    candidates: dict[str, set[Similar]] = {word: set() for word in unknown}
    for row in rows:
        candidates[row["form"]].add(Similar(row["word"], row["people"]))
    return {word: spellings.closest(word, similar) for word, similar in candidates.items()}


def _tsquery(found: Sequence[Spelling]) -> str:
    # Folding took quotes and backslashes out of every word.
    return " | ".join(
        "({})".format(" <-> ".join(f"'{word}'" for word in spelling)) for spelling in found
    )
