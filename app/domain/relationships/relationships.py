"""Relationships: how two accounts stand to each other, seen by one of them."""

from collections.abc import Sequence
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from app.database import Reader, SessionReader
from app.domain.accounts import accounts
from app.domain.relationships.hidden_authors import not_blocking
from app.errors import NotFound

_BETWEEN = """
SELECT a.id,
       coalesce(f.accepted, false) AS following,
       coalesce(f.show_reblogs, false) AS showing_reblogs,
       coalesce(f.notify, false) AS notifying,
       f.languages::text AS languages,
       coalesce(NOT f.accepted, false) AS requested,
       coalesce(b.accepted, false) AS followed_by,
       coalesce(NOT b.accepted, false) AS requested_by,
       EXISTS (SELECT FROM blocks x
               WHERE x.account_id = $1 AND x.target_account_id = a.id) AS blocking,
       EXISTS (SELECT FROM blocks x
               WHERE x.account_id = a.id AND x.target_account_id = $1) AS blocked_by,
       m.id IS NOT NULL AS muting, coalesce(m.hide_notifications, false) AS muting_notifications,
       m.expires_at AS muting_expires_at,
       EXISTS (SELECT FROM endorsements e
               WHERE e.account_id = $1 AND e.target_account_id = a.id) AS endorsed,
       coalesce((SELECT n.comment FROM notes n
                 WHERE n.account_id = $1 AND n.target_account_id = a.id), '') AS note
FROM accounts a
LEFT JOIN follows f ON f.account_id = $1 AND f.target_account_id = a.id
LEFT JOIN follows b ON b.account_id = a.id AND b.target_account_id = $1
LEFT JOIN mutes m ON m.account_id = $1 AND m.target_account_id = a.id
    AND (m.expires_at IS NULL OR m.expires_at > now())
WHERE a.id = ANY($2::bigint[]) AND ($3::boolean OR a.suspended_at IS NULL)
"""

_SHOWS_PEOPLE = f"""
SELECT a.id = $2 OR a.suspended_at IS NULL AND {not_blocking("$2", "a.id")} AS shows,
       a.id <> $2 AND a.hide_collections AS hides_follows
FROM accounts a WHERE a.id = $1 AND {accounts.KNOWN}
"""

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))"


async def between(
    reader: Reader, viewer: int, account_ids: Sequence[int], *, with_suspended: bool = True
) -> list[Any]:
    """One row per existing account, in the order of `account_ids`, each account once."""
    if not account_ids:
        return []
    rows = await reader.fetch(_BETWEEN, viewer, list(account_ids), with_suspended)
    found = {row["id"]: row for row in rows}
    return [found[id_] for id_ in dict.fromkeys(account_ids) if id_ in found]


async def shows_people(
    reader: Reader, viewer: int, account_id: int, *, follows: bool = False
) -> bool:
    """Whether an account tells the viewer with whom it has to do.

    It does not tell those it blocks, nor, of its `follows`, anybody if it keeps those private.

    Raises:
        NotFound: there is no such account.
    """
    rows = await reader.fetch(_SHOWS_PEOPLE, account_id, viewer)
    if not rows:
        raise NotFound
    return rows[0]["shows"] and not (follows and rows[0]["hides_follows"])


async def lock(session: AsyncSession, account_id: int, other_account_id: int) -> None:
    """Decide about two accounts one transaction after the other.

    A block that begins while a follow is being made would otherwise leave both.
    """
    pair = ":".join(map(str, sorted([account_id, other_account_id])))
    await SessionReader(session).fetch(_LOCK, pair)
