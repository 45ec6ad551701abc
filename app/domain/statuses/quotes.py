"""Quotes: statuses that show what somebody else said inside of them."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app import ids
from app.database import Reader
from app.domain.statuses import counters, quote_policies, rows, statuses
from app.errors import NotFound
from app.models.accounts.accounts import Account
from app.models.statuses.statuses import QuotePolicy, QuoteState, Status, Visibility
from app.pagination import Listing, Page


async def revoke(session: AsyncSession, account: Account, status_id: int, quoting_id: int) -> None:
    """Take one's own status out of one that quotes it. Twice is once.

    Raises:
        NotFound: the account has no such status, or that one does not quote it.
    """
    await statuses.own(session, account, status_id)
    quoting: Status | None = await session.scalar(
        select(Status)
        .where(col(Status.id) == quoting_id, col(Status.quote_of_id) == status_id)
        .with_for_update()
    )
    if quoting is None:
        raise NotFound
    if quoting.quote_state == QuoteState.ACCEPTED:
        quoting.quote_state, quoting.version = QuoteState.REVOKED, ids.new()
        session.add(quoting)
        await statuses.tell_anew(session, quoting)
        if quoting.visibility in counters.COUNTED:
            await counters.count(session, status_id, Status.quotes_count, by=-1)


async def choose_policy(
    session: AsyncSession, account: Account, status_id: int, wanted: QuotePolicy
) -> None:
    """Say who may quote a status of one's own from now on.

    Raises:
        NotFound: the account has no such status.
    """
    status = await statuses.own(session, account, status_id)
    chosen = quote_policies.policy(wanted, Visibility(status.visibility))
    if status.quote_policy != chosen:
        status.quote_policy, status.version = chosen, ids.new()
        session.add(status)
        await statuses.tell_anew(session, status)


async def quotes(reader: Reader, viewer: int, status_id: int, page: Page) -> Sequence[Any]:
    """Thin rows of the statuses that quote a status, newest first, as far as the viewer sees."""
    return await _QUOTES.read(reader, viewer, page, status_id)


_QUOTES = Listing(
    rows.statement(
        "s.quote_of_id = $5 AND s.quote_state = 'accepted' "
        "AND s.id < $2 AND s.id > $3 ORDER BY s.id {direction} LIMIT $4",
        shown=rows.WANTED,
    )
)
