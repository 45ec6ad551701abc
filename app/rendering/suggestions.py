"""Suggestions to JSON bytes."""

from collections.abc import Sequence
from typing import Any

from pydantic_core import to_json

from app.database import Reader
from app.domain.relationships.suggestions import SOURCES
from app.rendering.statuses import Renderer

_OLDER = {
    "featured": "staff",
    "friends_of_friends": "past_interactions",
    "similar_to_recently_followed": "past_interactions",
    "most_followed": "global",
}


async def suggestions(renderer: Renderer, reader: Reader, rows: Sequence[Any]) -> list[bytes]:
    """Suggestion entities for rows of `domain.relationships.suggestions`, in their order."""
    bodies = await renderer.each_account(reader, rows)
    return [
        b'%b,"account":%b}' % (_reasons(row["sources"]), body)
        for row, body in zip(rows, bodies, strict=True)
        if body is not None
    ]


def _reasons(sources: Sequence[str]) -> bytes:
    ordered = sorted(sources, key=SOURCES.index)
    return to_json({"source": _OLDER[ordered[0]], "sources": ordered})[:-1]
