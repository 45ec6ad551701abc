"""Search with Meilisearch: it finds texts, PostgreSQL decides what counts.

What only the database knows is asked of the database alone: who follows whom, and what somebody put
a mark on. So is everything while Meilisearch is away (docs/decisions).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.database import Reader
from app.ids import BIGGEST
from search import meilisearch_checks as checks
from search import meilisearch_indexes as indexes
from search.engines import (
    EngineName,
    ExpertQuery,
    Experts,
    PeopleQuery,
    StatusQuery,
    Term,
)
from search.formula import Weights
from search.meilisearch_indexes import MAX_HITS
from search.meilisearch_queries import Hit, MeilisearchQueries
from search.postgres import PostgresEngine
from search.ranking import Ranking
from search.spellings import Synonyms
from search.terms import Terms, weighed

# Of hits for a name; the first few are shown.
_NAMES = 200


class MeilisearchEngine:
    """The search engine beside the database."""

    def __init__(
        self,
        reader: Reader,
        queries: MeilisearchQueries,
        *,
        prefix: str,
        languages: Sequence[str] = (),
        synonyms: Synonyms = (),
        weights: Weights | None = None,
    ) -> None:
        """`prefix` is what the names of the indexes begin with; the rest is as for PostgreSQL."""
        weights = weights or Weights()
        self._reader = reader
        self._languages = languages
        self._synonyms = synonyms
        self._ranking = Ranking(weights, checks.TEXTS)
        # Answers what Meilisearch cannot, or not now.
        self._postgres = PostgresEngine(
            reader, languages=languages, synonyms=synonyms, weights=weights
        )
        self._queries = queries
        self._people = indexes.uid(prefix, "people")
        self._statuses = indexes.uid(prefix, "statuses")

    @property
    def answers_by(self) -> EngineName:
        """Meilisearch, if it answered the last time."""
        return "meilisearch" if self._queries.is_well else "postgresql"

    async def close(self) -> None:
        """Let go of the connections to Meilisearch."""
        await self._queries.close()

    async def search_people(self, query: PeopleQuery) -> list[int]:
        """Ids of accounts: by exact name, beginnings of names, mistyped names, profiles."""
        last = query.offset + query.limit
        if query.following or last > MAX_HITS:
            return await self._postgres.search_people(query)
        asked = {
            "indexUid": self._people,
            "q": " ".join(word for term in query.terms for word in term),
            "matchingStrategy": "all",
            "sort": ["username_length:asc"],
            "attributesToRetrieve": ["id", "version"],
            "limit": max(last, _NAMES),
        }
        if query.names_only:
            asked["attributesToSearchOn"] = ["names"]
        found = await self._queries.ask([asked])
        if found is None:
            return await self._postgres.search_people(query)
        return await checks.people(self._reader, query, found[0])

    async def search_statuses(self, query: StatusQuery) -> list[int]:
        """Ids of statuses, newest first."""
        last = query.offset + query.limit
        if query.among == "library" or last > MAX_HITS:
            return await self._postgres.search_statuses(query)
        asked = {
            "indexUid": self._statuses,
            "q": " ".join(_phrases(query)),
            "matchingStrategy": "all",
            "filter": list(_filters(query)),
            "sort": ["moment:desc", "sequence:desc"],
            "attributesToRetrieve": ["id", "version"],
            "limit": last,
        }
        found = await self._queries.ask([asked])
        if found is None:
            return await self._postgres.search_statuses(query)
        return await checks.statuses(self._reader, query, found[0])

    async def search_experts(self, query: ExpertQuery) -> Experts:
        """Who knows about it, best first.

        Each spelling of each word is asked for by itself, in one request: what ranks by groups, as
        Meilisearch does, never sees a text without the word that a group insists on.
        """
        if query.following:
            return await self._postgres.search_experts(query)
        asked = await weighed(self._reader, query.text, self._languages, self._synonyms)
        if not asked.terms:
            return Experts()
        found = await self._queries.ask([*self._evidence(asked, query.account_id)])
        if found is None or (_chooses(query) and any(len(hits) == MAX_HITS for hits in found)):
            return await self._postgres.search_experts(query)
        held = _held({hit.id: hit for hits in found for hit in hits}, asked)
        ranked = await self._ranking.rank(self._reader, query, asked, *held)
        return Experts(ranked, asked.spellings)

    def _evidence(self, asked: Terms, account_id: int | None) -> Iterator[dict[str, Any]]:
        """The queries for texts that hold any word; of too many the short and new ones."""
        questions = [(_phrase(spelling), "all") for spelling in asked.spellings]
        if len(asked.terms) > 1:
            # Where each word is in too many texts, those that hold several must not be missed.
            several = " ".join(" ".join(term.spellings[0]) for term in asked.terms)
            questions.append((several, "frequency"))
        filters = ["is_evidence = true"]
        if account_id is not None:
            filters.append(indexes.one_of("account_id", [account_id]))
        for question, strategy in questions:
            yield {
                "indexUid": self._statuses,
                "q": question,
                "matchingStrategy": strategy,
                "filter": filters,
                "sort": ["words_count:asc", "moment:desc"],
                "attributesToRetrieve": ["id", "version", "text"],
                "limit": MAX_HITS,
            }


def _chooses(query: ExpertQuery) -> bool:
    """Whether it asks for some of those who are found: then none of them may be missing."""
    return any((query.unit, query.location, query.language, query.topic))


def _held(hits: Mapping[int, Hit], asked: Terms) -> tuple[list[int], list[int], list[int]]:
    """Ids and versions of texts, each with the place of a word that is in it; counted from 1.

    Read from the texts, not from which query found them: a list may be cut off.
    """
    ids, versions, places = [], [], []
    for hit in hits.values():
        text = f" {hit.text} "
        for place, term in enumerate(asked.terms, 1):
            if any(f" {' '.join(spelling)} " in text for spelling in term.spellings):
                ids.append(hit.id)
                versions.append(hit.version)
                places.append(place)
    return ids, versions, places


def _phrases(query: StatusQuery) -> Iterator[str]:
    """The terms; in quotes, so that each is meant exactly as it is."""
    for term in query.terms:
        yield _phrase(term)
    for term in query.excluded:
        yield f"-{_phrase(term)}"


def _phrase(term: Term) -> str:
    # Folding took quotes out of every word.
    return '"{}"'.format(" ".join(term))


def _filters(query: StatusQuery) -> Iterator[str]:
    """All of which must hold."""
    yield from _bounds(query)
    for name, wanted in (("account_id", query.authors), ("language", query.languages)):
        if wanted is not None:
            yield indexes.one_of(name, wanted)
    for name, unwanted in (
        ("account_id", query.excluded_authors),
        ("language", query.excluded_languages),
        ("media", query.excluded_media),
    ):
        if unwanted:
            yield f"NOT {indexes.one_of(name, unwanted)}"
    # Each of them, where the others are any of them.
    yield from (indexes.one_of("media", [kind]) for kind in query.media)
    for name in ("is_reply", "is_sensitive", "has_link", "has_poll"):
        is_so = getattr(query, name)
        if is_so is not None:
            yield f"{name} = {str(is_so).lower()}"


def _bounds(query: StatusQuery) -> Iterator[str]:
    if query.above_id:
        yield indexes.above(query.above_id)
    if query.below_id < BIGGEST:
        yield indexes.below(query.below_id)
