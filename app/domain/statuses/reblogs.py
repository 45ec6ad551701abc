"""Reblogs: passing on what somebody said."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock, ids
from app.database import Reader
from app.domain import events
from app.domain.accounts import accounts
from app.domain.relationships.hidden_authors import wanted_by
from app.domain.statuses import counters, statuses
from app.domain.statuses.visibility import still_there, visible_to
from app.errors import Conflict, Forbidden
from app.models.accounts.accounts import Account
from app.models.statuses.statuses import Status, Visibility
from app.models.timelines.home_entries import HomeEntry
from app.pagination import Listing, Page

_WIDEST_FIRST = list(Visibility)


async def reblog(
    session: AsyncSession, account: Account, status_id: int, wanted: Visibility | None
) -> int:
    """Pass a status on; the id of the reblog, the existing one if there is one already.

    It is never visible to more people than the original.

    Raises:
        Forbidden: a direct status, somebody else's private one, or a direct reblog.
        NotFound: it was deleted since it was found.
        Conflict: an earlier reblog is being taken back at this moment.
    """
    original = await still_there(session, status_id)
    original_visibility = Visibility(original.visibility)
    if original_visibility is Visibility.DIRECT or wanted is Visibility.DIRECT:
        raise Forbidden
    if original_visibility is Visibility.PRIVATE and original.account_id != account.id:
        raise Forbidden
    narrowest = max(original_visibility, wanted or Visibility.PUBLIC, key=_WIDEST_FIRST.index)
    now = clock.now()
    created: int | None = await session.scalar(
        insert(Status)
        .values(
            id=ids.new(now),
            version=ids.new(now),
            created_at=now,
            account_id=account.id,
            reblog_of_id=original.id,
            visibility=narrowest,
        )
        .on_conflict_do_nothing()
        .returning(col(Status.id))
    )
    if created is None:
        existing: int | None = await session.scalar(_reblog_of(account.id, original.id))
        if existing is None:  # pragma: no cover - between two statements, which no test can hit
            raise Conflict  # it was there, and was taken back since
        return existing
    session.add(HomeEntry(account_id=account.id, status_id=created))
    await counters.count(session, original.id, Status.reblogs_count, by=1)
    await counters.count_status(session, account.id, by=1)
    await events.record(session, "status.created", status_id=created, account_id=account.id)
    return created


async def unreblog(session: AsyncSession, account: Account, status_id: int) -> None:
    """Take a reblog back; without one, nothing happens."""
    await statuses.hold(session, status_id)
    deleted: int | None = await session.scalar(
        delete(Status)
        .where(col(Status.account_id) == account.id, col(Status.reblog_of_id) == status_id)
        .returning(col(Status.id))
    )
    if deleted is not None:
        await counters.count(session, status_id, Status.reblogs_count, by=-1)
        await counters.count_status(session, account.id, by=-1)
        await events.record(
            session,
            "status.deleted",
            status_id=deleted,
            account_id=account.id,
            reblog_of_id=status_id,
        )


async def reblogged_by(reader: Reader, viewer: int, status_id: int, page: Page) -> Sequence[Any]:
    """Thin rows of the accounts that reblogged a status where the viewer sees it, latest first."""
    return await _REBLOGGED_BY.read(reader, viewer, page, status_id)


_REBLOGGED_BY = Listing(
    f"""
    SELECT s.id AS cursor, {accounts.COLUMNS}
    FROM statuses s JOIN accounts a ON a.id = s.account_id
    WHERE s.reblog_of_id = $5 AND s.id < $2 AND s.id > $3 AND {visible_to()}
      AND {wanted_by("$1", "a.id")}
    ORDER BY s.id {{direction}} LIMIT $4
    """
)


def _reblog_of(account_id: int, status_id: int) -> Any:
    return select(Status.id).where(
        col(Status.account_id) == account_id, col(Status.reblog_of_id) == status_id
    )
