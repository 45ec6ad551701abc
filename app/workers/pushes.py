"""Telling applications of notifications while they are closed."""

from typing import Any

import structlog

from app.domain.notifications import push_messages, push_subscriptions, pushes, vapid_keys
from app.outgoing import Refused
from app.rendering import pushes as rendering
from app.workers.tools import Tools

# The push service knows nothing of the subscription, and will not again.
_GONE = frozenset({404, 410})
_LATER = frozenset({408, 425, 429})

log = structlog.get_logger("pushes")


class NotDelivered(Exception):
    """The push service wants to be asked again later."""


async def push(tools: Tools, planned: dict[str, Any]) -> None:
    """Send one message to one application.

    Raises:
        NotDelivered, NotFetched: to be tried again.
    """
    database, settings = tools.database, tools.settings
    due = await pushes.due(database, settings, planned)
    if due is None:
        return
    row = due.row
    message = push_messages.encrypted(
        rendering.text(due, settings.origin),
        endpoint=row["endpoint"],
        p256dh=row["p256dh"],
        auth=row["auth"],
        standard=row["standard"],
        signer=await vapid_keys.signer(database, settings),
    )
    try:
        answer = await tools.outgoing.post(
            row["endpoint"], content=message.content, headers=message.headers
        )
    except Refused:
        await push_subscriptions.drop(database, planned["subscription_id"])
        return
    if answer.status in _GONE:
        await push_subscriptions.drop(database, planned["subscription_id"])
    elif answer.status in _LATER or answer.status >= 500:
        raise NotDelivered(str(answer.status))
    elif answer.status >= 300:
        log.warning("push refused", status=answer.status)
