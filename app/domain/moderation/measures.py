"""Measures: how much happens on the server, week by week, and nothing about a person.

IS-2 to IS-4. Weeks are whole ones, so that no two questions differ by a day. What people did is
told from ten people on and to the nearest five. Exact is what everybody may look up, and what
moderators have before them anyway: how often a hashtag was used in public, and reports.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from app.database import Reader

# Fewer people are not spoken of.
FLOOR: Final = 10
_STEP: Final = 5
MAX_WEEKS: Final = 104

_WEEK_SECONDS: Final = 604_800
# The first Monday of 1970.
_MONDAY: Final = 4 * 86_400

# 16 bits of an id follow the milliseconds (`app/ids.py`).
_SAID_AT = "(s.id >> 16) / 1000"
_BETWEEN = "({id} >= ($1::bigint * 1000) << 16 AND {id} < ($3::bigint * 1000) << 16)"
_IN_PUBLIC = "s.visibility IN ('public', 'unlisted') AND a.suspended_at IS NULL"

# Who did it, and when, in seconds since 1970. $1 to $3 are the beginnings of the period before, of
# the period itself, and of what follows; $4 is a hashtag.
_STATUSES = f"""
SELECT {_SAID_AT} AS at, s.account_id FROM statuses s JOIN accounts a ON a.id = s.account_id
WHERE {_BETWEEN.format(id="s.id")} AND {_IN_PUBLIC} AND $4::bigint IS NULL
"""
_NEWCOMERS = """
SELECT extract(epoch FROM created_at)::bigint AS at, account_id FROM users
WHERE created_at >= to_timestamp($1::bigint) AND created_at < to_timestamp($3::bigint)
  AND approved AND $4::bigint IS NULL
"""
_INTERACTIONS = f"""
SELECT (x.id >> 16) / 1000 AS at, x.account_id
FROM (
    SELECT id, account_id FROM favourites WHERE {_BETWEEN.format(id="id")}
    UNION ALL SELECT s.id, s.account_id FROM statuses s
        WHERE {_BETWEEN.format(id="s.id")} AND s.visibility IN ('public', 'unlisted')
          AND (s.reblog_of_id IS NOT NULL OR s.in_reply_to_id IS NOT NULL)
) x WHERE $4::bigint IS NULL
"""
_OPENED = f"""
SELECT (id >> 16) / 1000 AS at, account_id FROM reports
WHERE {_BETWEEN.format(id="id")} AND $4::bigint IS NULL
"""
_RESOLVED = """
SELECT extract(epoch FROM action_taken_at)::bigint AS at, account_id FROM reports
WHERE action_taken_at >= to_timestamp($1::bigint) AND action_taken_at < to_timestamp($3::bigint)
  AND $4::bigint IS NULL
"""
_TAGGED = f"""
SELECT {_SAID_AT} AS at, s.account_id
FROM status_tags st
JOIN statuses s ON s.id = st.status_id JOIN accounts a ON a.id = s.account_id
WHERE st.tag_id = $4 AND {_BETWEEN.format(id="st.status_id")}
  AND s.visibility = 'public' AND a.suspended_at IS NULL
"""

_COUNT = f"""
SELECT week, now, count(*) AS times, count(DISTINCT account_id) AS people
FROM (
    SELECT (x.at - {_MONDAY}) / {_WEEK_SECONDS} AS week, x.at >= $2::bigint AS now, x.account_id
    FROM ({{source}}) x
) counted
GROUP BY GROUPING SETS ((week), (now))
"""


@dataclass(frozen=True, slots=True)
class _Kind:
    """What is counted: times or people, and whether the floor holds."""

    source: str
    people: bool = False
    guarded: bool = True


_KINDS: Final[Mapping[str, _Kind]] = {
    "active_users": _Kind(_STATUSES, people=True),
    "new_users": _Kind(_NEWCOMERS, people=True),
    "interactions": _Kind(_INTERACTIONS),
    "opened_reports": _Kind(_OPENED, guarded=False),
    "resolved_reports": _Kind(_RESOLVED, guarded=False),
    "tag_accounts": _Kind(_TAGGED, people=True, guarded=False),
    "tag_uses": _Kind(_TAGGED, guarded=False),
}
# Of other servers, of which there are none.
_ELSEWHERE: Final = frozenset(
    {
        *("tag_servers", "instance_accounts", "instance_media_attachments", "instance_reports"),
        *("instance_statuses", "instance_follows", "instance_followers"),
    }
)
KEYS: Final = (*_KINDS, *sorted(_ELSEWHERE))


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure of a period, of the one before, and of each week: `(its Monday, the figure)`."""

    total: int
    previous_total: int
    weeks: Sequence[tuple[datetime, int]]


@dataclass(frozen=True, slots=True)
class Period:
    """Whole weeks, numbered since 1970."""

    first: int
    last: int

    @classmethod
    def around(cls, start_at: datetime, end_at: datetime) -> "Period":
        """The weeks in which a time lies, the latest `MAX_WEEKS` of them."""
        first, last = sorted(
            (int(moment.timestamp()) - _MONDAY) // _WEEK_SECONDS for moment in (start_at, end_at)
        )
        return cls(max(first, last - MAX_WEEKS + 1), last)

    def moments(self) -> tuple[int, int, int]:
        """The beginnings of the period before, of this one, and of the next, in seconds."""
        length = self.last - self.first + 1
        return tuple(  # type: ignore[return-value]  # three, as three are made
            begins(week) for week in (self.first - length, self.first, self.last + 1)
        )


def begins(week: int) -> int:
    """The first moment of a week, in seconds since 1970."""
    return week * _WEEK_SECONDS + _MONDAY


def spoken_of(figure: int, people: int) -> int:
    """A figure as it may be told, if so many people are behind it: 0 for too few."""
    return 0 if people < FLOOR else _STEP * round(figure / _STEP)


async def measure(reader: Reader, key: str, period: Period, tag_id: int | None) -> Measure:
    """What one of `KEYS` says; of those about hashtags, of `tag_id`."""
    weeks, totals = await _counted(reader, key, period, tag_id)
    return Measure(
        totals.get(True, 0),
        totals.get(False, 0),
        [
            (datetime.fromtimestamp(begins(week), UTC), weeks.get(week, 0))
            for week in range(period.first, period.last + 1)
        ],
    )


async def _counted(
    reader: Reader, key: str, period: Period, tag_id: int | None
) -> tuple[dict[int, int], dict[bool, int]]:
    """Figures by week, and by whether they are of the period itself or of the one before."""
    if key in _ELSEWHERE:
        return {}, {}
    kind = _KINDS[key]
    weeks: dict[int, int] = {}
    totals: dict[bool, int] = {}
    for row in await reader.fetch(_COUNT.format(source=kind.source), *period.moments(), tag_id):
        figure = row["people"] if kind.people else row["times"]
        if kind.guarded:
            figure = spoken_of(figure, row["people"])
        if row["week"] is None:
            totals[row["now"]] = figure
        else:
            weeks[row["week"]] = figure
    return weeks, totals
