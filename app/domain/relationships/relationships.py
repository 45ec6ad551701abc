"""Relationships: how two accounts stand to each other, seen by one of them."""

from collections.abc import Sequence
from typing import Any

from app.database import Reader

_BETWEEN = """
SELECT a.id,
       coalesce(f.accepted, false) AS following,
       coalesce(f.accepted AND f.show_reblogs, false) AS showing_reblogs,
       coalesce(f.accepted AND f.notify, false) AS notifying,
       f.languages::text AS languages,
       coalesce(NOT f.accepted, false) AS requested,
       coalesce(b.accepted, false) AS followed_by,
       coalesce(NOT b.accepted, false) AS requested_by
FROM accounts a
LEFT JOIN follows f ON f.account_id = $1 AND f.target_account_id = a.id
LEFT JOIN follows b ON b.account_id = a.id AND b.target_account_id = $1
WHERE a.id = ANY($2::bigint[])
"""


async def between(reader: Reader, viewer: int, account_ids: Sequence[int]) -> list[Any]:
    """One row per existing account, in the order of `account_ids`, each account once."""
    if not account_ids:
        return []
    found = {row["id"]: row for row in await reader.fetch(_BETWEEN, viewer, list(account_ids))}
    return [found[id_] for id_ in dict.fromkeys(account_ids) if id_ in found]
