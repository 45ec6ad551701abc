"""Conversation mutes: hearing no more of a conversation, which goes on without one."""

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock
from app.errors import NotFound
from app.models.accounts.accounts import Account
from app.models.statuses.conversation_mutes import ConversationMute
from app.models.statuses.statuses import Status


async def mute(session: AsyncSession, account: Account, status_id: int) -> None:
    """Be told no more of what happens in the conversation of a status."""
    await session.exec(
        insert(ConversationMute)
        .values(
            created_at=clock.now(),
            account_id=account.id,
            conversation_id=await _conversation(session, status_id),
        )
        .on_conflict_do_nothing()
    )


async def unmute(session: AsyncSession, account: Account, status_id: int) -> None:
    """Be told again. What happened meanwhile is not made up for."""
    await session.exec(
        delete(ConversationMute).where(
            col(ConversationMute.account_id) == account.id,
            col(ConversationMute.conversation_id) == await _conversation(session, status_id),
        )
    )


def muted(account: str, status: str) -> str:
    """The SQL condition under which `account` (an expression) mutes the conversation of a status.

    `status` is the alias of its row in `statuses`, not of a reblog's.
    """
    return f"""
        EXISTS (
            SELECT FROM conversation_mutes
            WHERE conversation_mutes.account_id = {account}
              AND conversation_mutes.conversation_id
                  = coalesce({status}.conversation_id, {status}.id))"""


async def _conversation(session: AsyncSession, status_id: int) -> int:
    found: int | None = await session.scalar(
        select(func.coalesce(Status.conversation_id, Status.id)).where(col(Status.id) == status_id)
    )
    if found is None:
        raise NotFound  # deleted since it was found
    return found
