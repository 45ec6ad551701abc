"""Telling people what concerns them, and taking it back."""

from typing import Any

from app.database import Database
from app.domain.notifications import notifications


async def notify(database: Database, event: dict[str, Any]) -> None:
    """Something happened."""
    await notifications.tell(database, event["event"], event)


async def denotify(database: Database, event: dict[str, Any]) -> None:
    """Something was undone."""
    await notifications.untell(database, event["event"], event)
