"""Custom emojis, after they changed."""

from typing import Any

from app.database import Database
from app.domain.instance import custom_emojis


async def refresh(database: Database, event: dict[str, Any]) -> None:
    """One was added, changed or removed."""
    await custom_emojis.refresh(database, event["shortcode"])
