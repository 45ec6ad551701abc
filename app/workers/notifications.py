"""Telling people what concerns them, and taking it back."""

from typing import Any

from app.database import Database
from app.domain.notifications import telling


async def notify(database: Database, event: dict[str, Any]) -> None:
    """Something happened."""
    async with database.session() as session:
        await telling.tell(session, event["event"], event)
        await session.commit()


async def denotify(database: Database, event: dict[str, Any]) -> None:
    """Something was undone."""
    async with database.session() as session:
        await telling.untell(session, event["event"], event)
        await session.commit()
