"""Cohorts: how many of those who came in a month still take part (IS-2 to IS-4).

By calendar month, from ten people on and to the nearest five; who only reads is not recorded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from app import ids
from app.database import Reader
from app.domain.moderation.measures import FLOOR, spoken_of

MAX_MONTHS: Final = 24

# Months are numbered since the beginning of our era. $1 and $2 are the first moments of the first
# month and of the one after the last, $3 is the smallest id of the first.
_COHORTS = """
WITH newcomers AS (
    SELECT u.account_id, extract(year FROM u.created_at AT TIME ZONE 'UTC')::int * 12
           + extract(month FROM u.created_at AT TIME ZONE 'UTC')::int - 1 AS joined
    FROM users u JOIN accounts a ON a.id = u.account_id
    WHERE u.created_at >= $1 AND u.created_at < $2 AND u.approved AND a.suspended_at IS NULL
), active AS (
    SELECT DISTINCT n.account_id, n.joined, extract(year FROM s.at)::int * 12
           + extract(month FROM s.at)::int - 1 AS month
    FROM newcomers n
    CROSS JOIN LATERAL (
        SELECT to_timestamp((s.id >> 16) / 1000) AT TIME ZONE 'UTC' AS at FROM statuses s
        WHERE s.account_id = n.account_id AND s.id >= $3
          AND s.visibility IN ('public', 'unlisted')
    ) s
)
SELECT joined, NULL::int AS month, count(*) AS people FROM newcomers GROUP BY joined
UNION ALL
SELECT joined, month, count(*) FROM active GROUP BY joined, month
"""


@dataclass(frozen=True, slots=True)
class Cohort:
    """Those who came in a month; for it and each later one `(month, people, share of them)`."""

    month: datetime
    months: Sequence[tuple[datetime, int, float]]


async def cohorts(reader: Reader, start_at: datetime, end_at: datetime) -> list[Cohort]:
    """The cohorts of a time, the earliest first, of the latest `MAX_MONTHS` of it."""
    first, last = sorted(moment.year * 12 + moment.month - 1 for moment in (start_at, end_at))
    first = max(first, last - MAX_MONTHS + 1)
    begin = _begins(first)
    rows = await reader.fetch(_COHORTS, begin, _begins(last + 1), ids.first(begin))
    counted = {(row["joined"], row["month"]): row["people"] for row in rows}
    return [
        Cohort(
            _begins(joined),
            [
                (
                    _begins(month),
                    *_told(counted.get((joined, month), 0), counted.get((joined, None), 0)),
                )
                for month in range(joined, last + 1)
            ],
        )
        for joined in range(first, last + 1)
    ]


def _told(people: int, of: int) -> tuple[int, float]:
    """How many, and their share, if enough of enough people; otherwise nothing."""
    told = spoken_of(people, people)
    return told, round(min(told / spoken_of(of, of), 1.0), 2) if of >= FLOOR and told else 0.0


def _begins(month: int) -> datetime:
    return datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC)
