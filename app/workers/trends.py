"""What many people are concerned with, counted now and then."""

from app.database import Database
from app.domain.timelines import trends
from app.settings import Settings


async def compute(database: Database, settings: Settings) -> None:
    """Every five minutes."""
    if settings.trends == "off":
        return
    for kind in trends.WINDOWS:
        async with database.session() as session:
            await trends.compute(session, kind, unreviewed=settings.trends == "on")
            await session.commit()
