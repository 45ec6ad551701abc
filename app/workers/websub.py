"""Asking callbacks whether they want a feed, and bringing it to them (W3C WebSub)."""

import hmac
import secrets
from typing import Any
from urllib.parse import urlencode

import structlog

from app.database import Database
from app.domain.timelines import feeds, websub_subscriptions
from app.errors import NotFound
from app.outgoing import NotFetched, Refused
from app.rendering.feeds import MEDIA_TYPES
from app.settings import Settings
from app.workers.tools import Tools

_GONE = 410

log = structlog.get_logger("websub")


async def verify(tools: Tools, asked: dict[str, Any]) -> None:
    """Ask a callback whether it agrees to what somebody asked for in its name.

    Raises:
        NotFetched: it did not answer; to be tried again.
    """
    database, settings = tools.database, tools.settings
    row = await websub_subscriptions.by_id(database, asked["subscription_id"])
    if row is None or row["verified_at"] is not None:
        return
    challenge = secrets.token_urlsafe(32)
    question = {
        "hub.mode": "unsubscribe" if row["ends"] else "subscribe",
        "hub.topic": row["topic"],
        "hub.challenge": challenge,
        "hub.lease_seconds": str(row["lease_seconds"]),
    }
    # What the callback has in its own query stays.
    joint = "&" if "?" in row["callback"] else "?"
    try:
        answer = await tools.outgoing.get(
            f"{row['callback']}{joint}{urlencode(question)}", max_bytes=1024, redirects=0
        )
    except Refused:
        await websub_subscriptions.drop(database, row["id"])
        return
    agrees = 200 <= answer.status < 300 and hmac.compare_digest(
        answer.content.strip(), challenge.encode()
    )
    if not agrees:
        await websub_subscriptions.drop(database, row["id"])
        return
    async with database.session() as session:
        await websub_subscriptions.confirm(session, settings, row)
        await session.commit()


async def plan(database: Database, settings: Settings) -> None:
    """Once a minute: find what is to be delivered."""
    if not websub_subscriptions.is_offered(settings):
        return
    async with database.session() as session:
        await websub_subscriptions.plan_deliveries(session, settings)
        await session.commit()


async def deliver(tools: Tools, planned: dict[str, Any]) -> None:
    """Bring the present edition of a feed to one callback."""
    database, settings = tools.database, tools.settings
    row = await websub_subscriptions.by_id(database, planned["subscription_id"])
    topic = websub_subscriptions.topic(row["topic"], settings) if row else None
    if row is None or topic is None or not websub_subscriptions.is_offered(settings):
        return
    try:
        edition = await feeds.edition(database, topic.feed)
        content = await tools.feeds.document(database, topic.feed, edition, topic.format)
    except NotFound:
        return
    headers = {
        "Content-Type": MEDIA_TYPES[topic.format],
        "Link": f'<{tools.feeds.hub_url}>; rel="hub", <{row["topic"]}>; rel="self"',
    }
    if row["secret"] is not None:
        headers["X-Hub-Signature"] = websub_subscriptions.signature(
            settings, row["secret"], content
        )
    try:
        answer = await tools.outgoing.post(row["callback"], content=content, headers=headers)
    except Refused:
        await websub_subscriptions.drop(database, row["id"])
        return
    except NotFetched:
        await websub_subscriptions.failed(database, row)
        return
    if answer.status == _GONE:
        await websub_subscriptions.drop(database, row["id"])
    elif 200 <= answer.status < 300:
        await websub_subscriptions.delivered(database, row["id"], edition.version)
    else:
        log.info("feed refused", status=answer.status)
        await websub_subscriptions.failed(database, row)
