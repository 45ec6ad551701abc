"""What a search engine does, whichever it is.

It answers with ids, best first, and holds texts, never rights: whoever asks reads the rows and
decides again who may see them (SE-1).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from app.ids import BIGGEST

Kind = Literal["people", "statuses"]
EngineName = Literal["postgresql", "meilisearch"]

# `library`: what the viewer wrote or put a mark on; `public`: what everybody may read.
Among = Literal["all", "library", "public"]

Term = tuple[str, ...]
"""Folded words that stand next to each other; usually just one."""


@dataclass(frozen=True, slots=True)
class Document:
    """What an engine outside the database keeps of an account or a status.

    `version` tells the texts of one id apart: what was found in another than the present one does
    not count.
    """

    kind: Kind
    id: int
    version: int
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PeopleQuery:
    """Whom somebody looks for: by name first, then by words of profiles.

    `name` is the text as it was typed, without `@`. `terms` is what it says; with `names_only`
    only the words of names count, as when a name is completed while typing.
    """

    viewer: int
    name: str
    terms: tuple[Term, ...]
    names_only: bool = False
    # Only those whom the viewer follows.
    following: bool = False
    limit: int = 20
    offset: int = 0


@dataclass(frozen=True, slots=True)
class StatusQuery:
    """Which statuses somebody looks for; None is "does not matter"."""

    viewer: int
    terms: tuple[Term, ...] = ()
    excluded: tuple[Term, ...] = ()
    among: Among = "all"
    authors: tuple[int, ...] | None = None
    excluded_authors: tuple[int, ...] = ()
    languages: tuple[str, ...] | None = None
    excluded_languages: tuple[str, ...] = ()
    is_reply: bool | None = None
    is_sensitive: bool | None = None
    has_link: bool | None = None
    has_poll: bool | None = None
    # Any of `media`, `image`, `video` and `audio`: what must, and what must not hang on it.
    media: tuple[str, ...] = ()
    excluded_media: tuple[str, ...] = ()
    # Ids tell the time: both bounds are exclusive.
    above_id: int = 0
    below_id: int = BIGGEST
    limit: int = 20
    offset: int = 0


@dataclass(frozen=True, slots=True)
class ExpertQuery:
    """What somebody wants to find the people for who know about it."""

    viewer: int
    text: str
    # These choose among those who are found, and change nobody's points: who works there, whom the
    # viewer follows, who has evidence that counts in this language, or with this tag (its name).
    unit: str | None = None
    location: str | None = None
    language: str | None = None
    topic: str | None = None
    following: bool = False
    # Only this one.
    account_id: int | None = None
    excluded: tuple[int, ...] = ()
    limit: int = 20
    offset: int = 0


EvidenceKind = Literal["status", "reaction", "skill", "endorsement"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Something that speaks for somebody, and the points it earns them (`search/formula.py`).

    `id` is that of the row: of a public status they wrote, which is also what `people` reacted to,
    of a tag on their profile, or of an endorsement.
    """

    kind: EvidenceKind
    id: int
    points: float
    people: int = 1


@dataclass(frozen=True, slots=True)
class Expert:
    """Somebody, and the evidence that they know about it, the best first."""

    account_id: int
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Experts:
    """Who was found, best first, and every spelling of the words by which they were."""

    found: tuple[Expert, ...] = ()
    spellings: tuple[Term, ...] = ()


class SearchEngine(Protocol):
    """Finds ids. The same answers' shape and the same filters, whichever engine it is.

    How an engine comes to know what it searches is its own affair.
    """

    async def search_people(self, query: PeopleQuery) -> Sequence[int]:
        """Ids of accounts, best first."""

    async def search_statuses(self, query: StatusQuery) -> Sequence[int]:
        """Ids of statuses, newest first: what the viewer may probably read, and nothing else."""

    async def search_experts(self, query: ExpertQuery) -> Experts:
        """Who knows about it, from what they wrote in public and want to be found by."""

    @property
    def answers_by(self) -> EngineName:
        """Who answers at present."""

    async def close(self) -> None:
        """Let go of what it holds. It is not asked again."""
