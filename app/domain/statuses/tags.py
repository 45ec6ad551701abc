"""Tags: finding hashtags, and how much they were used lately."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock, ids
from app.database import Reader, SessionReader
from app.domain.statuses import text
from app.errors import NotFound
from app.models.statuses.tags import Tag

HISTORY_DAYS = 7

# A tag that was only used among a few is not told to others.
_USED = """
    (EXISTS (SELECT FROM tag_follows x WHERE x.tag_id = t.id AND x.account_id = $2)
     OR EXISTS (SELECT FROM featured_tags x WHERE x.tag_id = t.id AND x.account_id = $2)
     OR EXISTS (
        SELECT FROM status_tags st
        JOIN statuses s ON s.id = st.status_id JOIN accounts a ON a.id = s.account_id
        WHERE st.tag_id = t.id AND a.suspended_at IS NULL
          AND (s.visibility = 'public' OR s.account_id = $2)))
"""

_BY_IDS = "SELECT id, name, display_name FROM tags WHERE id = ANY($1::bigint[])"

_NAMED = "SELECT id, name FROM tags WHERE name = ANY($1::text[])"

_BY_NAME = f"SELECT t.id, t.name, t.display_name FROM tags t WHERE t.name = $1 AND {_USED}"

# Compared from both sides, for which the index is used in every plan; with LIKE it is not. The
# shortest name is the closest to what was typed.
_BY_BEGINNING = f"""
SELECT t.id, t.name, t.display_name FROM tags t
WHERE t.name ~>=~ $1 AND t.name ~<~ ($1 || chr(1114111)) AND t.listable AND {_USED}
ORDER BY length(t.name), t.name LIMIT $3 OFFSET $4
"""

# 16 bits of an id follow the milliseconds (`app/ids.py`).
_HISTORY = """
SELECT st.tag_id, (st.status_id >> 16) / 86400000 * 86400 AS day,
       count(*) AS uses, count(DISTINCT s.account_id) AS accounts
FROM status_tags st
JOIN statuses s ON s.id = st.status_id JOIN accounts a ON a.id = s.account_id
WHERE st.tag_id = ANY($1::bigint[]) AND st.status_id >= $2
  AND s.visibility = 'public' AND a.suspended_at IS NULL
GROUP BY 1, 2
"""


_MARKS = """
SELECT t.id, EXISTS (SELECT FROM tag_follows x
                     WHERE x.account_id = $1 AND x.tag_id = t.id) AS following,
       EXISTS (SELECT FROM featured_tags x
               WHERE x.account_id = $1 AND x.tag_id = t.id) AS featuring
FROM unnest($2::bigint[]) t (id)
"""


async def ensure_named(session: AsyncSession, name: str) -> int:
    """The id of the tag of this name, in whatever spelling; it is made if there is none.

    Raises:
        NotFound: no tag can have that name.
    """
    normalised = text.normalise_hashtag(name)
    if normalised is None:
        raise NotFound
    [tag_id] = await _ensure(session, {normalised: name.lstrip("#\uff03")})
    return tag_id


async def by_ids(reader: Reader, tag_ids: Sequence[int]) -> list[Any]:
    """The tags of these ids, in their order."""
    found = {row["id"]: row for row in await reader.fetch(_BY_IDS, list(tag_ids))}
    return [found[id_] for id_ in tag_ids if id_ in found]


async def marks(
    reader: Reader, viewer: int, tag_ids: Sequence[int]
) -> dict[int, tuple[bool, bool]]:
    """`{tag_id: (whether the viewer follows it, whether it is on their profile)}`."""
    if not tag_ids:
        return {}
    rows = await reader.fetch(_MARKS, viewer, list(tag_ids))
    return {row["id"]: (row["following"], row["featuring"]) for row in rows}


async def by_name(reader: Reader, viewer: int, name: str) -> Sequence[Any]:
    """The tag of this name, in whatever spelling; nothing if the viewer knows no use of it."""
    normalised = text.normalise_hashtag(name)
    return await reader.fetch(_BY_NAME, normalised, viewer) if normalised else []


async def by_beginning(
    reader: Reader, viewer: int, typed: str, limit: int, offset: int = 0
) -> Sequence[Any]:
    """Tags whose name begins with what was typed, the closest first."""
    # An underscore makes a tag of what is only the beginning of one, such as `2026`.
    beginning = text.normalise_hashtag(typed.strip() + "_")
    if beginning is None:
        return []
    return await reader.fetch(_BY_BEGINNING, beginning.removesuffix("_"), viewer, limit, offset)


async def named(reader: Reader, viewer: int, name: str) -> Mapping[str, Any]:
    """A tag by its name; one with id 0 when nobody used it yet.

    Raises:
        NotFound: no tag can have that name.
    """
    normalised = text.normalise_hashtag(name)
    if normalised is None:
        raise NotFound
    found = await by_name(reader, viewer, normalised)
    if found:
        row: Mapping[str, Any] = found[0]
        return row
    return {"id": 0, "name": normalised, "display_name": name.lstrip("#\uff03")}


async def history(reader: Reader, tag_ids: Sequence[int]) -> dict[int, dict[int, tuple[int, int]]]:
    """`{tag_id: {midnight in seconds since 1970: (accounts, uses)}}`, public statuses only."""
    if not tag_ids:
        return {}
    since = clock.now() - timedelta(days=HISTORY_DAYS)
    days: dict[int, dict[int, tuple[int, int]]] = {}
    for row in await reader.fetch(_HISTORY, list(tag_ids), ids.first(since)):
        days.setdefault(row["tag_id"], {})[row["day"]] = (row["accounts"], row["uses"])
    return days


async def ensure(session: AsyncSession, parsed: text.Parsed) -> list[int]:
    """The ids of the tags of a text; those that nobody used before are made."""
    return await _ensure(session, {tag.normalised: tag.name for tag in parsed.hashtags})


async def _ensure(session: AsyncSession, written: Mapping[str, str]) -> list[int]:
    if not written:
        return []
    reader = SessionReader(session)
    found = await reader.fetch(_NAMED, list(written))
    # Nearly every tag was used before.
    if missing := written.keys() - {row["name"] for row in found}:
        await session.exec(
            insert(Tag)
            .values(
                [
                    {
                        "id": ids.new(),
                        "created_at": clock.now(),
                        "name": name,
                        "display_name": written[name],
                    }
                    for name in sorted(missing)
                ]
            )
            .on_conflict_do_nothing()
        )
        found = await reader.fetch(_NAMED, list(written))
    return sorted(row["id"] for row in found)
