"""WebSub: programs that are told when a public feed changes, instead of asking (FE-6).

Nobody is believed who says they want it: the callback is asked first. Once a minute each feed that
somebody waits for is looked at, in one statement; whoever does not have its present edition yet
gets it, whole. So nothing has to be kept about what was missed, and posting costs nothing more.
"""

import hmac
import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final, NamedTuple, get_args
from urllib.parse import unquote, urlsplit

from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock
from app.database import Reader, SessionReader
from app.domain import events
from app.domain.identity import secrecy
from app.domain.timelines import feeds
from app.domain.timelines.feeds import Feed, Format
from app.errors import Invalid, NotFound
from app.models.timelines.websub_subscriptions import WebSubSubscription
from app.settings import Settings

PURPOSE: Final = "websub subscriptions"
DEFAULT_LEASE: Final = timedelta(days=10)
MIN_LEASE: Final = timedelta(hours=1)
MAX_LEASE: Final = timedelta(days=30)
MAX_SECRET_BYTES: Final = 199
# A callback that does not answer is asked no more after this.
_UNVERIFIED: Final = timedelta(hours=1)
# How long a delivery is left to the job that has it.
_IN_WORK: Final = timedelta(minutes=10)
# When it is tried again after each failure; after the last, the subscription ends.
PAUSES: Final = tuple(
    timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 300, 600, 840, 1200)
)

_MAX_CALLBACK = 2048
_TOPIC = re.compile(
    r"/(?:@(?P<account>[^/]+)|tags/(?P<tag>[^/]+)|(?P<public>public))\.(?P<format>atom|rss|json)"
)

_FORMATS: Final[dict[str, Format]] = {each: each for each in get_args(Format)}

_END_OTHERS = """
DELETE FROM websub_subscriptions o USING websub_subscriptions s
WHERE s.id = $1 AND o.topic = s.topic AND o.callback = s.callback AND o.verified_at IS NOT NULL
"""
_BEGIN = """
UPDATE websub_subscriptions
SET verified_at = $2, expires_at = $3, delivered_version = $4, next_attempt_at = $2
WHERE id = $1
"""
_DROP = "DELETE FROM websub_subscriptions WHERE id = $1"

_LIVE = "verified_at IS NOT NULL AND expires_at > $1"
_TOPICS = f"SELECT DISTINCT topic FROM websub_subscriptions WHERE {_LIVE} AND next_attempt_at <= $1"
_CLAIM = f"""
UPDATE websub_subscriptions SET next_attempt_at = $2
WHERE {_LIVE} AND next_attempt_at <= $1 AND topic = $3
  AND delivered_version IS DISTINCT FROM $4
RETURNING id
"""
_DELIVERED = """
UPDATE websub_subscriptions
SET delivered_version = $2, failures = 0, next_attempt_at = $3 WHERE id = $1
"""
_FAILED = """
UPDATE websub_subscriptions SET failures = failures + 1, next_attempt_at = $2 WHERE id = $1
"""
_RESEAL = """
UPDATE websub_subscriptions s SET secret = sealed.secret
FROM unnest($1::bigint[], $2::bytea[]) AS sealed (id, secret) WHERE s.id = sealed.id
"""


class Topic(NamedTuple):
    """A feed and the format it is wanted in."""

    feed: Feed
    format: Format


def is_offered(settings: Settings) -> bool:
    """Whether this server is a hub; it is none where nobody reads without a login."""
    return settings.websub == "on" and settings.anonymous_reads == "on"


def topic(url: str, settings: Settings) -> Topic | None:
    """What the URL of a public feed of ours names; None for any other."""
    parts = urlsplit(url)
    found = _TOPIC.fullmatch(parts.path)
    if found is None or url != f"{settings.origin}{parts.path}":
        return None
    format_ = _FORMATS[found["format"]]
    if found["account"]:
        return Topic(Feed("account", unquote(found["account"])), format_)
    if found["tag"]:
        return Topic(Feed("tag", unquote(found["tag"])), format_)
    return Topic(Feed("public"), format_)


async def request(
    session: AsyncSession,
    settings: Settings,
    *,
    callback: str,
    topic_url: str,
    ends: bool,
    lease_seconds: int | None,
    secret: str | None,
) -> None:
    """Ask a callback, a little later, whether it wants to get a feed, or no more.

    Raises:
        Invalid: one of these is nothing that can be asked for.
    """
    problems = {}
    wanted = topic(topic_url, settings)
    if wanted is None:
        problems["hub.topic"] = [("ERR_INVALID", "is invalid")]
    if not _is_callback(callback):
        problems["hub.callback"] = [("ERR_INVALID", "is not a valid URL")]
    if secret is not None and len(secret.encode()) > MAX_SECRET_BYTES:
        problems["hub.secret"] = [("ERR_INVALID", "is invalid")]
    if wanted is None or problems:
        raise Invalid(problems)
    try:
        edition = await feeds.edition(SessionReader(session), wanted.feed)
    except NotFound:
        raise Invalid({"hub.topic": [("ERR_INVALID", "is invalid")]}) from None
    lease = DEFAULT_LEASE if lease_seconds is None else timedelta(seconds=lease_seconds)
    asked = WebSubSubscription(
        callback=callback,
        topic=topic_url,
        account_id=edition.account_id,
        secret=secrecy.cipher(settings, PURPOSE).encrypt(secret.encode()) if secret else None,
        ends=ends,
        lease_seconds=int(min(max(lease, MIN_LEASE), MAX_LEASE).total_seconds()),
        expires_at=clock.now() + _UNVERIFIED,
    )
    session.add(asked)
    await events.enqueue(session, "verify_websub", [{"subscription_id": asked.id}])


async def by_id(reader: Reader, subscription_id: int) -> Any | None:
    """The row of a subscription, or of a question about one; None if it has ended."""
    found = await reader.fetch(
        "SELECT * FROM websub_subscriptions WHERE id = $1 AND expires_at > $2",
        subscription_id,
        clock.now(),
    )
    return found[0] if found else None


async def confirm(session: AsyncSession, settings: Settings, row: Any) -> None:
    """Do what was asked for: the callback agreed. What it had of this feed before ends."""
    reader = SessionReader(session)
    await reader.fetch(_END_OTHERS, row["id"])
    if row["ends"]:
        await drop(reader, row["id"])
        return
    now = clock.now()
    # It will have read the present edition already.
    version = await _version(reader, row["topic"], settings)
    lease = timedelta(seconds=row["lease_seconds"])
    await reader.fetch(_BEGIN, row["id"], now, now + lease, version)


async def drop(reader: Reader, subscription_id: int) -> None:
    """End a subscription, or a question about one."""
    await reader.fetch(_DROP, subscription_id)


async def plan_deliveries(session: AsyncSession, settings: Settings) -> None:
    """Enqueue a job for each subscription that does not have the present edition of its feed."""
    reader, now = SessionReader(session), clock.now()
    due: list[int] = []
    for row in await reader.fetch(_TOPICS, now):
        version = await _version(reader, row["topic"], settings)
        if version is not None:
            claimed = await reader.fetch(_CLAIM, now, now + _IN_WORK, row["topic"], version)
            due += [each["id"] for each in claimed]
    await events.enqueue(session, "deliver_feed", [{"subscription_id": id_} for id_ in due])


async def delivered(reader: Reader, subscription_id: int, version: str) -> None:
    """Remember that a callback has an edition."""
    await reader.fetch(_DELIVERED, subscription_id, version, clock.now())


async def failed(reader: Reader, row: Any) -> None:
    """Put a delivery off, or end a subscription whose callback has not answered for days."""
    if row["failures"] >= len(PAUSES):
        await drop(reader, row["id"])
    else:
        await reader.fetch(_FAILED, row["id"], clock.now() + PAUSES[row["failures"]])


def signature(settings: Settings, sealed: bytes, content: bytes) -> str:
    """By which a callback knows that content came from here."""
    secret = secrecy.decrypt(settings, PURPOSE, sealed)
    return f"sha256={hmac.new(secret, content, 'sha256').hexdigest()}"


async def renew(reader: Reader, settings: Settings) -> None:
    """Encrypt the secrets with the present secret key.

    Raises:
        CannotStart: one was encrypted with a key that is not known any more.
    """
    rows: Sequence[Any] = await reader.fetch(
        "SELECT id, secret FROM websub_subscriptions WHERE secret IS NOT NULL FOR UPDATE"
    )
    sealed = [secrecy.renewed(settings, PURPOSE, row["secret"]) for row in rows]
    await reader.fetch(_RESEAL, [row["id"] for row in rows], sealed)


async def forget(reader: Reader) -> None:
    """End all subscriptions whose secret may be known to others."""
    await reader.fetch("DELETE FROM websub_subscriptions WHERE secret IS NOT NULL")


async def _version(reader: Reader, topic_url: str, settings: Settings) -> str | None:
    """Of the present edition; None where there is nothing to be read at present."""
    wanted = topic(topic_url, settings)
    if wanted is None:
        return None
    try:
        return (await feeds.edition(reader, wanted.feed)).version
    except NotFound:
        return None


def _is_callback(url: str) -> bool:
    """Whether it looks like one; where it leads is judged when we go there (SS-3)."""
    try:
        parts = urlsplit(url)
        return (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and not parts.fragment
            and len(url) <= _MAX_CALLBACK
        )
    except ValueError:
        return False
