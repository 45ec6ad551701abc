"""What a search engine does, whichever it is.

An engine returns ids, best first. It holds texts, never rights: whoever asks filters the ids
again by what the viewer may see (SE-1).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

Kind = Literal["account", "status"]


@dataclass(frozen=True, slots=True)
class PeopleQuery:
    """Who is looked for. `words` is what was typed, without operators."""

    words: str
    limit: int
    offset: int = 0
    # Only accounts that this account follows; 0 for everybody.
    followed_by: int = 0


@dataclass(frozen=True, slots=True)
class StatusQuery:
    """Which statuses are looked for. `words` may hold "phrases" and -words."""

    words: str
    viewer: int
    limit: int
    offset: int = 0
    account_id: int | None = None
    below: int | None = None
    above: int | None = None
    language: str | None = None
    is_reply: bool | None = None
    is_sensitive: bool | None = None
    has_link: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    # Only what the viewer wrote, was mentioned in or marked; or only what everybody may find.
    library: Literal["library", "public"] | None = None


class SearchEngine(Protocol):
    """Finds people and statuses by their words."""

    async def index(self, kind: Kind, ids: Sequence[int]) -> None:
        """Take in these things as they are now; repeating it changes nothing."""

    async def delete(self, kind: Kind, ids: Sequence[int]) -> None:
        """Forget these things."""

    async def people(self, query: PeopleQuery) -> list[int]:
        """Ids of accounts, best first."""

    async def statuses(self, query: StatusQuery) -> list[int]:
        """Ids of statuses, newest first."""

    async def is_healthy(self) -> bool:
        """Whether it would answer now."""
