"""Filters: holding what a status says against what its reader wants to be spared.

Words are looked for with plain string search: no pattern of a user is ever run (IN-7).
"""

import json
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from pydantic_core import to_json

from app import clock
from app.database import Reader
from app.domain.statuses import filters as domain
from app.rendering.cache import Generations

KEPT_READERS = 2_000


class _Keyword(NamedTuple):
    keyword: str
    folded: str
    # Whether a word may go on before and behind it.
    goes_before: bool
    goes_behind: bool


class _Filter(NamedTuple):
    """One filter of somebody's."""

    entity: dict[str, Any]
    keywords: tuple[_Keyword, ...]
    status_ids: frozenset[int]
    # Where what matches is left out.
    hides_in: frozenset[str]


class Filtered(NamedTuple):
    """What the filters of a reader make of a status."""

    # FilterResult entities, as a JSON array.
    results: bytes
    # Where it is left out.
    hidden_in: frozenset[str]


NOTHING = Filtered(b"[]", frozenset())


class Filters:
    """The filters of those who read lately, ready to be asked."""

    def __init__(self) -> None:
        self._kept: Generations[str, tuple[_Filter, ...]] = Generations(KEPT_READERS)

    async def of(
        self, reader: Reader, rows: Iterable[Any], viewer: int
    ) -> dict[str, tuple[_Filter, ...]]:
        """`{versions: filters}` for thin rows of a viewer; nothing is read for one without any."""
        return await self._of(reader, {row["filters"] for row in rows} - {None}, [viewer])

    async def prepare(self, reader: Reader, rows: Iterable[Any], viewers: Collection[int]) -> None:
        """Read in one statement what thin rows of many viewers need."""
        await self._of(reader, {row["filters"] for row in rows} - {None}, viewers)

    async def _of(
        self, reader: Reader, named: Collection[str], viewers: Collection[int]
    ) -> dict[str, tuple[_Filter, ...]]:
        found = {versions: self._kept.get(versions) for versions in named}
        missing = [versions for versions, kept in found.items() if kept is None]
        if missing:
            wanted = {int(version) for versions in missing for version in versions.split()}
            read = {
                str(row["version"]): _filter(row)
                for row in await domain.active(reader, viewers, wanted)
            }
            for versions in missing:
                kept = tuple(read[each] for each in versions.split() if each in read)
                self._kept.put(versions, kept)
                found[versions] = kept
        return {versions: kept for versions, kept in found.items() if kept is not None}


def searched(*texts: str) -> str:
    """What filters look into of the texts of a status."""
    return "\n\n".join(text for text in texts if text).casefold()


def filtered(filters: Sequence[_Filter], status_id: int, text: str) -> Filtered:
    """What filters make of a status whose texts are `searched`."""
    results = []
    hidden_in: frozenset[str] = frozenset()
    for each in filters:
        keywords = [word.keyword for word in each.keywords if _holds(text, word)]
        is_named = status_id in each.status_ids
        if keywords or is_named:
            results.append(
                {
                    "filter": each.entity,
                    "keyword_matches": keywords or None,
                    "status_matches": [str(status_id)] if is_named else None,
                }
            )
            hidden_in |= each.hides_in
    return Filtered(to_json(results), hidden_in) if results else NOTHING


def _filter(row: Any) -> _Filter:
    return _Filter(
        {
            "id": str(row["id"]),
            "title": row["title"],
            "context": row["context"],
            "expires_at": clock.iso(row["expires_at"]) if row["expires_at"] else None,
            "filter_action": row["action"],
        },
        tuple(
            _keyword(keyword, whole_word=whole_word)
            for _, keyword, whole_word in json.loads(row["keywords"] or "[]")
        ),
        frozenset(int(status_id) for _, status_id in json.loads(row["statuses"] or "[]")),
        frozenset(row["context"] if row["action"] == "hide" else ()),
    )


def _keyword(keyword: str, *, whole_word: bool) -> _Keyword:
    folded = keyword.casefold()
    return _Keyword(
        keyword,
        folded,
        not whole_word or not _is_word(folded[0]),
        not whole_word or not _is_word(folded[-1]),
    )


def _holds(text: str, word: _Keyword) -> bool:
    return any(
        (word.goes_before or start == 0 or not _is_word(text[start - 1]))
        and (word.goes_behind or end == len(text) or not _is_word(text[end]))
        for start, end in _places(text, word.folded)
    )


def _places(text: str, word: str) -> Iterator[tuple[int, int]]:
    start = text.find(word)
    while start >= 0:
        yield start, start + len(word)
        start = text.find(word, start + 1)


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_" or unicodedata.category(character)[0] == "M"
