"""What is asked for, as weighed terms: each word with its other spellings.

Words are weighed by the vocabulary, which is counted now and then. One statement, or two when a
word is asked for that nobody uses.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from app.database import Reader
from search import formula, spellings
from search.spellings import Question, Similar, Spelling, Synonyms

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


class WeighedTerm(NamedTuple):
    """A word asked for: every spelling of it, and its part of the weight of all."""

    spellings: tuple[Spelling, ...]
    share: float


class Terms(NamedTuple):
    """The words of a question that matter, and how many an average text has."""

    terms: tuple[WeighedTerm, ...]
    mean_words: float

    @property
    def spellings(self) -> tuple[Spelling, ...]:
        """Every spelling of every word, each once."""
        return tuple(dict.fromkeys(one for term in self.terms for one in term.spellings))


class _Corpus(NamedTuple):
    """What is known of the words asked for: `{form: {word: people}}`."""

    everybody: int
    mean_words: float
    words: dict[str, dict[str, int]]


async def weighed(
    reader: Reader, text: str, languages: Sequence[str], synonyms: Synonyms = ()
) -> Terms:
    """The terms of a question; none if it holds no word.

    `languages`: those whose word forms fall together (`sensor` and `sensors`).
    """
    question = spellings.question(text, synonyms)
    if not question.words:
        return Terms((), 0)
    corpus = await _known(reader, question, languages)
    found = await _spelt(reader, question, corpus)
    weights = [formula.weight(sum(known.values()), corpus.everybody) for known in found]
    total = sum(weights)
    terms = tuple(
        WeighedTerm(tuple(known), weight / total)
        for known, weight in zip(found, weights, strict=True)
    )
    return Terms(terms, corpus.mean_words)


async def _known(reader: Reader, question: Question, languages: Sequence[str]) -> _Corpus:
    forms = [form for (form, *others) in question.forms if not others]
    rows = await reader.fetch(_KNOWN, [*question.words, *forms], list(languages))
    known: dict[str, dict[str, int]] = defaultdict(dict)
    for row in rows:
        if row["form"] is not None:
            known[row["form"]][row["word"]] = row["people"]
    return _Corpus(rows[0]["everybody"], rows[0]["mean_words"], known)


async def _spelt(reader: Reader, question: Question, corpus: _Corpus) -> list[dict[Spelling, int]]:
    """For each word `{spelling: people who use it}`."""
    found: dict[str, dict[Spelling, int]] = {}
    for word in question.words:
        found[word] = {}
        for form in ((word,), *(form for form, of in question.forms.items() if word in of)):
            # Also what nobody used when words were last counted: somebody may have by now. Of
            # several words in a row it is not known.
            found[word] |= {form: 0}
            if len(form) == 1:
                known = corpus.words.get(form[0], {})
                found[word] |= {(spelling,): people for spelling, people in known.items()}
    unknown = [word for word, known in found.items() if not any(known.values())]
    if unknown:
        for word, similar in (await _similar(reader, unknown)).items():
            found[word] |= {tuple(each.word.split()): each.people for each in similar}
    return list(found.values())


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
