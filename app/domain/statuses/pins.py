"""Pins: what somebody shows on top of their profile."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock, ids
from app.database import Reader
from app.domain.statuses import rows, visibility
from app.errors import Unprocessable
from app.models.accounts.accounts import Account
from app.models.statuses.pins import Pin
from app.models.statuses.statuses import Visibility
from app.pagination import Listing, Page

# Announced to clients.
MAX_PINNED: Final = 5


async def pin(session: AsyncSession, account: Account, status_id: int) -> None:
    """Show a status of one's own on top of one's profile. Twice is once.

    Raises:
        NotFound: it was deleted since it was found.
        Unprocessable: it is somebody else's, a reblog or a direct status, or one too many.
    """
    status = await visibility.still_there(session, status_id)
    if status.account_id != account.id:
        raise Unprocessable("Validation failed: Someone else's post cannot be pinned")
    if status.reblog_of_id is not None:
        raise Unprocessable("Validation failed: A boost cannot be pinned")
    if status.visibility == Visibility.DIRECT:
        raise Unprocessable(
            "Validation failed: Posts that are only visible to mentioned users cannot be pinned"
        )
    # One after the other, so that two requests cannot both take the last place.
    await session.refresh(account, with_for_update=True)
    created = await session.scalar(
        insert(Pin)
        .values(id=ids.new(), created_at=clock.now(), account_id=account.id, status_id=status_id)
        .on_conflict_do_nothing()
        .returning(col(Pin.id))
    )
    pinned = select(func.count()).select_from(Pin).where(col(Pin.account_id) == account.id)
    if created is not None and (await session.scalar(pinned) or 0) > MAX_PINNED:
        raise Unprocessable(
            "Validation failed: You have already pinned the maximum number of posts"
        )


async def unpin(session: AsyncSession, account: Account, status_id: int) -> None:
    """Take a status off the top of one's profile; if it is not there, nothing happens."""
    await session.exec(
        delete(Pin).where(col(Pin.account_id) == account.id, col(Pin.status_id) == status_id)
    )


async def pinned(reader: Reader, viewer: int, account_id: int, page: Page) -> Sequence[Any]:
    """Thin rows of what an account pinned, the latest pin first."""
    return await _PINNED.read(reader, viewer, page, account_id)


_PINNED = Listing(
    rows.statement(
        "m.account_id = $5 AND m.id < $2 AND m.id > $3 ORDER BY m.id {direction} LIMIT $4",
        cursor="m.id",
        source="pins m JOIN statuses s ON s.id = m.status_id",
    )
)
