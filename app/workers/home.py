"""Home timelines after the fact."""

from typing import Any

from app.database import Database
from app.domain.timelines import home_entries


async def fan_out(database: Database, event: dict[str, Any]) -> None:
    """A status was posted or passed on."""
    await home_entries.fan_out(database, event["status_id"])


async def fill(database: Database, event: dict[str, Any]) -> None:
    """Somebody began to follow somebody, or mutes them no longer."""
    await home_entries.fill(database, event["account_id"], event["target_account_id"])


async def clear(database: Database, event: dict[str, Any]) -> None:
    """Somebody follows somebody no longer."""
    await home_entries.clear(database, event["account_id"], event["target_account_id"])


async def settle(database: Database, event: dict[str, Any]) -> None:
    """Somebody reads people at home, or not, otherwise than before."""
    for target_account_id in event["target_account_ids"]:
        await home_entries.clear(database, event["account_id"], target_account_id)
        await home_entries.fill(database, event["account_id"], target_account_id)


async def fill_with_tag(database: Database, event: dict[str, Any]) -> None:
    """Somebody began to follow a tag."""
    await home_entries.fill_with_tag(database, event["account_id"], event["tag_id"])


async def clear_of_tag(database: Database, event: dict[str, Any]) -> None:
    """Somebody follows a tag no longer."""
    await home_entries.clear_of_tag(database, event["account_id"], event["tag_id"])


async def hide(database: Database, event: dict[str, Any]) -> None:
    """Somebody blocked or muted somebody: nothing of or about them is to stay at home."""
    await home_entries.hide(database, event["account_id"], event["target_account_id"])
    # Who is blocked is hidden from, too.
    await home_entries.hide(database, event["target_account_id"], event["account_id"])


async def trim(database: Database) -> None:
    """Once a night."""
    await home_entries.trim(database)
