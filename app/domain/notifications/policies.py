"""Notification policies: what becomes of a notification, by who caused it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from app.database import Reader
from app.domain.notifications import requests
from app.models.notifications.policies import DEFAULTS, NotificationPolicy

# More requests than this nobody counts.
_MOST = 100

_READ = f"""
SELECT {", ".join(f"coalesce(p.{name}, '{value}') AS {name}" for name, value in DEFAULTS.items())},
       counted.pending_requests_count, counted.pending_notifications_count
FROM (
    SELECT count(*) AS pending_requests_count,
           coalesce(sum(found.kept), 0)::bigint AS pending_notifications_count
    FROM (
        SELECT kept.kept FROM notification_requests r
        CROSS JOIN LATERAL ({requests.KEPT}) kept
        WHERE r.account_id = $1 AND kept.kept > 0
        ORDER BY r.id DESC LIMIT {_MOST}
    ) found
) counted
LEFT JOIN notification_policies p ON p.account_id = $1
"""

# Acts that others do of their own accord. What somebody asked for is never kept from them.
_JUDGED_TYPES = (
    "('mention', 'reblog', 'favourite', 'follow', 'follow_request', 'quote', 'reaction',"
    " 'endorsement')"
)

_IS_FOLLOWED = """
    EXISTS (SELECT FROM follows f
            WHERE f.account_id = c.account_id AND f.target_account_id = c.from_account_id
              AND f.accepted)
"""

_IS_FOLLOWER = """
    EXISTS (SELECT FROM follows f
            WHERE f.account_id = c.from_account_id AND f.target_account_id = c.account_id
              AND f.accepted AND f.created_at < $1::timestamptz - interval '3 days')
"""

# Whether further up the conversation the recipient wrote to the sender privately.
_IS_ANSWER = """
    EXISTS (
        WITH RECURSIVE above AS (
            SELECT s.in_reply_to_id AS id, 1 AS depth
            UNION ALL
            SELECT parent.in_reply_to_id, above.depth + 1
            FROM above JOIN statuses parent ON parent.id = above.id
            WHERE above.depth < 100
        )
        SELECT FROM above
        JOIN statuses parent ON parent.id = above.id
        JOIN mentions named
            ON named.status_id = parent.id AND named.account_id = c.from_account_id
        WHERE parent.account_id = c.account_id AND parent.visibility = 'direct')
"""


def _when(condition: str, name: str) -> str:
    return f"CASE WHEN {condition} THEN coalesce(p.{name}, '{DEFAULTS[name]}') END"


# The verdicts on a notification to be, `c`: `s` is its status, `sender` who caused it, and `p` the
# policy of its recipient. Those that do not apply are null. $1 is the present moment.
VERDICTS = f"""
    CASE WHEN c.type IN {_JUDGED_TYPES} AND NOT EXISTS (
        SELECT FROM notification_permissions let_in
        WHERE let_in.account_id = c.account_id AND let_in.from_account_id = c.from_account_id
    ) THEN ARRAY[{_when(f"NOT {_IS_FOLLOWER}", "for_not_followers")}]
        || CASE WHEN NOT {_IS_FOLLOWED} THEN ARRAY[
            coalesce(p.for_not_following, '{DEFAULTS["for_not_following"]}'),
            {_when("sender.created_at > $1::timestamptz - interval '30 days'", "for_new_accounts")},
            {
    _when(
        f"c.type = 'mention' AND s.visibility = 'direct' AND NOT {_IS_ANSWER}",
        "for_private_mentions",
    )
},
            {_when("sender.silenced_at IS NOT NULL", "for_limited_accounts")},
            {_when("sender.bot", "for_bots")}
        ] END
    END
"""


async def read(reader: Reader, account_id: int) -> Mapping[str, Any]:
    """An account's policy, with `pending_requests_count` and `pending_notifications_count`."""
    row: Mapping[str, Any] = (await reader.fetch(_READ, account_id))[0]
    return row


async def change(session: AsyncSession, account_id: int, verdicts: Mapping[str, str]) -> None:
    """Change an account's mind; what is not among `verdicts` stays as it is.

    It concerns what comes from now on.
    """
    if verdicts:
        await session.exec(
            insert(NotificationPolicy)
            .values(account_id=account_id, **verdicts)
            .on_conflict_do_update(index_elements=["account_id"], set_=dict(verdicts))
        )
