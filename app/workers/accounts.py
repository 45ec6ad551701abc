"""Accounts that are given up."""

from typing import Any

from app.database import Database
from app.domain.accounts import erasure


async def erase(database: Database, event: dict[str, Any]) -> None:
    """An administrator wants it gone."""
    async with database.session() as session:
        await erasure.erase(session, event["account_id"])
        await session.commit()
