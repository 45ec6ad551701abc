"""What the worker does with uploads: what is to be made, what became of it, what nobody wanted."""

from datetime import datetime
from typing import Any

from pydantic_core import to_json

from app.database import Reader
from app.transcoding.making import Kept

_WAITING = """
SELECT id, upload, kind, preview FROM media_attachments
WHERE id = $1 AND state = 'waiting' AND upload IS NOT NULL
"""

# Only once, however often the job runs. A picture that somebody chose stays.
_FINISH = """
UPDATE media_attachments
SET state = 'ready', upload = NULL, kind = $2, file = $3, size_bytes = $4,
    preview = coalesce(preview, $5), blurhash = coalesce(blurhash, $6), meta = $7::jsonb || meta
WHERE id = $1 AND state = 'waiting'
RETURNING id
"""

_FAIL = """
UPDATE media_attachments SET state = 'failed', upload = NULL WHERE id = $1 AND state = 'waiting'
"""

# Their jobs gave up, or were lost.
_GIVE_UP = """
UPDATE media_attachments SET state = 'failed', upload = NULL
WHERE state = 'waiting' AND created_at < $1
"""

_EXPIRE = """
DELETE FROM media_attachments
WHERE status_id IS NULL AND held_by_id IS NULL AND unattached_since < $1
"""


async def waiting(reader: Reader, media_id: int) -> Any | None:
    """The id, upload, kind and preview of a file of which something is still to be made."""
    rows = await reader.fetch(_WAITING, media_id)
    return rows[0] if rows else None


async def finish(reader: Reader, media_id: int, made: Kept) -> bool:
    """Let a file be shown; False if it was finished before, or is gone."""
    rows = await reader.fetch(
        _FINISH,
        media_id,
        made.kind,
        made.file,
        made.size_bytes,
        made.preview,
        made.blurhash,
        to_json(made.meta).decode(),
    )
    return bool(rows)


async def fail(reader: Reader, media_id: int) -> None:
    """Say that nothing can be made of a file."""
    await reader.fetch(_FAIL, media_id)


async def give_up(reader: Reader, before: datetime) -> None:
    """Say that nothing came of files that have waited since before a moment."""
    await reader.fetch(_GIVE_UP, before)


async def expire(reader: Reader, before: datetime) -> None:
    """Forget files that hang on nothing since before a moment (MD-6)."""
    await reader.fetch(_EXPIRE, before)
