"""What was to be said later, and is due."""

from typing import Any

import structlog

from app.database import Database
from app.domain.statuses import scheduled_statuses
from app.domain.statuses.drafts import Rules
from app.errors import HardopError
from app.settings import Settings

log = structlog.get_logger("worker")


async def publish(database: Database, event: dict[str, Any], *, settings: Settings) -> None:
    """The time of a scheduled status has come, unless it was put off.

    It is posted in the transaction that takes it out of the list: once, whenever a worker dies.
    """
    scheduled_id = event["scheduled_status_id"]
    rules = Rules(domain=settings.domain, max_characters=settings.max_status_characters)
    async with database.session() as session:
        try:
            await scheduled_statuses.publish(session, scheduled_id, rules)
        except HardopError as error:
            # Trying again would not help: its author has to change something.
            log.warning("not published", scheduled_status_id=scheduled_id, why=error.message)
            await session.rollback()
            await scheduled_statuses.fail(session, scheduled_id, error.message)
        await session.commit()
