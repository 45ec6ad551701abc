"""Groups of notifications: what may be shown as one, by `group_key`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.database import Reader
from app.domain.accounts import accounts
from app.domain.notifications import subjects
from app.domain.notifications.notifications import CHOSEN, COLUMNS, SHOWN, UNREAD, Choice
from app.domain.notifications.subjects import Subjects
from app.domain.notifications.telling import GROUPED_TYPES
from app.errors import NotFound
from app.ids import BIGGEST
from app.pagination import Listing, Page

# Of how many members the accounts are named.
SAMPLE = 8

_UNGROUPED = "ungrouped-"
_ID = re.compile(r"[0-9]{1,19}")

# The group of a notification, when the types in $9 are grouped.
_KEY = f"coalesce(CASE WHEN n.type = ANY($9::text[]) THEN n.group_key END, '{_UNGROUPED}' || n.id)"

# What the members of a group say together.
_SUMMARY = f"""
    count(*) AS members, max(n.id) AS most_recent_id, max(n.created_at) AS latest_at,
    (array_agg(n.from_account_id ORDER BY n.id DESC))[:{SAMPLE}] AS sample
"""

# The first notification of each group on the page, one after the other: the next is the nearest
# that belongs to none of the groups seen. Each notification is looked at once, whatever the page.
_PAGE = f"""
WITH RECURSIVE heads AS (
    (
        SELECT {COLUMNS}, {_KEY} AS key, ARRAY[{_KEY}] AS seen
        FROM notifications n
        WHERE {SHOWN} AND {CHOSEN} AND n.id < $2 AND n.id > $3
        ORDER BY n.id {{direction}} LIMIT 1
    )
    UNION ALL
    SELECT next.*
    FROM heads
    CROSS JOIN LATERAL (
        SELECT {COLUMNS}, {_KEY} AS key, heads.seen || {_KEY} AS seen
        FROM notifications n
        WHERE {SHOWN} AND {CHOSEN} AND n.id {{beyond}} heads.id AND n.id < $2 AND n.id > $3
          AND {_KEY} <> ALL(heads.seen)
        ORDER BY n.id {{direction}} LIMIT 1
    ) next
    WHERE cardinality(heads.seen) < $4
),
page AS (SELECT max(id) AS highest, min(id) AS lowest, count(*) >= $4 AS is_full FROM heads)
SELECT head.*, page.highest, page.lowest, group_.*
FROM page
JOIN heads head ON true
CROSS JOIN LATERAL (
    SELECT {_SUMMARY}, min(n.id) FILTER (WHERE n.id >= {{bottom}}) AS page_min_id
    FROM notifications n
    WHERE {SHOWN} AND {CHOSEN} AND n.group_key = head.key AND n.id <= {{top}}
) group_
"""

# A page with room left holds everything up to where it was asked to end.
_NEWEST = _PAGE.format(
    direction="DESC",
    beyond="<",
    bottom="CASE WHEN page.is_full THEN page.lowest ELSE $3 + 1 END",
    top="page.highest",
)
_OLDEST = _PAGE.format(
    direction="ASC",
    beyond=">",
    bottom="page.lowest",
    top="CASE WHEN page.is_full THEN page.highest ELSE $2 - 1 END",
)

_UNREAD = f"""
SELECT count(*) AS n FROM (
    SELECT DISTINCT {_KEY}
    FROM notifications n
    WHERE {SHOWN} AND {CHOSEN} AND {UNREAD} AND $2::bigint IS NOT NULL AND $3::bigint IS NOT NULL
    LIMIT $4
) counted
"""

# A group's members; of what is not grouped, the one with that id.
_IN_GROUP = "(n.group_key = {key} AND NOT n.filtered OR n.id = {id})"

_ONE = f"""
SELECT {COLUMNS}, $2::text AS key, group_.*
FROM (
    SELECT {_SUMMARY} FROM notifications n WHERE {SHOWN} AND {_IN_GROUP.format(key="$2", id="$3")}
) group_
JOIN notifications n ON n.id = group_.most_recent_id
"""

_ACCOUNTS = Listing(
    f"""
    SELECT n.id AS cursor, {accounts.COLUMNS}
    FROM notifications n JOIN accounts a ON a.id = n.from_account_id
    WHERE {SHOWN} AND {_IN_GROUP.format(key="$5", id="$6")} AND n.id < $2 AND n.id > $3
    ORDER BY n.id {{direction}} LIMIT $4
    """
)

_DISMISS = f"""
DELETE FROM notifications n WHERE n.account_id = $1 AND {_IN_GROUP.format(key="$2", id="$3")}
"""


@dataclass(frozen=True, slots=True)
class Group:
    """One group: its newest notification, and what its members say together.

    `page_min_id` and `page_max_id` delimit what the page it stands on holds of it; None for a
    group that was asked for by its key.
    """

    row: Any
    key: str
    members: int
    most_recent_id: int
    sample: Sequence[int]
    latest_at: datetime
    page_min_id: int | None = None
    page_max_id: int | None = None


@dataclass(frozen=True, slots=True)
class Groups:
    """A page of groups, and what they are about.

    `cursors` are the ids between which a client has seen everything, the newest first.
    """

    groups: Sequence[Group]
    subjects: Subjects
    cursors: Sequence[int]


async def page(
    reader: Reader, viewer: int, choice: Choice, page: Page, grouped_types: Sequence[str]
) -> Groups:
    """What concerns the viewer, as groups; the one with the newest notification first.

    `grouped_types`: only these are grouped; none given means all that can be.
    """
    arguments = (*choice.arguments(), _grouped(grouped_types))
    below = BIGGEST if page.max_id is None else page.max_id
    if page.min_id is not None:
        found = await reader.fetch(_OLDEST, viewer, below, page.min_id, page.limit, *arguments)
    else:
        above = page.since_id or 0
        found = await reader.fetch(_NEWEST, viewer, below, above, page.limit, *arguments)
    groups = sorted(map(_on_page, found), key=lambda group: -group.most_recent_id)
    cursors = [found[0]["highest"], found[0]["lowest"]] if found else []
    return await _with_subjects(reader, viewer, groups, cursors)


async def one(reader: Reader, viewer: int, key: str) -> Groups:
    """A page of one group.

    Raises:
        NotFound: the viewer has no such group.
    """
    found = await reader.fetch(_ONE, viewer, *_place(key))
    if not found:
        raise NotFound
    return await _with_subjects(reader, viewer, [_group(found[0])], [])


async def accounts_of(reader: Reader, viewer: int, key: str, page: Page) -> Sequence[Any]:
    """Thin rows of those who caused a group, by their notifications, newest first."""
    return await _ACCOUNTS.read(reader, viewer, page, *_place(key))


async def unread_count(
    reader: Reader, viewer: int, choice: Choice, limit: int, grouped_types: Sequence[str]
) -> int:
    """How many groups have something new since the viewer's marker, `limit` at most."""
    arguments = (*choice.arguments(), _grouped(grouped_types))
    counted: int = (await reader.fetch(_UNREAD, viewer, 0, 0, limit, *arguments))[0]["n"]
    return counted


async def dismiss(reader: Reader, viewer: int, key: str) -> None:
    """Drop a group. Without one, nothing happens."""
    await reader.fetch(_DISMISS, viewer, *_place(key))


def _grouped(types: Sequence[str]) -> list[str]:
    return [type_ for type_ in GROUPED_TYPES if not types or type_ in types]


def _place(key: str) -> tuple[str, int]:
    """Where to look for a group: under its key, or under the id of what is not grouped."""
    number = key.removeprefix(_UNGROUPED)
    is_one = number != key and _ID.fullmatch(number) and int(number) <= BIGGEST
    return key, int(number) if is_one else 0


def _group(row: Any) -> Group:
    return Group(
        row, row["key"], row["members"], row["most_recent_id"], row["sample"], row["latest_at"]
    )


def _on_page(row: Any) -> Group:
    id_ = row["id"]
    if not row["members"]:
        # It stands for itself.
        return Group(row, row["key"], 1, id_, [row["from_account_id"]], row["created_at"], id_, id_)
    group = _group(row)
    return replace(group, page_min_id=row["page_min_id"], page_max_id=group.most_recent_id)


async def _with_subjects(
    reader: Reader, viewer: int, groups: Sequence[Group], cursors: Sequence[int]
) -> Groups:
    return Groups(
        groups=groups,
        subjects=await subjects.read(
            reader,
            viewer,
            accounts={id_ for group in groups for id_ in group.sample},
            statuses={group.row["status_id"] for group in groups},
            reports={group.row["report_id"] for group in groups},
            warnings={group.row["warning_id"] for group in groups},
            endorsements={group.row["topic_endorsement_id"] for group in groups},
        ),
        cursors=cursors,
    )
