"""Announcements whose moment has come."""

from app.database import Database
from app.domain.instance import announcements


async def publish_due(database: Database) -> None:
    """Once a minute."""
    async with database.session() as session:
        await announcements.publish_due(session)
        await session.commit()
