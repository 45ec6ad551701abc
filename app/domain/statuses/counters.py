"""The counters that statuses and their authors carry: changed by statements, never written back."""

from typing import Any, Final

from sqlmodel import col, update
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock
from app.models.accounts.accounts import Account
from app.models.statuses.statuses import QuoteState, Status, Visibility

# What is counted where it answers or quotes something. What only some may read is not: the number
# would tell everybody that it is there.
COUNTED: Final = frozenset({Visibility.PUBLIC, Visibility.UNLISTED})


async def count(session: AsyncSession, status_id: int, counter: Any, *, by: int) -> None:
    """Change a counter of a status by a statement, never by writing back what was read (DB-3)."""
    await session.exec(
        update(Status)
        .where(col(Status.id) == status_id)
        .values({counter: counter + by})
        .execution_options(synchronize_session=False)
    )


async def count_above(session: AsyncSession, status: Status, *, by: int) -> None:
    """Count a status in or out, at what it answers and at what it quotes."""
    if status.visibility not in COUNTED:
        return
    if status.in_reply_to_id is not None:
        await count(session, status.in_reply_to_id, Status.replies_count, by=by)
    if status.quote_of_id is not None and status.quote_state == QuoteState.ACCEPTED:
        await count(session, status.quote_of_id, Status.quotes_count, by=by)


async def count_status(session: AsyncSession, account_id: int, *, by: int) -> None:
    """Count a status (or a reblog) of an account in or out."""
    values: dict[Any, Any] = {Account.statuses_count: Account.statuses_count + by}
    if by > 0:
        values[Account.last_status_on] = clock.now().date()
    await session.exec(
        update(Account)
        .where(col(Account.id) == account_id)
        .values(values)
        .execution_options(synchronize_session=False)
    )
