"""Notification requests: what a policy keeps aside, until somebody accepts or dismisses it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock, ids
from app.database import Reader, SessionReader
from app.domain import events
from app.domain.notifications import subjects
from app.domain.notifications.notifications import SHOWN
from app.domain.notifications.subjects import Subjects
from app.errors import NotFound
from app.pagination import Listing, Page

# What is kept aside for a request `r`, and the last status among it.
KEPT = f"""
    SELECT count(*) AS kept,
           max(n.status_id) FILTER (WHERE n.type IN ('mention', 'quote')) AS last_status_id
    FROM notifications n
    WHERE {SHOWN} AND n.filtered AND n.from_account_id = r.from_account_id
"""

_COLUMNS = "r.id AS cursor, r.id, r.created_at, r.updated_at, r.from_account_id, kept.*"

_LIST = Listing(
    f"""
    SELECT {_COLUMNS}
    FROM notification_requests r CROSS JOIN LATERAL ({KEPT}) kept
    WHERE r.account_id = $1 AND kept.kept > 0 AND r.id < $2 AND r.id > $3
    ORDER BY r.id {{direction}} LIMIT $4
    """
)

_ONE = f"""
SELECT {_COLUMNS}
FROM notification_requests r CROSS JOIN LATERAL ({KEPT}) kept
WHERE r.account_id = $1 AND kept.kept > 0 AND r.id = $2
"""

_MAKE = """
INSERT INTO notification_requests (id, created_at, updated_at, account_id, from_account_id)
SELECT made.id, $1, $1, made.account_id, made.from_account_id
FROM unnest($2::bigint[], $3::bigint[], $4::bigint[]) AS made (id, account_id, from_account_id)
ORDER BY made.account_id
ON CONFLICT (account_id, from_account_id) DO UPDATE
SET updated_at = greatest(notification_requests.updated_at, excluded.updated_at)
"""

_END = """
DELETE FROM notification_requests WHERE account_id = $1 AND id = ANY($2::bigint[])
RETURNING from_account_id
"""

_LET_IN = """
INSERT INTO notification_permissions (account_id, from_account_id, created_at)
SELECT $1, unnest($2::bigint[]), $3 ON CONFLICT DO NOTHING
"""

_MERGE = """
UPDATE notifications SET filtered = false
WHERE account_id = $1 AND filtered AND from_account_id = ANY($2::bigint[])
"""

_DROP = """
DELETE FROM notifications
WHERE account_id = $1 AND filtered AND from_account_id = ANY($2::bigint[])
"""


@dataclass(frozen=True, slots=True)
class Requests:
    """A page: the requests, and what they are about."""

    rows: Sequence[Any]
    subjects: Subjects


async def page(reader: Reader, viewer: int, page: Page) -> Requests:
    """Whose notifications are kept aside, the newest request first."""
    return await _with_subjects(reader, viewer, await _LIST.read(reader, viewer, page))


async def one(reader: Reader, viewer: int, request_id: int) -> Requests:
    """A page of one.

    Raises:
        NotFound: the viewer has no such request, or nothing of it is left.
    """
    found = await reader.fetch(_ONE, viewer, request_id)
    if not found:
        raise NotFound
    return await _with_subjects(reader, viewer, found)


async def make(session: AsyncSession, pairs: Collection[tuple[int, int]]) -> None:
    """Note for each `(account, from_account)` that something was kept aside."""
    wanted = sorted(set(pairs))
    now = clock.now()
    await SessionReader(session).fetch(
        _MAKE,
        now,
        [ids.new(now) for _ in wanted],
        [account_id for account_id, _ in wanted],
        [from_account_id for _, from_account_id in wanted],
    )


async def accept(session: AsyncSession, viewer: int, request_ids: Sequence[int]) -> int:
    """Take what was kept aside among the other notifications, and keep no more of it aside.

    How many requests there were; of an unknown one nothing is said.
    """
    reader = SessionReader(session)
    senders = await _end(reader, viewer, request_ids)
    if senders:
        await reader.fetch(_LET_IN, viewer, senders, clock.now())
        await reader.fetch(_MERGE, viewer, senders)
        await events.record(session, "notifications.merged", account_id=viewer)
    return len(senders)


async def dismiss(session: AsyncSession, viewer: int, request_ids: Sequence[int]) -> int:
    """Drop what was kept aside; what comes later is kept aside again.

    How many requests there were; of an unknown one nothing is said.
    """
    reader = SessionReader(session)
    senders = await _end(reader, viewer, request_ids)
    if senders:
        await reader.fetch(_DROP, viewer, senders)
    return len(senders)


async def _end(reader: Reader, viewer: int, request_ids: Sequence[int]) -> list[int]:
    ended = await reader.fetch(_END, viewer, list(request_ids))
    return [row["from_account_id"] for row in ended]


async def _with_subjects(reader: Reader, viewer: int, found: Sequence[Any]) -> Requests:
    return Requests(
        rows=found,
        subjects=await subjects.read(
            reader,
            viewer,
            accounts={row["from_account_id"] for row in found},
            statuses={row["last_status_id"] for row in found},
        ),
    )
