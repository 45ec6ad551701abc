"""Account warnings: what moderators told people they had decided."""

from collections.abc import Sequence
from typing import Any

from app.database import Reader

_BY_IDS = """
SELECT w.id, w.created_at, w.target_account_id, w.action, w.text, w.status_ids
FROM account_warnings w WHERE w.id = ANY($1::bigint[])
"""


async def by_ids(reader: Reader, ids: Sequence[int]) -> Sequence[Any]:
    """Rows of these warnings."""
    return await reader.fetch(_BY_IDS, list(ids)) if ids else []
