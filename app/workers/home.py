"""Home timelines after the fact."""

from typing import Any

from app.database import Database
from app.domain.timelines import home_entries


async def fan_out(database: Database, event: dict[str, Any]) -> None:
    """A status was posted or passed on."""
    await home_entries.fan_out(database, event["status_id"])


async def fill(database: Database, event: dict[str, Any]) -> None:
    """Somebody began to follow somebody."""
    await home_entries.fill(database, event["account_id"], event["target_account_id"])


async def clear(database: Database, event: dict[str, Any]) -> None:
    """Somebody follows somebody no longer."""
    await home_entries.clear(database, event["account_id"], event["target_account_id"])


async def trim(database: Database) -> None:
    """Once a night."""
    await home_entries.trim(database)
