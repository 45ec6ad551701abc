"""Marks: what somebody puts on a status, and takes off again: favourites and bookmarks.

Both verbs of a pair may be repeated; only the one that changes something counts and is told.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock, ids
from app.database import Reader
from app.domain import events
from app.domain.accounts import accounts
from app.domain.relationships.hidden_authors import wanted_by
from app.domain.statuses import counters, rows, statuses
from app.models.accounts.accounts import Account
from app.models.statuses.bookmarks import Bookmark
from app.models.statuses.favourites import Favourite
from app.models.statuses.statuses import Status
from app.pagination import Listing, Page

_Mark = type[Favourite] | type[Bookmark]


async def favourite(session: AsyncSession, account: Account, status_id: int) -> None:
    """Thank the author of a status the account may read."""
    if await _put(session, Favourite, account.id, status_id):
        await counters.count(session, status_id, Status.favourites_count, by=1)
        await events.record(
            session, "favourite.created", status_id=status_id, account_id=account.id
        )


async def unfavourite(session: AsyncSession, account: Account, status_id: int) -> None:
    """Take the thanks back."""
    await statuses.hold(session, status_id)
    if await _take(session, Favourite, account.id, status_id):
        await counters.count(session, status_id, Status.favourites_count, by=-1)
        await events.record(
            session, "favourite.deleted", status_id=status_id, account_id=account.id
        )


async def bookmark(session: AsyncSession, account: Account, status_id: int) -> None:
    """Keep a status for later. Nobody is told."""
    if await _put(session, Bookmark, account.id, status_id):
        await counters.count(session, status_id, Status.bookmarks_count, by=1)


async def unbookmark(session: AsyncSession, account: Account, status_id: int) -> None:
    """Keep it no longer."""
    await statuses.hold(session, status_id)
    if await _take(session, Bookmark, account.id, status_id):
        await counters.count(session, status_id, Status.bookmarks_count, by=-1)


async def favourited(reader: Reader, viewer: int, page: Page) -> Sequence[Any]:
    """Thin rows of what the viewer favourited, the latest favourite first."""
    return await _FAVOURITED.read(reader, viewer, page)


async def bookmarked(reader: Reader, viewer: int, page: Page) -> Sequence[Any]:
    """Thin rows of what the viewer bookmarked, the latest bookmark first."""
    return await _BOOKMARKED.read(reader, viewer, page)


async def favourited_by(reader: Reader, viewer: int, status_id: int, page: Page) -> Sequence[Any]:
    """Thin rows of the accounts that favourited a status, the latest first."""
    return await _FAVOURITED_BY.read(reader, viewer, page, status_id)


def _marked(table: str) -> Listing:
    return Listing(
        rows.statement(
            "m.account_id = $1 AND m.id < $2 AND m.id > $3 ORDER BY m.id {direction} LIMIT $4",
            cursor="m.id",
            source=f"{table} m JOIN statuses s ON s.id = m.status_id",
        )
    )


_FAVOURITED = _marked("favourites")
_BOOKMARKED = _marked("bookmarks")

_FAVOURITED_BY = Listing(
    f"""
    SELECT m.id AS cursor, {accounts.COLUMNS}
    FROM favourites m JOIN accounts a ON a.id = m.account_id
    WHERE m.status_id = $5 AND m.id < $2 AND m.id > $3
      AND a.suspended_at IS NULL AND {wanted_by("$1", "a.id")}
    ORDER BY m.id {{direction}} LIMIT $4
    """
)


async def _put(session: AsyncSession, mark: _Mark, account_id: int, status_id: int) -> bool:
    created = await session.scalar(
        insert(mark)
        .values(id=ids.new(), created_at=clock.now(), account_id=account_id, status_id=status_id)
        .on_conflict_do_nothing()
        .returning(col(mark.id))
    )
    return created is not None


async def _take(session: AsyncSession, mark: _Mark, account_id: int, status_id: int) -> bool:
    taken = await session.scalar(
        delete(mark)
        .where(col(mark.account_id) == account_id, col(mark.status_id) == status_id)
        .returning(col(mark.id))
    )
    return taken is not None
