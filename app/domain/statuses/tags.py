"""Tags: finding hashtags, and how much they were used lately."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from app import clock, ids
from app.database import Reader
from app.domain.statuses import text
from app.errors import NotFound

HISTORY_DAYS = 7

_BY_NAMES = "SELECT id, name, display_name FROM tags WHERE name = ANY($1::text[]) ORDER BY name"

_BY_BEGINNING = """
SELECT id, name, display_name FROM tags
WHERE name LIKE $1 ORDER BY name <> $2, name LIMIT $3 OFFSET $4
"""

_HISTORY = """
SELECT st.tag_id, (extract(epoch FROM s.created_at)::bigint / 86400) * 86400 AS day,
       count(*) AS uses, count(DISTINCT s.account_id) AS accounts
FROM status_tags st JOIN statuses s ON s.id = st.status_id
WHERE st.tag_id = ANY($1::bigint[]) AND st.status_id >= $2 AND s.visibility = 'public'
GROUP BY 1, 2
"""


async def by_names(reader: Reader, names: Iterable[str]) -> Sequence[Any]:
    """The tags of these names that were used, in whatever spelling."""
    wanted = [name for name in map(text.normalise_hashtag, names) if name]
    return await reader.fetch(_BY_NAMES, wanted) if wanted else []


async def by_beginning(reader: Reader, typed: str, limit: int, offset: int = 0) -> Sequence[Any]:
    """Tags whose name begins with what was typed, the exact one first."""
    beginning = text.normalise_hashtag(typed.removeprefix("#").strip())
    if beginning is None:
        return []
    pattern = beginning.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    return await reader.fetch(_BY_BEGINNING, pattern, beginning, limit, offset)


async def named(reader: Reader, name: str) -> Mapping[str, Any]:
    """A tag by its name; one with id 0 when nobody used it yet.

    Raises:
        NotFound: no tag can have that name.
    """
    normalised = text.normalise_hashtag(name)
    if normalised is None:
        raise NotFound
    found = await by_names(reader, [normalised])
    if found:
        row: Mapping[str, Any] = found[0]
        return row
    return {"id": 0, "name": normalised, "display_name": name}


async def history(reader: Reader, tag_ids: Sequence[int]) -> dict[int, dict[int, tuple[int, int]]]:
    """`{tag_id: {midnight in seconds since 1970: (accounts, uses)}}`, public statuses only."""
    if not tag_ids:
        return {}
    since = clock.now() - timedelta(days=HISTORY_DAYS)
    days: dict[int, dict[int, tuple[int, int]]] = {}
    for row in await reader.fetch(_HISTORY, list(tag_ids), ids.first(since)):
        days.setdefault(row["tag_id"], {})[row["day"]] = (row["accounts"], row["uses"])
    return days
