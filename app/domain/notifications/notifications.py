"""Notifications: told to those whom it concerns, once, and never about oneself."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app import clock, ids
from app.database import Reader
from app.domain import events
from app.domain.accounts import accounts
from app.domain.relationships.hidden_authors import heard_by
from app.domain.statuses import conversation_mutes, rows
from app.domain.statuses.visibility import visible_to
from app.errors import NotFound
from app.pagination import Listing, Page

# Who is told of a new status: those it mentions (unless it is about somebody they do not want to
# hear), those who asked to hear of its author, and the author of what it reblogs.
_OF_STATUS = f"""
SELECT m.account_id AS account_id, 'mention' AS type, s.account_id AS from_account_id,
       s.id AS status_id
FROM statuses s JOIN mentions m ON m.status_id = s.id
WHERE s.id = $1 AND m.account_id <> s.account_id
  AND {heard_by("m.account_id", "s.in_reply_to_account_id")}
  AND NOT EXISTS (SELECT FROM mentions x
                  WHERE x.status_id = s.id AND NOT {heard_by("m.account_id", "x.account_id")})
UNION ALL
SELECT f.account_id, 'status', s.account_id, s.id
FROM statuses s
JOIN accounts a ON a.id = s.account_id
JOIN follows f ON f.target_account_id = s.account_id AND f.accepted AND f.notify
WHERE s.id = $1 AND s.reblog_of_id IS NULL AND {visible_to("f.account_id")}
  AND (s.in_reply_to_account_id IS NULL OR s.in_reply_to_account_id = s.account_id)
  AND NOT EXISTS (SELECT FROM mentions m WHERE m.status_id = s.id AND m.account_id = f.account_id)
UNION ALL
SELECT o.account_id, 'reblog', s.account_id, o.id
FROM statuses s JOIN statuses o ON o.id = s.reblog_of_id
WHERE s.id = $1 AND o.account_id <> s.account_id
"""

# Those who passed a status on are told when its words change; those now mentioned, too.
_OF_EDIT = """
SELECT r.account_id, 'update' AS type, s.account_id AS from_account_id, s.id AS status_id
FROM statuses s JOIN statuses r ON r.reblog_of_id = s.id
WHERE s.id = $1 AND r.account_id <> s.account_id
UNION ALL
SELECT m.account_id, 'mention', s.account_id, s.id
FROM statuses s JOIN mentions m ON m.status_id = s.id
WHERE s.id = $1 AND m.account_id <> s.account_id
"""

_OF_MARK = """
SELECT s.account_id, $3::text AS type, m.account_id AS from_account_id, s.id AS status_id
FROM {table} m JOIN statuses s ON s.id = m.status_id
WHERE m.status_id = $1 AND m.account_id = $2 AND s.account_id <> m.account_id
"""

_OF_REACTION = _OF_MARK.replace("{table}", "reactions") + " AND m.name = $4"
_OF_FAVOURITE = _OF_MARK.replace("{table}", "favourites")

_OF_FOLLOW = """
SELECT f.target_account_id AS account_id,
       CASE WHEN f.accepted THEN 'follow' ELSE 'follow_request' END AS type,
       f.account_id AS from_account_id, NULL::bigint AS status_id
FROM follows f WHERE f.account_id = $1 AND f.target_account_id = $2
"""

# Nobody is told of a conversation they mute, or of those they do not want to hear.
_INSERT = f"""
WITH told AS (
    INSERT INTO notifications
        (id, created_at, account_id, from_account_id, type, status_id, emoji)
    SELECT n.* FROM unnest(
        $1::bigint[], $2::timestamptz[], $3::bigint[], $4::bigint[], $5::text[], $6::bigint[],
        $7::text[]) AS n (id, created_at, account_id, from_account_id, type, status_id, emoji)
    LEFT JOIN statuses s ON s.id = n.status_id
    WHERE (s.id IS NULL OR NOT {conversation_mutes.muted("n.account_id", "s")})
      AND {heard_by("n.account_id", "n.from_account_id")}
    ON CONFLICT DO NOTHING
    RETURNING id
)
{events.recording("notifications.created", "'ids', jsonb_agg(id)")}
FROM told HAVING count(*) > 0
"""

_FORGET_BLOCKED = f"""
DELETE FROM notifications
WHERE account_id = $1 AND from_account_id = $2 AND NOT {heard_by("$1", "$2::bigint")}
"""

_FORGET = """
DELETE FROM notifications
WHERE type = ANY($1::text[]) AND from_account_id = $2
  AND ($3::bigint IS NULL OR account_id = $3)
  AND status_id IS NOT DISTINCT FROM $4 AND emoji IS NOT DISTINCT FROM $5
"""

_COLUMNS = "n.id AS cursor, n.id, n.type, n.created_at, n.from_account_id, n.status_id, n.emoji"

# A notification about a status shows only while its reader may read that status.
_SHOWN = f"""
    n.account_id = $1
    AND (n.status_id IS NULL OR EXISTS (
        SELECT FROM statuses s JOIN accounts a ON a.id = s.account_id
        WHERE s.id = n.status_id AND {visible_to()}))
    AND EXISTS (
        SELECT FROM accounts f WHERE f.id = n.from_account_id AND f.suspended_at IS NULL)
    AND {heard_by("$1", "n.from_account_id")}
"""

_FILTERS = """
    ($5::text[] IS NULL OR n.type = ANY($5)) AND NOT n.type = ANY($6::text[])
    AND ($7::bigint IS NULL OR n.from_account_id = $7)
"""

_LIST = Listing(
    f"SELECT {_COLUMNS} FROM notifications n WHERE {_SHOWN} AND {_FILTERS} "
    "AND n.id < $2 AND n.id > $3 ORDER BY n.id {direction} LIMIT $4"
)

_ONE = f"SELECT {_COLUMNS} FROM notifications n WHERE {_SHOWN} AND n.id = $2"

_UNREAD = f"""
SELECT count(*) AS n FROM (
    SELECT FROM notifications n
    WHERE {_SHOWN} AND {_FILTERS} AND n.id > coalesce(
        (SELECT last_read_id FROM markers WHERE account_id = $1 AND timeline = 'notifications'),
        0) AND $2::bigint IS NOT NULL AND $3::bigint IS NOT NULL
    LIMIT $4
) counted
"""

_DISMISS = "DELETE FROM notifications WHERE account_id = $1 AND id = $2 RETURNING id"
_CLEAR = "DELETE FROM notifications WHERE account_id = $1"

_SENDERS = f"SELECT {accounts.COLUMNS} FROM accounts a WHERE a.id = ANY($1::bigint[])"


@dataclass(frozen=True, slots=True)
class Choice:
    """Which notifications are wanted; None for `types` means all."""

    types: Sequence[str] | None = None
    exclude_types: Sequence[str] = ()
    from_account_id: int | None = None

    def arguments(self) -> tuple[object, ...]:
        """Its values, for `$5` to `$7` of a statement."""
        types = list(self.types) if self.types else None
        return types, list(self.exclude_types), self.from_account_id


@dataclass(frozen=True, slots=True)
class Notifications:
    """A page: the notifications, and the thin rows of the accounts and statuses in it."""

    rows: Sequence[Any]
    accounts: Sequence[Any]
    statuses: Sequence[Any]


async def tell(reader: Reader, event: str, about: dict[str, Any]) -> None:
    """Notify everybody whom an event concerns; a second run tells nobody again."""
    emoji = None
    if event == "status.created":
        found = await reader.fetch(_OF_STATUS, about["status_id"])
    elif event == "status.updated":
        found = await reader.fetch(_OF_EDIT, about["status_id"])
    elif event == "favourite.created":
        found = await reader.fetch(
            _OF_FAVOURITE, about["status_id"], about["account_id"], "favourite"
        )
    elif event == "reaction.created":
        emoji = about["emoji"]
        found = await reader.fetch(
            _OF_REACTION, about["status_id"], about["account_id"], "reaction", emoji
        )
    else:
        found = await reader.fetch(_OF_FOLLOW, about["account_id"], about["target_account_id"])
    if not found:
        return
    now = clock.now()
    await reader.fetch(
        _INSERT,
        [ids.new(now) for _ in found],
        [now] * len(found),
        [row["account_id"] for row in found],
        [row["from_account_id"] for row in found],
        [row["type"] for row in found],
        [row["status_id"] for row in found],
        [emoji] * len(found),
    )


async def untell(reader: Reader, event: str, about: dict[str, Any]) -> None:
    """Take back what was told of something that is undone."""
    actor = about["account_id"]
    if event == "block.created":
        await reader.fetch(_FORGET_BLOCKED, actor, about["target_account_id"])
    elif event == "follow.deleted":
        target = about["target_account_id"]
        await reader.fetch(_FORGET, ["follow", "follow_request"], actor, target, None, None)
    elif event == "favourite.deleted":
        await reader.fetch(_FORGET, ["favourite"], actor, None, about["status_id"], None)
    elif event == "reaction.deleted":
        await reader.fetch(_FORGET, ["reaction"], actor, None, about["status_id"], about["emoji"])
    elif about.get("reblog_of_id"):
        await reader.fetch(_FORGET, ["reblog"], actor, None, about["reblog_of_id"], None)


async def page(reader: Reader, viewer: int, choice: Choice, page: Page) -> Notifications:
    """What concerns the viewer, newest first."""
    found = await _LIST.read(reader, viewer, page, *choice.arguments())
    return await _with_things(reader, viewer, found)


async def one(reader: Reader, viewer: int, notification_id: int) -> Notifications:
    """A page of one.

    Raises:
        NotFound: the viewer has no such notification.
    """
    found = await reader.fetch(_ONE, viewer, notification_id)
    if not found:
        raise NotFound
    return await _with_things(reader, viewer, found)


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


async def _with_things(reader: Reader, viewer: int, found: Sequence[Any]) -> Notifications:
    senders = sorted({row["from_account_id"] for row in found})
    status_ids = sorted({row["status_id"] for row in found if row["status_id"]})
    return Notifications(
        rows=found,
        accounts=await reader.fetch(_SENDERS, senders) if senders else [],
        statuses=await rows.by_ids(reader, viewer, status_ids),
    )
