"""Familiar followers: who of those one follows follows somebody, too."""

from collections.abc import Sequence
from typing import Any, Final

from app.database import Reader
from app.domain.accounts import accounts
from app.domain.relationships.hidden_authors import not_blocking

# Of each account, the latest.
MAX_EACH: Final = 80

_FAMILIAR = f"""
SELECT t.id AS target_account_id, f.*
FROM accounts t
LEFT JOIN LATERAL (
    SELECT {accounts.COLUMNS}
    FROM follows theirs
    JOIN follows mine ON mine.target_account_id = theirs.account_id
    JOIN accounts a ON a.id = theirs.account_id
    WHERE theirs.target_account_id = t.id AND theirs.accepted
      AND mine.account_id = $1 AND mine.accepted AND a.suspended_at IS NULL
      AND NOT t.hide_collections AND t.suspended_at IS NULL AND {not_blocking("$1", "t.id")}
    ORDER BY theirs.id DESC LIMIT {MAX_EACH}
) f ON true
WHERE t.id = ANY($2::bigint[])
"""


async def familiar_followers(
    reader: Reader, viewer: int, account_ids: Sequence[int]
) -> dict[int, list[Any]]:
    """`{account_id: thin rows of its followers whom the viewer follows}`, in the order asked.

    None for an account that keeps its followers private; no entry for one that is not there.
    """
    if not account_ids:
        return {}
    found: dict[int, list[Any]] = {}
    for row in await reader.fetch(_FAMILIAR, viewer, list(account_ids)):
        familiar = found.setdefault(row["target_account_id"], [])
        if row["id"] is not None:
            familiar.append(row)
    return {id_: found[id_] for id_ in dict.fromkeys(account_ids) if id_ in found}
