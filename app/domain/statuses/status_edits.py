"""Status edits: how the words of a status changed."""

from collections.abc import Sequence
from typing import Any

from app.database import Reader

_EDITS = """
SELECT e.created_at, e.text, e.spoiler_text, e.sensitive, e.poll_options
FROM status_edits e WHERE e.status_id = $1
UNION ALL
SELECT s.created_at, s.text, s.spoiler_text, s.sensitive, p.options
FROM statuses s LEFT JOIN polls p ON p.id = s.poll_id WHERE s.id = $1 AND s.edited_at IS NULL
ORDER BY created_at
"""


async def history(reader: Reader, status_id: int) -> Sequence[Any]:
    """Every wording of a status, the original first, the current one last; at least one."""
    return await reader.fetch(_EDITS, status_id)
