"""Usage: how many people take part, for the pages that describe this server."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from app import clock, ids
from app.database import Reader

KEPT_SECONDS: Final = 600.0

_MONTH = timedelta(days=30)
_HALF_YEAR = timedelta(days=180)

_COUNT = """
SELECT count(*) AS accounts,
       coalesce(sum(statuses_count), 0)::bigint AS statuses,
       count(*) FILTER (WHERE last_status_on >= $1) AS active_month,
       count(*) FILTER (WHERE last_status_on >= $2) AS active_half_year
FROM accounts WHERE suspended_at IS NULL
"""

WEEKS: Final = 12
_WEEK_SECONDS: Final = 604_800
# The first Monday of 1970.
_MONDAY: Final = 4 * 86_400

# Statuses that everybody may read, and so could count. 16 bits of an id follow the milliseconds.
_STATUSES = """
SELECT ((s.id >> 16) / 1000 - $2) / $3 AS week, count(*) AS n,
       count(DISTINCT s.account_id) AS authors
FROM statuses s JOIN accounts a ON a.id = s.account_id
WHERE s.id >= $1 AND s.visibility IN ('public', 'unlisted') AND a.suspended_at IS NULL
GROUP BY 1
"""
_REGISTRATIONS = """
SELECT (extract(epoch FROM created_at)::bigint - $2) / $3 AS week, count(*) AS n
FROM users WHERE created_at >= to_timestamp($1::bigint) AND approved GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Week:
    """What happened in the week that begins at `week`, in seconds since 1970."""

    week: int
    statuses: int
    authors: int
    registrations: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Numbers over everybody; active is who posted."""

    accounts: int
    statuses: int
    active_month: int
    active_half_year: int


class Usage:
    """The figures of one process: counting reads every account, so they are kept for a while."""

    def __init__(self) -> None:
        self._kept: Figures | None = None
        self._until = 0.0
        self._weeks: list[Week] = []
        self._weeks_until = 0.0

    async def figures(self, reader: Reader) -> Figures:
        """The figures, at most ten minutes old."""
        now = time.monotonic()
        if self._kept is None or now >= self._until:
            today = clock.now().date()
            (row,) = await reader.fetch(_COUNT, today - _MONTH, today - _HALF_YEAR)
            self._kept = Figures(**row)
            self._until = now + KEPT_SECONDS
        return self._kept

    async def activity(self, reader: Reader) -> list[Week]:
        """The last `WEEKS` weeks, this one first, at most ten minutes old."""
        now = time.monotonic()
        if not self._weeks or now >= self._weeks_until:
            self._weeks = await _weeks(reader)
            self._weeks_until = now + KEPT_SECONDS
        return self._weeks


async def _weeks(reader: Reader) -> list[Week]:
    this = (int(clock.now().timestamp()) - _MONDAY) // _WEEK_SECONDS
    first = (this - WEEKS + 1) * _WEEK_SECONDS + _MONDAY
    since = ids.first(datetime.fromtimestamp(first, UTC))
    said = {
        row["week"]: row for row in await reader.fetch(_STATUSES, since, _MONDAY, _WEEK_SECONDS)
    }
    joined = {
        row["week"]: row["n"]
        for row in await reader.fetch(_REGISTRATIONS, first, _MONDAY, _WEEK_SECONDS)
    }
    return [
        Week(
            week=week * _WEEK_SECONDS + _MONDAY,
            statuses=said[week]["n"] if week in said else 0,
            authors=said[week]["authors"] if week in said else 0,
            registrations=joined.get(week, 0),
        )
        for week in range(this, this - WEEKS, -1)
    ]
