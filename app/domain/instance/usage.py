"""Usage: how many people take part, for the pages that describe this server."""

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from app import clock
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

    async def figures(self, reader: Reader) -> Figures:
        """The figures, at most ten minutes old."""
        now = time.monotonic()
        if self._kept is None or now >= self._until:
            today = clock.now().date()
            (row,) = await reader.fetch(_COUNT, today - _MONTH, today - _HALF_YEAR)
            self._kept = Figures(**row)
            self._until = now + KEPT_SECONDS
        return self._kept
