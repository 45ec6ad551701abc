"""Pages by id: `max_id`, `since_id`, `min_id`, `limit` (client API section a, HT-8).

Every list statement takes `$1` viewer, `$2` below, `$3` above, `$4` limit, then its own, names its
cursor column `cursor`, and ends in `ORDER BY ... {direction} LIMIT $4`.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlencode

from app.database import Reader
from app.ids import BIGGEST

# Cursors, and what is never repeated into a header that gets logged and cached.
_NOT_KEPT = frozenset({"max_id", "since_id", "min_id", "offset", "access_token"})


class Page(Protocol):
    """Which part of a list is asked for."""

    @property
    def max_id(self) -> int | None:
        """Only what is strictly older."""

    @property
    def since_id(self) -> int | None:
        """Only what is strictly newer, the newest of it."""

    @property
    def min_id(self) -> int | None:
        """Only what is strictly newer, the oldest of it; wins over `since_id`."""

    @property
    def limit(self) -> int:
        """How many rows at most."""


class OffsetPage(Protocol):
    """Which part of a list without cursors is asked for."""

    @property
    def limit(self) -> int:
        """How many at most."""

    @property
    def offset(self) -> int:
        """How many to leave out."""


class Listing:
    """A list statement, readable from either end."""

    def __init__(self, sql: str) -> None:
        self._newest = sql.replace("{direction}", "DESC")
        self._oldest = sql.replace("{direction}", "ASC")

    async def read(
        self, reader: Reader, viewer: int, page: Page, *arguments: object
    ) -> Sequence[Any]:
        """One page in one statement, newest first whichever end it was read from."""
        below = BIGGEST if page.max_id is None else page.max_id
        if page.min_id is not None:
            rows = await reader.fetch(
                self._oldest, viewer, below, page.min_id, page.limit, *arguments
            )
            return rows[::-1]
        return await reader.fetch(
            self._newest, viewer, below, page.since_id or 0, page.limit, *arguments
        )


@lru_cache(1024)
def kept(query: bytes) -> str:
    """What every page of a listing repeats of a query: all but cursors and secrets."""
    if not query:
        return ""
    # A query that is not ASCII was refused before it came here.
    sent = parse_qsl(query.decode("ascii", "ignore"), keep_blank_values=True)
    return urlencode([(name, value) for name, value in sent if name not in _NOT_KEPT])


def link(
    url: str,
    query: str,
    rows: Sequence[Any],
    *,
    limit: int,
    prev: str = "min_id",
    only_full: bool = False,
) -> str | None:
    """The `Link` header (RFC 8288) of a page, `next` first; None for an empty page.

    `query` is what `kept` makes of that of the request. `only_full`: no `next` when the page has
    room left, as lists of accounts do.
    """
    if not rows:
        return None
    base = f"{url}?{query}&" if query else f"{url}?"
    before = f'<{base}{prev}={rows[0]["cursor"]}>; rel="prev"'
    if only_full and len(rows) < limit:
        return before
    return f'<{base}max_id={rows[-1]["cursor"]}>; rel="next", {before}'


def offset_link(url: str, query: str, count: int, *, limit: int, offset: int) -> str | None:
    """The `Link` header of a page without cursors; `query` is without the offset."""
    base = f"{url}?{query}&" if query else f"{url}?"
    links = []
    if count == limit:
        links.append(f'<{base}offset={offset + limit}>; rel="next"')
    if offset:
        links.append(f'<{base}offset={max(offset - limit, 0)}>; rel="prev"')
    return ", ".join(links) or None
