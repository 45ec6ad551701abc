"""Notes: what somebody wants to remember about somebody."""

from typing import Final

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock
from app.domain.statuses import text
from app.models.relationships.notes import Note

MAX_CHARACTERS: Final = 2000


async def write(
    session: AsyncSession, account_id: int, target_account_id: int, comment: str
) -> None:
    """Remember a comment in place of the last one; an empty one forgets it."""
    comment = text.clean(comment).strip()
    if not comment:
        await session.exec(
            delete(Note).where(
                col(Note.account_id) == account_id,
                col(Note.target_account_id) == target_account_id,
            )
        )
        return
    await session.exec(
        insert(Note)
        .values(
            created_at=clock.now(),
            account_id=account_id,
            target_account_id=target_account_id,
            comment=comment,
        )
        .on_conflict_do_update(
            index_elements=[col(Note.account_id), col(Note.target_account_id)],
            set_={"comment": comment},
        )
    )
