"""Search in PostgreSQL itself: nothing to run, nothing to keep in step.

The indexes are on expressions of the tables (`ix_accounts_words`, `ix_statuses_words`), so that
what is committed is found at once.
"""

import re
from collections.abc import Sequence
from typing import Any

from app.database import Reader
from search.engines import Kind, PeopleQuery, StatusQuery

_WORD = re.compile(r"\w+")

# Who wrote about it is looked for among this many of the newest matching statuses.
_STATUSES_READ = 500

_ACCOUNT_WORDS = "to_tsvector('simple', username || ' ' || display_name || ' ' || note)"
_STATUS_WORDS = "to_tsvector('simple', s.spoiler_text || ' ' || s.text)"

# From the surest sign to the weakest: the exact name, its beginning, the shown name, the words of
# the profile, the words of what somebody said to everybody.
_PEOPLE = f"""
WITH hits (id, rank, last_id) AS (
    SELECT id, 0, 0::bigint FROM accounts WHERE lower(username) = $1
    UNION ALL
    SELECT id, 1, 0 FROM accounts WHERE lower(username) LIKE $2
    UNION ALL
    SELECT id, 2, 0 FROM accounts WHERE lower(display_name) LIKE $2
    UNION ALL
    SELECT id, 3, 0 FROM accounts WHERE {_ACCOUNT_WORDS} @@ $3::text::tsquery
    UNION ALL
    SELECT account_id, 4, id FROM (
        SELECT s.account_id, s.id FROM statuses s
        WHERE {_STATUS_WORDS} @@ $3::text::tsquery
          AND s.reblog_of_id IS NULL AND s.visibility = 'public'
        ORDER BY s.id DESC LIMIT {_STATUSES_READ}
    ) said
)
SELECT a.id
FROM (SELECT id, min(rank) AS rank, max(last_id) AS last_id FROM hits GROUP BY id) h
JOIN accounts a ON a.id = h.id
WHERE a.suspended_at IS NULL
  AND ($4::bigint = 0 OR EXISTS (
        SELECT FROM follows f
        WHERE f.account_id = $4 AND f.target_account_id = a.id AND f.accepted))
ORDER BY h.rank, h.last_id DESC, lower(a.username)
LIMIT $5 OFFSET $6
"""

_IN_LIBRARY = """(
    s.account_id = $1
    OR EXISTS (SELECT FROM mentions m WHERE m.status_id = s.id AND m.account_id = $1)
    OR EXISTS (SELECT FROM favourites m WHERE m.status_id = s.id AND m.account_id = $1)
    OR EXISTS (SELECT FROM bookmarks m WHERE m.status_id = s.id AND m.account_id = $1)
    OR EXISTS (SELECT FROM statuses m WHERE m.reblog_of_id = s.id AND m.account_id = $1))"""
_IN_PUBLIC = "(s.visibility = 'public' AND a.indexable)"


class PostgresEngine:
    """The engine that is always there."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    async def index(self, kind: Kind, ids: Sequence[int]) -> None:
        """Nothing to do: the indexes are part of the tables."""

    async def delete(self, kind: Kind, ids: Sequence[int]) -> None:
        """Nothing to do: what is deleted is in no index."""

    async def people(self, query: PeopleQuery) -> list[int]:
        """Ids of accounts: by name first, then by words of their profile and statuses."""
        typed = query.words.strip().lower()
        if not typed:
            return []
        rows = await self._reader.fetch(
            _PEOPLE,
            typed,
            _escaped(typed) + "%",
            _prefix_query(typed),
            query.followed_by,
            query.limit,
            query.offset,
        )
        return [row["id"] for row in rows]

    async def statuses(self, query: StatusQuery) -> list[int]:
        """Ids of statuses that match every word and filter, newest first."""
        arguments: list[Any] = [query.viewer]
        conditions = list(_conditions(query, arguments))
        arguments += [query.limit, query.offset]
        rows = await self._reader.fetch(
            "SELECT s.id FROM statuses s JOIN accounts a ON a.id = s.account_id "
            f"WHERE s.reblog_of_id IS NULL AND {' AND '.join(conditions)} "
            f"ORDER BY s.id DESC LIMIT ${len(arguments) - 1} OFFSET ${len(arguments)}",
            *arguments,
        )
        return [row["id"] for row in rows]

    async def is_healthy(self) -> bool:
        """Whenever the database answers."""
        return bool(await self._reader.fetch("SELECT 1"))


def _conditions(query: StatusQuery, arguments: list[Any]) -> list[str]:
    def value(given: object) -> str:
        arguments.append(given)
        return f"${len(arguments)}"

    scopes = {"library": _IN_LIBRARY, "public": _IN_PUBLIC}
    found = [scopes.get(query.library or "", f"({_IN_PUBLIC} OR {_IN_LIBRARY})")]
    # Names the viewer's parameter even where no condition needs it.
    found.append("$1::bigint IS NOT NULL")
    if query.words:
        found.append(f"{_STATUS_WORDS} @@ websearch_to_tsquery('simple', {value(query.words)})")
    bounds = (
        ("s.account_id =", query.account_id),
        ("s.id <", query.below),
        ("s.id >", query.above),
        ("s.language =", query.language),
        ("s.sensitive =", query.is_sensitive),
        ("s.created_at >=", query.since),
        ("s.created_at <", query.until),
    )
    found += [f"{column} {value(given)}" for column, given in bounds if given is not None]
    if query.is_reply is not None:
        found.append(f"(s.in_reply_to_id IS NOT NULL) = {value(query.is_reply)}")
    if query.has_link is not None:
        found.append(f"(s.text ~ 'https?://') = {value(query.has_link)}")
    return found


def _escaped(typed: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", typed)


def _prefix_query(typed: str) -> str:
    """All words, the last one as a beginning; a query that matches nothing when there is none."""
    words = _WORD.findall(typed)
    return " & ".join(f"'{word}'" for word in words) + ":*" if words else ""
