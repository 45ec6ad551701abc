"""Following: whose statuses come home."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, BigInteger, and_, exists, or_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete, func, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock, ids
from app.database import Reader, SessionReader
from app.domain import events
from app.domain.accounts import accounts
from app.domain.relationships import relationships
from app.domain.relationships.hidden_authors import wanted_by
from app.errors import Forbidden, NotFound
from app.languages import language_or_none
from app.models.accounts.accounts import Account
from app.models.relationships.blocks import Block
from app.models.relationships.follows import Follow
from app.models.timelines.lists import ListAccount
from app.pagination import Listing, Page


@dataclass(frozen=True, slots=True)
class Options:
    """How a follow behaves; None leaves it as it is, or at its default for a new one."""

    show_reblogs: bool | None = None
    notify: bool | None = None
    languages: Sequence[str] | None = None

    def given(self) -> dict[str, Any]:
        """The options that were chosen, by column."""
        chosen: dict[str, Any] = {"show_reblogs": self.show_reblogs, "notify": self.notify}
        chosen = {name: value for name, value in chosen.items() if value is not None}
        if self.languages is not None:
            # As statuses say theirs. An empty list takes the filter away.
            codes = filter(None, map(language_or_none, self.languages))
            chosen["languages"] = list(dict.fromkeys(codes)) or None
        return chosen


async def follow(
    session: AsyncSession, account: Account, target: Account, options: Options
) -> None:
    """Make `account` follow `target`, or ask to if the target is locked.

    Following again changes the options only, and records no second event.

    Raises:
        Forbidden: an account tried to follow itself, or one of the two blocks the other.
    """
    if account.id == target.id:
        raise Forbidden
    await relationships.lock(session, account.id, target.id)
    if await session.scalar(select(_blocks_between(account.id, target.id))):
        raise Forbidden

    # Insert first, look later: of two simultaneous requests only one records the event.
    created: Follow | None = await session.scalar(
        insert(Follow)
        .values(
            id=ids.new(),
            created_at=clock.now(),
            account_id=account.id,
            target_account_id=target.id,
            accepted=not target.locked,
            **options.given(),
        )
        .on_conflict_do_nothing()
        .returning(Follow)
    )
    if created is None:
        await _change_options(session, account.id, target.id, options)
    elif created.accepted:
        await _count(session, account.id, target.id, by=1)
        await events.record(
            session, "follow.created", account_id=account.id, target_account_id=target.id
        )
    else:
        await events.record(
            session, "follow.requested", account_id=account.id, target_account_id=target.id
        )


async def unfollow(session: AsyncSession, account_id: int, target_account_id: int) -> None:
    """End a follow or take back a request. Without one, nothing happens."""
    await _end(session, account_id, target_account_id)


async def remove_follower(session: AsyncSession, account_id: int, follower_id: int) -> None:
    """End a follow from the other side; who follows is not told. A request stays one."""
    await _end(session, follower_id, account_id, col(Follow.accepted))


# The lists the target is in because of a follow, which end with it.
_LIST_IDS = func.array(
    select(ListAccount.list_id).where(col(ListAccount.follow_id) == Follow.id).scalar_subquery(),
    type_=ARRAY(BigInteger),
)


async def _end(
    session: AsyncSession, account_id: int, target_account_id: int, *conditions: Any
) -> bool:
    ended = await session.exec(
        delete(Follow)
        .where(
            col(Follow.account_id) == account_id,
            col(Follow.target_account_id) == target_account_id,
            *conditions,
        )
        .returning(col(Follow.accepted), _LIST_IDS)
    )
    if (follow := ended.first()) is None:
        return False
    accepted, list_ids = follow
    if accepted:
        await _count(session, account_id, target_account_id, by=-1)
    await events.record(
        session,
        "follow.deleted",
        account_id=account_id,
        target_account_id=target_account_id,
        accepted=accepted,
        list_ids=list_ids,
    )
    return True


async def authorize(session: AsyncSession, account: Account, follower_id: int) -> None:
    """Let `follower_id` follow `account`, which they asked for.

    Raises:
        NotFound: they did not ask.
    """
    accepted = await session.scalar(
        update(Follow)
        .where(
            col(Follow.account_id) == follower_id,
            col(Follow.target_account_id) == account.id,
            col(Follow.accepted).is_(False),
        )
        .values(accepted=True)
        .returning(col(Follow.id))
    )
    if accepted is None:
        raise NotFound
    await _count(session, follower_id, account.id, by=1)
    await events.record(
        session, "follow.created", account_id=follower_id, target_account_id=account.id
    )


_AUTHORIZE_ALL = """
WITH accepted AS (
    UPDATE follows SET accepted = true WHERE target_account_id = $1 AND NOT accepted
    RETURNING account_id
), locked AS (
    -- The smaller id first, as everybody does who counts.
    SELECT id FROM accounts WHERE id IN (SELECT account_id FROM accepted)
    ORDER BY id FOR NO KEY UPDATE
), following AS (
    UPDATE accounts a SET following_count = a.following_count + 1
    FROM locked WHERE a.id = locked.id
), followed AS (
    UPDATE accounts a SET followers_count = a.followers_count + (SELECT count(*) FROM accepted)
    WHERE a.id = $1
)
SELECT account_id FROM accepted ORDER BY account_id
"""


async def authorize_all(session: AsyncSession, account_id: int) -> None:
    """Let everybody follow the account who asked for it, in as many statements as for one."""
    accepted = await SessionReader(session).fetch(_AUTHORIZE_ALL, account_id)
    await events.record_many(
        session,
        "follow.created",
        [{"account_id": row[0], "target_account_id": account_id} for row in accepted],
    )


async def reject(session: AsyncSession, account: Account, follower_id: int) -> None:
    """Refuse the request of `follower_id`, who is not told.

    Raises:
        NotFound: they did not ask.
    """
    if not await _end(session, follower_id, account.id, col(Follow.accepted).is_(False)):
        raise NotFound


def _listing(of: str, shown: str, accepted: str) -> Listing:
    return Listing(
        f"""
        SELECT f.id AS cursor, {accounts.COLUMNS}
        FROM follows f JOIN accounts a ON a.id = f.{shown}
        WHERE f.{of} = $5 AND {accepted} AND f.id < $2 AND f.id > $3
          AND a.suspended_at IS NULL AND ($1 = $5 OR {wanted_by("$1", "a.id")})
        ORDER BY f.id {{direction}} LIMIT $4
        """
    )


_FOLLOWERS = _listing("target_account_id", "account_id", "f.accepted")
_FOLLOWING = _listing("account_id", "target_account_id", "f.accepted")
_REQUESTS = _listing("target_account_id", "account_id", "NOT f.accepted")


async def followers(reader: Reader, viewer: int, account_id: int, page: Page) -> Sequence[Any]:
    """Thin rows of who follows the account, newest follow first; none if it keeps that private."""
    if not await relationships.shows_people(reader, viewer, account_id, follows=True):
        return []
    return await _FOLLOWERS.read(reader, viewer, page, account_id)


async def following(reader: Reader, viewer: int, account_id: int, page: Page) -> Sequence[Any]:
    """Thin rows of whom the account follows, newest follow first; none if it keeps that private."""
    if not await relationships.shows_people(reader, viewer, account_id, follows=True):
        return []
    return await _FOLLOWING.read(reader, viewer, page, account_id)


async def requests(reader: Reader, viewer: int, page: Page) -> Sequence[Any]:
    """Thin rows of who asks to follow the viewer, newest first."""
    return await _REQUESTS.read(reader, viewer, page, viewer)


def _blocks_between(account_id: int, other_account_id: int) -> Any:
    pairs = ((account_id, other_account_id), (other_account_id, account_id))
    return exists().where(
        or_(
            *(
                and_(col(Block.account_id) == one, col(Block.target_account_id) == other)
                for one, other in pairs
            )
        )
    )


async def _change_options(
    session: AsyncSession, account_id: int, target_account_id: int, options: Options
) -> None:
    if chosen := options.given():
        await session.exec(
            update(Follow)
            .where(
                col(Follow.account_id) == account_id,
                col(Follow.target_account_id) == target_account_id,
            )
            .values(**chosen)
        )


async def _count(
    session: AsyncSession, account_id: int, target_account_id: int, *, by: int
) -> None:
    # The smaller id first, so that two people following each other cannot deadlock.
    changes = {account_id: Account.following_count, target_account_id: Account.followers_count}
    for id_, counter in sorted(changes.items()):
        await session.exec(
            update(Account)
            .where(col(Account.id) == id_)
            .values({counter: counter + by})
            .execution_options(synchronize_session=False)
        )
