"""Blocks: having nothing to do with somebody."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock, ids
from app.database import Reader
from app.domain import events
from app.domain.accounts import accounts
from app.domain.relationships import follows, relationships
from app.models.relationships.blocks import Block
from app.pagination import Listing, Page


async def block(session: AsyncSession, account_id: int, target_account_id: int) -> None:
    """End what there is between two accounts, and let them see nothing of each other.

    Twice is once. Blocking oneself does nothing.
    """
    if account_id == target_account_id:
        return
    await relationships.lock(session, account_id, target_account_id)
    created = await session.scalar(
        insert(Block)
        .values(
            id=ids.new(),
            created_at=clock.now(),
            account_id=account_id,
            target_account_id=target_account_id,
        )
        .on_conflict_do_nothing()
        .returning(col(Block.id))
    )
    if created is None:
        return
    await follows.unfollow(session, account_id, target_account_id)
    await follows.unfollow(session, target_account_id, account_id)
    await events.record(
        session, "block.created", account_id=account_id, target_account_id=target_account_id
    )


async def unblock(session: AsyncSession, account_id: int, target_account_id: int) -> None:
    """Let them see each other again; nobody follows the other by that. Twice is once."""
    deleted = await session.scalar(
        delete(Block)
        .where(
            col(Block.account_id) == account_id,
            col(Block.target_account_id) == target_account_id,
        )
        .returning(col(Block.id))
    )
    if deleted is not None:
        await events.record(
            session, "block.deleted", account_id=account_id, target_account_id=target_account_id
        )


async def blocked(reader: Reader, viewer: int, page: Page) -> Sequence[Any]:
    """Thin rows of whom the viewer blocks, the latest block first."""
    return await _BLOCKED.read(reader, viewer, page)


_BLOCKED = Listing(
    f"""
    SELECT b.id AS cursor, {accounts.COLUMNS}
    FROM blocks b JOIN accounts a ON a.id = b.target_account_id
    WHERE b.account_id = $1 AND b.id < $2 AND b.id > $3 AND a.suspended_at IS NULL
    ORDER BY b.id {{direction}} LIMIT $4
    """
)
