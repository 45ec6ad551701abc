"""Ids for what is imported: where dates have no time, much happened in one millisecond."""

from collections.abc import Sequence
from datetime import datetime

from app import ids
from app.database import Reader

_LAST = """
SELECT given.first, (
    SELECT max(t.id) FROM {table} t
    WHERE t.id >= given.first AND t.id < given.first + {per_millisecond}
) AS last
FROM unnest($1::bigint[]) AS given (first)
"""


async def free(reader: Reader, table: str, moments: Sequence[datetime]) -> list[int]:
    """An id for each of these moments that no row of a table has, ascending within one."""
    firsts = [ids.first(moment) for moment in moments]
    statement = _LAST.format(table=table, per_millisecond=ids.PER_MILLISECOND)
    rows = await reader.fetch(statement, list(set(firsts)))
    next_ = {row["first"]: (row["last"] or row["first"] - 1) + 1 for row in rows}
    made = []
    for first in firsts:
        made.append(next_[first])
        next_[first] += 1
    return made
