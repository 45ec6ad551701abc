"""Filter statuses: single statuses that somebody wants to be spared."""

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock, ids
from app.domain.statuses import filters
from app.errors import NotFound
from app.models.statuses.filters import FilterStatus


async def add(
    session: AsyncSession, account_id: int, filter_id: int, status_id: int
) -> FilterStatus:
    """Apply a filter to a status the account may read. Twice is once.

    Raises:
        NotFound: the account has no such filter.
    """
    found = await filters.own(session, account_id, filter_id)
    await session.exec(
        insert(FilterStatus)
        .values(id=ids.new(), created_at=clock.now(), filter_id=filter_id, status_id=status_id)
        .on_conflict_do_nothing()
    )
    await filters.changed(session, found)
    added = await session.exec(
        select(FilterStatus).where(
            col(FilterStatus.filter_id) == filter_id, col(FilterStatus.status_id) == status_id
        )
    )
    return added.one()


async def get(session: AsyncSession, account_id: int, id_: int) -> FilterStatus:
    """A status of one of the account's filters; the filter is locked until the transaction ends.

    Raises:
        NotFound: it is somebody else's, or not there.
    """
    found = await session.get(FilterStatus, id_)
    if found is None:
        raise NotFound
    await filters.own(session, account_id, found.filter_id)
    return found


async def remove(session: AsyncSession, account_id: int, id_: int) -> None:
    """Apply a filter to a status no longer.

    Raises:
        NotFound: as `get`.
    """
    found = await get(session, account_id, id_)
    await filters.changed(session, await filters.own(session, account_id, found.filter_id))
    await session.delete(found)
