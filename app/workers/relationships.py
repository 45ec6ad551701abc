"""What changes between people as time passes."""

from app.database import Database
from app.domain.relationships import mutes


async def end_mutes(database: Database) -> None:
    """Mutes whose time is over. Once a minute."""
    await mutes.end_expired(database)
