"""Notifications, one by one: reading, counting and dropping what concerns somebody."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from app.database import Reader
from app.domain.notifications import subjects
from app.domain.notifications.subjects import Subjects
from app.domain.relationships.hidden_authors import heard_by
from app.domain.statuses.visibility import visible_to
from app.errors import NotFound
from app.pagination import Listing, Page

COLUMNS = """
    n.id AS cursor, n.id, n.type, n.created_at, n.from_account_id, n.status_id, n.emoji,
    n.group_key, n.filtered, n.report_id, n.warning_id, n.topic_endorsement_id
"""

# A notification about a status shows only while its reader may read that status.
SHOWN = f"""
    n.account_id = $1
    AND (n.status_id IS NULL OR EXISTS (
        SELECT FROM statuses s JOIN accounts a ON a.id = s.account_id
        WHERE s.id = n.status_id AND {visible_to()}))
    AND EXISTS (
        SELECT FROM accounts f WHERE f.id = n.from_account_id AND f.suspended_at IS NULL)
    AND {heard_by("$1", "n.from_account_id")}
"""

# What a `Choice` chooses. What came from one account is asked for to see all of it.
CHOSEN = """
    ($5::text[] IS NULL OR n.type = ANY($5)) AND NOT n.type = ANY($6::text[])
    AND ($7::bigint IS NULL OR n.from_account_id = $7)
    AND ($8::boolean OR $7::bigint IS NOT NULL OR NOT n.filtered)
"""

# What came after the viewer's marker; without one, all.
UNREAD = """
    n.id > coalesce((
        SELECT last_read_id FROM markers WHERE account_id = $1 AND timeline = 'notifications'
    ), 0)
"""

_LIST = Listing(
    f"SELECT {COLUMNS} FROM notifications n WHERE {SHOWN} AND {CHOSEN} "
    "AND n.id < $2 AND n.id > $3 ORDER BY n.id {direction} LIMIT $4"
)

_ONE = f"SELECT {COLUMNS} FROM notifications n WHERE {SHOWN} AND n.id = $2"

# What is shown to each of many, and not kept apart as a request.
_OF_MANY = (
    re.sub(
        r"\$1\b",
        "n.account_id",
        f"SELECT {COLUMNS}, n.account_id FROM notifications n WHERE {SHOWN} AND NOT n.filtered",
    )
    + " AND n.account_id = ANY($1::bigint[]) AND n.id = ANY($2::bigint[])"
)

_UNREAD = f"""
SELECT count(*) AS n FROM (
    SELECT FROM notifications n
    WHERE {SHOWN} AND {CHOSEN} AND {UNREAD} AND $2::bigint IS NOT NULL AND $3::bigint IS NOT NULL
    LIMIT $4
) counted
"""

_DISMISS = "DELETE FROM notifications WHERE account_id = $1 AND id = $2 RETURNING id"
_CLEAR = "DELETE FROM notifications WHERE account_id = $1"


@dataclass(frozen=True, slots=True)
class Choice:
    """Which notifications are wanted; None for `types` means all."""

    types: Sequence[str] | None = None
    exclude_types: Sequence[str] = ()
    from_account_id: int | None = None
    include_filtered: bool = False

    def arguments(self) -> tuple[object, ...]:
        """Its values, for `$5` to `$8` of a statement."""
        types = list(self.types) if self.types else None
        return types, list(self.exclude_types), self.from_account_id, self.include_filtered


@dataclass(frozen=True, slots=True)
class Notifications:
    """A page: the notifications, and what they are about."""

    rows: Sequence[Any]
    subjects: Subjects


async def page(reader: Reader, viewer: int, choice: Choice, page: Page) -> Notifications:
    """What concerns the viewer, newest first."""
    found = await _LIST.read(reader, viewer, page, *choice.arguments())
    return await _with_subjects(reader, viewer, found)


async def one(reader: Reader, viewer: int, notification_id: int) -> Notifications:
    """A page of one.

    Raises:
        NotFound: the viewer has no such notification.
    """
    found = await reader.fetch(_ONE, viewer, notification_id)
    if not found:
        raise NotFound
    return await _with_subjects(reader, viewer, found)


async def shown(
    reader: Reader, viewers: Collection[int], notification_ids: Collection[int]
) -> Notifications:
    """Those of these notifications that concern one of the viewers, with `account_id`.

    What they are about is there but for statuses, which each viewer sees differently.
    """
    found = await reader.fetch(_OF_MANY, list(viewers), list(notification_ids))
    about = await subjects.read(
        reader,
        0,
        accounts={row["from_account_id"] for row in found},
        statuses=(),
        reports={row["report_id"] for row in found},
        warnings={row["warning_id"] for row in found},
        endorsements={row["topic_endorsement_id"] for row in found},
    )
    return Notifications(rows=found, subjects=about)


async def unread_count(reader: Reader, viewer: int, choice: Choice, limit: int) -> int:
    """How many came since the viewer's marker, `limit` at most; without a marker, all."""
    rows_ = await reader.fetch(_UNREAD, viewer, 0, 0, limit, *choice.arguments())
    counted: int = rows_[0]["n"]
    return counted


async def dismiss(reader: Reader, viewer: int, notification_id: int) -> None:
    """Drop one notification.

    Raises:
        NotFound: the viewer has no such notification.
    """
    if not await reader.fetch(_DISMISS, viewer, notification_id):
        raise NotFound


async def clear(reader: Reader, viewer: int) -> None:
    """Drop all notifications of the viewer."""
    await reader.fetch(_CLEAR, viewer)


async def _with_subjects(reader: Reader, viewer: int, found: Sequence[Any]) -> Notifications:
    return Notifications(
        rows=found,
        subjects=await subjects.read(
            reader,
            viewer,
            accounts={row["from_account_id"] for row in found},
            statuses={row["status_id"] for row in found},
            reports={row["report_id"] for row in found},
            warnings={row["warning_id"] for row in found},
            endorsements={row["topic_endorsement_id"] for row in found},
        ),
    )
