"""Quote policies: who may quote what, and what a quote may be."""

from collections.abc import Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.database import SessionReader
from app.domain.statuses import visibility
from app.errors import Forbidden, Unprocessable
from app.models.accounts.accounts import Account
from app.models.relationships.follows import Follow
from app.models.statuses.statuses import QuotePolicy, Status, Visibility


async def quotable(session: AsyncSession, account: Account, status_id: int | None) -> Status | None:
    """The status to quote, the original of a reblog; None if `status_id` is.

    Raises:
        Forbidden: its author does not let the account quote it.
        NotFound: absent, or not to be seen by the account.
    """
    if status_id is None:
        return None
    original = await visibility.require_visible(SessionReader(session), account.id, status_id)
    status = await visibility.still_there(session, original)
    if not await _may_quote(session, account, status):
        raise Forbidden
    return status


def narrowed(wanted: Visibility, quoted: Status | None) -> Visibility:
    """The visibility of a status: one that quotes a private status is private itself."""
    if quoted is None or quoted.visibility != Visibility.PRIVATE or wanted is Visibility.DIRECT:
        return wanted
    return Visibility.PRIVATE


def policy(wanted: QuotePolicy, shown_to: Visibility) -> QuotePolicy:
    """Who may quote a status that is shown to so many."""
    if shown_to in (Visibility.PUBLIC, Visibility.UNLISTED):
        return wanted
    return QuotePolicy.NOBODY


def expect_named(quoted: Status | None, shown_to: Visibility, named: Sequence[int]) -> None:
    """Let nobody be quoted behind their back: in a direct status they have to be mentioned.

    Raises:
        Unprocessable: they are not; `named` are the author and those who are mentioned.
    """
    if quoted and shown_to is Visibility.DIRECT and quoted.account_id not in named:
        raise Unprocessable(
            "Validation failed: Cannot quote a non-mentioned user in a Private Mention post"
        )


async def _may_quote(session: AsyncSession, account: Account, status: Status) -> bool:
    if status.visibility == Visibility.DIRECT:
        return False
    if status.account_id == account.id:
        return True
    allowed = policy(QuotePolicy(status.quote_policy), Visibility(status.visibility))
    if allowed is not QuotePolicy.FOLLOWERS:
        return allowed is QuotePolicy.PUBLIC
    follows = await session.scalar(
        select(Follow.id).where(
            col(Follow.account_id) == account.id,
            col(Follow.target_account_id) == status.account_id,
            col(Follow.accepted),
        )
    )
    return follows is not None
