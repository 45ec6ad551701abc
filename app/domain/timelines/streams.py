"""Streams: to which of them an event belongs, for all who listen at once."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from app.database import Reader
from app.domain.relationships.hidden_authors import not_silenced_for, wanted_by
from app.domain.statuses import rows
from app.domain.timelines import lists

# As the public timelines: no reblogs, no replies to others. Tag timelines take replies.
_PLACES = """
SELECT s.id,
       s.visibility = 'public' AND s.reblog_of_id IS NULL AS is_public,
       s.in_reply_to_account_id IS NOT NULL AND s.in_reply_to_account_id <> s.account_id AS replies,
       s.media_attachments_count > 0 AS has_media,
       ARRAY(SELECT t.name FROM status_tags st JOIN tags t ON t.id = st.tag_id
             WHERE st.status_id = s.id) AS tags
FROM statuses s WHERE s.id = ANY($1::bigint[])
"""

_HOMES = """
SELECT status_id, account_id FROM home_entries
WHERE account_id = ANY($1::bigint[]) AND status_id = ANY($2::bigint[])
"""

_LISTS = f"""
SELECT s.id AS key, x.list_id
FROM statuses s
LEFT JOIN statuses o ON o.id = s.reblog_of_id
JOIN list_accounts x ON x.account_id = s.account_id
JOIN lists l ON l.id = x.list_id
LEFT JOIN follows f ON f.id = x.follow_id
WHERE x.list_id = ANY($1::bigint[]) AND s.id = ANY($2::bigint[]) AND {lists.wanted_of_member()}
"""

_LISTS_WITH_MEMBERS = """
SELECT x.account_id AS key, x.list_id
FROM list_accounts x
LEFT JOIN follows f ON f.id = x.follow_id
WHERE x.list_id = ANY($1::bigint[]) AND x.account_id = ANY($2::bigint[])
  AND (f.id IS NULL OR f.accepted)
"""

# What somebody said or passed on, what others passed on of it, and who names them: each the newest.
_LATEST = """
SELECT author.id AS author_id, latest.id, latest.account_id, latest.names, latest.is_direct
FROM unnest($1::bigint[]) AS author (id)
CROSS JOIN LATERAL (
    WITH own AS (
        SELECT s.id, s.account_id, s.visibility = 'direct' AS is_direct
        FROM statuses s WHERE s.account_id = author.id ORDER BY s.id DESC LIMIT $2
    )
    SELECT id, account_id, false AS names, is_direct FROM own
    UNION ALL
    (SELECT r.id, r.account_id, false, false FROM own JOIN statuses r ON r.reblog_of_id = own.id
     ORDER BY r.id DESC LIMIT $2)
    UNION ALL
    (SELECT s.id, s.account_id, true, s.visibility = 'direct'
     FROM mentions m JOIN statuses s ON s.id = m.status_id WHERE m.account_id = author.id
     ORDER BY m.status_id DESC LIMIT $2)
) latest
"""
# As much as a page has.
_LATEST_OF_EACH = 40

_MEETING = f"""
SELECT pair.viewer, pair.author_id
FROM unnest($1::bigint[], $2::bigint[]) AS pair (viewer, author_id)
JOIN accounts a ON a.id = pair.author_id
WHERE a.suspended_at IS NULL AND {wanted_by("pair.viewer", "a.id")}
  AND {not_silenced_for("pair.viewer", "a")}
"""

Pair = tuple[int, int]
"""A viewer, and a status."""


def _of_pairs(shown: str) -> str:
    """What `rows.statement` says for one viewer, said for the viewer of each pair."""
    one = rows.statement(
        "true",
        cursor="pair.viewer",
        source="{pairs} JOIN statuses s ON s.id = pair.id",
        shown=shown,
    )
    return rows.of_pairs(one)


_VISIBLE: Final = _of_pairs(rows.VISIBLE)
_WANTED: Final = _of_pairs(rows.WANTED)
_MET: Final = _of_pairs(rows.MET)


async def places(reader: Reader, status_ids: Collection[int]) -> dict[int, Any]:
    """`{status_id: row}` of those that are there: `is_public`, `replies`, `has_media`, `tags`."""
    found = await reader.fetch(_PLACES, list(status_ids))
    return {row["id"]: row for row in found}


async def homes(
    reader: Reader, viewers: Collection[int], status_ids: Collection[int]
) -> dict[int, list[int]]:
    """`{status_id: those of the viewers who have it at home}`, deleted statuses too."""
    found: dict[int, list[int]] = {}
    if viewers and status_ids:
        for row in await reader.fetch(_HOMES, list(viewers), list(status_ids)):
            found.setdefault(row["status_id"], []).append(row["account_id"])
    return found


async def in_lists(
    reader: Reader, list_ids: Collection[int], status_ids: Collection[int]
) -> dict[int, list[int]]:
    """`{status_id: those of the lists whose owners want it there}`, if they may read it."""
    return await _in_lists(reader, _LISTS, list_ids, status_ids)


async def with_members(
    reader: Reader, list_ids: Collection[int], account_ids: Collection[int]
) -> dict[int, list[int]]:
    """`{account_id: those of the lists that show what it says}`."""
    return await _in_lists(reader, _LISTS_WITH_MEMBERS, list_ids, account_ids)


async def latest(reader: Reader, author_ids: Collection[int]) -> dict[int, list[Any]]:
    """`{author_id: rows with id, account_id, names and is_direct}` of what they said lately.

    What others passed on of it is among that, and what names them (`names`), too.
    """
    found: dict[int, list[Any]] = {}
    for row in await reader.fetch(_LATEST, list(author_ids), _LATEST_OF_EACH):
        found.setdefault(row["author_id"], []).append(row)
    return found


async def meeting(reader: Reader, pairs: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
    """Those of the pairs of viewer and author where one comes across the other in public."""
    if not pairs:
        return set()
    viewers, authors = zip(*pairs, strict=True)
    rows_ = await reader.fetch(_MEETING, list(viewers), list(authors))
    return {(row["viewer"], row["author_id"]) for row in rows_}


async def wanted(reader: Reader, pairs: Collection[Pair]) -> Mapping[Pair, Any]:
    """`{(viewer, status_id): thin row}`, where the viewer comes across the status."""
    return await _by_pair(reader, _WANTED, pairs)


async def met(reader: Reader, pairs: Collection[Pair]) -> Mapping[Pair, Any]:
    """As `wanted`, where the viewer did not ask for the author: without the silenced."""
    return await _by_pair(reader, _MET, pairs)


async def visible(reader: Reader, pairs: Collection[Pair]) -> Mapping[Pair, Any]:
    """As `wanted`, with what hidden authors said."""
    return await _by_pair(reader, _VISIBLE, pairs)


async def _in_lists(
    reader: Reader, sql: str, list_ids: Collection[int], keys: Collection[int]
) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    if list_ids and keys:
        for row in await reader.fetch(sql, list(list_ids), list(keys)):
            found.setdefault(row["key"], []).append(row["list_id"])
    return found


async def _by_pair(reader: Reader, sql: str, pairs: Collection[Pair]) -> Mapping[Pair, Any]:
    found = await rows.by_pairs(reader, sql, pairs)
    return {(row["cursor"], row["id"]): row for row in found}
