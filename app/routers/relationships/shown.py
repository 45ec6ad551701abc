"""How the caller stands to an account, right after they changed something about it."""

from sqlmodel.ext.asyncio.session import AsyncSession

from app.database import SessionReader
from app.domain.relationships import relationships
from app.entities.relationships.relationships import Relationship


async def relationship(session: AsyncSession, viewer: int, account_id: int) -> Relationship:
    """The relationship with what this transaction did to it."""
    rows = await relationships.between(SessionReader(session), viewer, [account_id])
    return Relationship.from_row(rows[0])
