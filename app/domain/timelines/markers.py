"""Markers: how far an account has read its timelines."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock
from app.database import Reader, SessionReader
from app.errors import Conflict

TIMELINES: Final = ("home", "notifications")

_READ = """
SELECT timeline, last_read_id, version, updated_at
FROM markers WHERE account_id = $1 AND timeline = ANY($2::text[])
"""

# What another device is writing right now cannot be locked, and is counted.
_BUSY = """
WITH free AS (
    SELECT timeline FROM markers WHERE account_id = $1 AND timeline = ANY($2::text[])
    FOR UPDATE SKIP LOCKED
)
SELECT count(*) AS busy FROM markers
WHERE account_id = $1 AND timeline = ANY($2::text[])
  AND timeline NOT IN (SELECT timeline FROM free)
"""

_WRITE = """
INSERT INTO markers (account_id, timeline, last_read_id, version, updated_at)
SELECT $1, given.timeline, given.last_read_id, 1, $4
FROM unnest($2::text[], $3::bigint[]) AS given (timeline, last_read_id)
ORDER BY given.timeline
ON CONFLICT (account_id, timeline) DO UPDATE
SET last_read_id = excluded.last_read_id, version = markers.version + 1,
    updated_at = excluded.updated_at
RETURNING timeline, last_read_id, version, updated_at
"""


async def read(reader: Reader, account_id: int, timelines: Sequence[str]) -> Sequence[Any]:
    """A row for each of these timelines that has a marker."""
    if not timelines:
        return []
    return await reader.fetch(_READ, account_id, list(timelines))


async def write(
    session: AsyncSession, account_id: int, positions: Mapping[str, int]
) -> Sequence[Any]:
    """Set the markers of `{timeline: id last read}`; the rows as they are now.

    Raises:
        Conflict: another device is setting one of them at this moment.
    """
    if not positions:
        return []
    reader = SessionReader(session)
    timelines = list(positions)
    if (await reader.fetch(_BUSY, account_id, timelines))[0]["busy"]:
        raise Conflict
    return await reader.fetch(_WRITE, account_id, timelines, list(positions.values()), clock.now())
