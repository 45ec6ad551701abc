"""Polls that have ended."""

from typing import Any

from app.database import Database
from app.domain.statuses import polls


async def close(database: Database, event: dict[str, Any]) -> None:
    """The time of a poll has come, unless it was given more."""
    async with database.session() as session:
        await polls.close(session, event["poll_id"])
        await session.commit()
