"""Skills that are about to be forgotten."""

from app.database import Database
from app.domain.expertise import skills


async def remind(database: Database) -> None:
    """Once a day."""
    async with database.session() as session:
        await skills.remind(session)
        await session.commit()
