"""Private feeds: addresses under which somebody's feed reader reads what they may read (FE-5).

An address is a key, so it is made once, shown once, and can be taken back. What it opens is asked
anew each time: who it belongs to, whether they may still log in, and what they may see.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock
from app.database import Reader, SessionReader
from app.domain.expertise import experts, searches
from app.domain.identity import tokens
from app.domain.moderation import audit
from app.domain.moderation.audit import Actor
from app.domain.statuses import marks, rows
from app.domain.timelines import lists, timelines
from app.domain.timelines.feeds import LENGTH
from app.errors import Invalid, NotFound, Unprocessable
from app.ids import BIGGEST
from app.models.accounts.accounts import Account
from app.models.timelines.private_feeds import PrivateFeed, PrivateFeedKind
from app.pagination import Listing
from search.engines import SearchEngine

PREFIX: Final = "hdp_fd_"
MAX_FEEDS: Final = 50
# Of how many who know about a topic there is something in its feed.
_PEOPLE: Final = 20

_COLUMNS = """
f.id, f.created_at, f.account_id, f.kind, f.list_id, f.query, f.last_used_on,
(SELECT l.title FROM lists l WHERE l.id = f.list_id) AS list_title
"""

_ALL = f"SELECT {_COLUMNS} FROM private_feeds f WHERE f.account_id = $1 ORDER BY f.id"

_BY_HASH = f"""
SELECT {_COLUMNS}, a.username, u.confirmed_at, u.approved, u.disabled, u.tokens_not_before,
       a.suspended_at
FROM private_feeds f
JOIN accounts a ON a.id = f.account_id
JOIN users u ON u.account_id = a.id
WHERE f.token_hash = $1
"""

_TOUCH = """
UPDATE private_feeds SET last_used_on = $2
WHERE id = $1 AND (last_used_on IS NULL OR last_used_on < $2)
"""

_BY_PEOPLE = Listing(
    rows.statement(
        "TRUE ORDER BY s.id {direction} LIMIT $4",
        shown=rows.WANTED,
        source=f"""
        unnest($5::bigint[]) AS author (id)
        CROSS JOIN LATERAL (
            SELECT s.id FROM statuses s
            WHERE s.account_id = author.id AND {timelines.SAID_TO_ALL} AND s.id < $2 AND s.id > $3
            ORDER BY s.id {{direction}} LIMIT $4
        ) newest
        JOIN statuses s ON s.id = newest.id""",
    )
)

# What two rows have in common that look the same in a feed.
_SHOWN = ("id", "version", "account_version", "o_id", "o_version", "o_account_version", "filters")


@dataclass(frozen=True, slots=True)
class Wish:
    """Which feed somebody wants."""

    kind: PrivateFeedKind
    list_id: int | None = None
    query: str | None = None


@dataclass(frozen=True, slots=True)
class _Page:
    max_id: int | None
    since_id: int | None = None
    min_id: int | None = None
    limit: int = LENGTH


async def create(
    session: AsyncSession, actor: Actor, account: Account, wish: Wish
) -> tuple[PrivateFeed, str]:
    """A new feed, and its token, which is kept nowhere.

    Raises:
        Invalid: there is nothing to look for.
        NotFound: the account has no such list.
        Unprocessable: it is one too many.
    """
    of_list = wish.kind is PrivateFeedKind.LIST
    asks = wish.kind in (PrivateFeedKind.SEARCH, PrivateFeedKind.TOPIC)
    query = (wish.query or "").strip()
    if asks and not query:
        raise Invalid({"query": [("ERR_BLANK", "can't be blank")]})
    if of_list:
        await lists.require(SessionReader(session), account.id, wish.list_id or 0)
    # One after the other, so that two requests cannot both take the last place.
    await session.refresh(account, with_for_update=True)
    count = select(func.count()).where(col(PrivateFeed.account_id) == account.id)
    if (await session.scalar(count) or 0) >= MAX_FEEDS:
        raise Unprocessable("Validation failed: You have reached the maximum number of feeds")
    token = PREFIX + secrets.token_urlsafe(32)
    feed = PrivateFeed(
        token_hash=tokens.digest(token),
        account_id=account.id,
        application_id=actor.application_id,
        kind=wish.kind,
        list_id=wish.list_id if of_list else None,
        query=query if asks else None,
    )
    session.add(feed)
    await session.flush()
    await audit.record(session, actor, "create", "private_feed", feed.id, kind=wish.kind.value)
    return feed, token


async def revoke(session: AsyncSession, actor: Actor, account_id: int, feed_id: int) -> None:
    """Let an address open nothing any more.

    Raises:
        NotFound: the account has no such feed.
    """
    feed = await session.get(PrivateFeed, feed_id, with_for_update=True)
    if feed is None or feed.account_id != account_id:
        raise NotFound
    await session.delete(feed)
    await audit.record(session, actor, "delete", "private_feed", feed_id, kind=feed.kind)


async def all_of(reader: Reader, viewer: int) -> Sequence[Any]:
    """Rows of the viewer's feeds, the oldest first."""
    return await reader.fetch(_ALL, viewer)


async def own(reader: Reader, viewer: int, feed_id: int) -> Any:
    """The row of one of them.

    Raises:
        NotFound: the viewer has no such feed.
    """
    for row in await all_of(reader, viewer):
        if row["id"] == feed_id:
            return row
    raise NotFound


async def by_token(reader: Reader, token: str) -> Any:
    """The row of the feed that a token opens, with its owner's `username`.

    Raises:
        NotFound: it opens none; or its owner may not log in, or changed their password since.
    """
    found = await reader.fetch(_BY_HASH, tokens.digest(token))
    if not found or tokens.barred(found[0]):
        raise NotFound
    row = found[0]
    if row["tokens_not_before"] is not None and row["created_at"] < row["tokens_not_before"]:
        raise NotFound
    today = clock.now().date()
    if row["last_used_on"] != today:
        await reader.fetch(_TOUCH, row["id"], today)
    return row


async def statuses(
    reader: Reader, engine: SearchEngine, feed: Any, *, below_id: int | None, domain: str
) -> Sequence[Any]:
    """Thin rows of what a feed holds, as its owner may see it now, newest first."""
    viewer, page = feed["account_id"], _Page(below_id)
    match PrivateFeedKind(feed["kind"]):
        case PrivateFeedKind.HOME:
            return await timelines.home(reader, viewer, page)
        case PrivateFeedKind.BOOKMARKS:
            return await marks.bookmarked(reader, viewer, page)
        case PrivateFeedKind.LIST:
            return await lists.timeline(reader, viewer, feed["list_id"], page)
        case PrivateFeedKind.SEARCH:
            ask = searches.Ask(
                feed["query"], limit=LENGTH, below_id=BIGGEST if below_id is None else below_id
            )
            return await searches.statuses(reader, engine, viewer, ask, domain=domain)
    people = await experts.account_ids(
        reader, engine, viewer, experts.Ask(feed["query"], limit=_PEOPLE)
    )
    return await _BY_PEOPLE.read(reader, viewer, page, people)


def version(found: Sequence[Any]) -> str:
    """The same for rows that look the same in a feed."""
    shown = repr([[row[column] for column in _SHOWN] for row in found])
    return hashlib.sha256(shown.encode()).hexdigest()[:32]
