"""Pushes: which notifications applications are told of while they are closed, and how."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock
from app.database import Reader, SessionReader
from app.domain import events
from app.domain.identity import secrecy
from app.domain.notifications import push_subscriptions
from app.domain.notifications.notifications import SHOWN
from app.domain.notifications.push_messages import KEPT_SECONDS
from app.settings import Settings

JOB = "push"

# Which notifications `n` a subscription `p` wants, by type and by who caused them.
_WANTED = """
    coalesce((p.alerts -> n.type)::boolean, false) AND CASE p.policy
        WHEN 'all' THEN true
        WHEN 'followed' THEN EXISTS (
            SELECT FROM follows f
            WHERE f.account_id = n.account_id AND f.target_account_id = n.from_account_id
              AND f.accepted)
        WHEN 'follower' THEN EXISTS (
            SELECT FROM follows f
            WHERE f.account_id = n.from_account_id AND f.target_account_id = n.account_id
              AND f.accepted)
        ELSE false END
"""

_PLAN = f"""
SELECT n.account_id, n.id AS notification_id, p.id AS subscription_id
FROM notifications n JOIN push_subscriptions p ON p.account_id = n.account_id
WHERE n.id = ANY($1::bigint[]) AND {_WANTED}
ORDER BY n.id, p.id
"""

# Much may have changed since it was planned.
_DUE = f"""
SELECT p.endpoint, p.p256dh, p.auth, p.standard, p.token, n.id, n.type, u.locale, sender.username,
       sender.display_name, sender.note, sender.avatar, said.text, said.spoiler_text,
       praise.statement
FROM push_subscriptions p
JOIN access_tokens t ON t.id = p.access_token_id AND t.revoked_at IS NULL
JOIN users u ON u.account_id = p.account_id AND NOT u.disabled
JOIN accounts owner ON owner.id = p.account_id AND owner.suspended_at IS NULL
JOIN notifications n ON n.id = $3 AND NOT n.filtered AND n.created_at > $4
JOIN accounts sender ON sender.id = n.from_account_id
LEFT JOIN statuses said ON said.id = n.status_id
LEFT JOIN topic_endorsements praise ON praise.id = n.topic_endorsement_id
WHERE p.id = $2 AND p.account_id = $1 AND {_WANTED} AND {SHOWN}
"""


@dataclass(frozen=True, slots=True)
class Due:
    """What an application is to be told: a row of notification, sender, status and subscription.

    `token` is the access token of the application, which reads from it whose notification it is.
    """

    row: Any
    token: str


async def plan(session: AsyncSession, notification_ids: Sequence[int]) -> None:
    """Have a message sent to each application that wants to be told of these."""
    found = await SessionReader(session).fetch(_PLAN, list(notification_ids))
    await events.enqueue(session, JOB, [dict(row) for row in found])


async def due(reader: Reader, settings: Settings, planned: Mapping[str, Any]) -> Due | None:
    """What is to be sent now; None when it is not wanted any more, or too late.

    Raises:
        CannotStart: the subscription was encrypted with another secret key.
    """
    found = await reader.fetch(
        _DUE,
        planned["account_id"],
        planned["subscription_id"],
        planned["notification_id"],
        clock.now() - timedelta(seconds=KEPT_SECONDS),
    )
    if not found:
        return None
    token = secrecy.decrypt(settings, push_subscriptions.PURPOSE, found[0]["token"])
    return Due(found[0], token.decode())
