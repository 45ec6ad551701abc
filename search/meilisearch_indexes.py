"""The indexes in Meilisearch: how they are set, and what their documents look like.

Only what everybody may read is in them. Ids are strings: numbers are exact to 2^53 there (SE-1).
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from search.engines import Document, Kind

# Goes up whenever settings or documents change: servers of both versions then have indexes of their
# own, and the newer ones ask PostgreSQL until theirs are built.
VERSION: Final = 1

KINDS: Final[tuple[Kind, ...]] = ("people", "statuses")

# No query sees more hits.
MAX_HITS: Final = 1000

# An id is a moment in milliseconds, and a number within it (app/ids.py): two exact numbers.
_SEQUENCE_BITS = 16
_ID = ("id", "moment", "sequence")

_PREFIX_SEARCH = {True: "indexingTime", False: "disabled"}


def _settings(*, is_typed: bool, **given: Any) -> dict[str, Any]:
    """`is_typed`: words may be mistyped, and the last one may go on."""
    return {
        "typoTolerance": {
            "enabled": is_typed,
            "minWordSizeForTypos": {"oneTypo": 4, "twoTypos": 8},
        },
        "prefixSearch": _PREFIX_SEARCH[is_typed],
        "facetSearch": False,
        "pagination": {"maxTotalHits": MAX_HITS},
        "searchCutoffMs": 400,
        **given,
    }


SETTINGS: Final[Mapping[Kind, Mapping[str, Any]]] = {
    "people": _settings(
        is_typed=True,
        searchableAttributes=["names", "profile"],
        filterableAttributes=[*_ID],
        sortableAttributes=["username_length"],
        rankingRules=["words", "typo", "exactness", "sort"],
    ),
    # Words are compared as PostgreSQL does, and their other spellings come from the vocabulary:
    # what is found does not depend on the engine.
    "statuses": _settings(
        is_typed=False,
        searchableAttributes=["text"],
        filterableAttributes=[
            *_ID,
            "account_id",
            "language",
            "media",
            *("has_link", "has_poll", "is_evidence", "is_reply", "is_sensitive"),
        ],
        sortableAttributes=["moment", "sequence", "words_count"],
        rankingRules=["words", "sort"],
    ),
}


def uid(prefix: str, kind: Kind) -> str:
    """The name of the index that answers."""
    return f"{prefix}{kind}_v{VERSION}"


def document(document: Document) -> dict[str, Any]:
    """How Meilisearch gets it."""
    return {
        "id": str(document.id),
        "version": document.version,
        "moment": document.id >> _SEQUENCE_BITS,
        "sequence": _sequence(document.id),
        **document.content,
    }


def above(id_: int) -> str:
    """The filter for ids greater than this one."""
    moment = id_ >> _SEQUENCE_BITS
    return f"(moment > {moment} OR (moment = {moment} AND sequence > {_sequence(id_)}))"


def below(id_: int) -> str:
    """The filter for ids smaller than this one."""
    moment = id_ >> _SEQUENCE_BITS
    return f"(moment < {moment} OR (moment = {moment} AND sequence < {_sequence(id_)}))"


def up_to(id_: int) -> str:
    """The filter for ids not greater than this one."""
    return f"NOT {above(id_)}"


def one_of(attribute: str, values: Iterable[int | str]) -> str:
    """The filter for any of these values."""
    return f"{attribute} IN [{', '.join(map(_quoted, values))}]"


def _sequence(id_: int) -> int:
    return id_ & ((1 << _SEQUENCE_BITS) - 1)


def _quoted(value: int | str) -> str:
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
