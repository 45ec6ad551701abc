"""Reactions with a meaning, before the first job."""

import structlog

from app.database import Database
from app.domain.instance import reaction_meanings
from app.media_store import open_store
from app.settings import Settings

log = structlog.get_logger("worker")


async def install(database: Database, settings: Settings) -> None:
    """Once, when the worker starts.

    Nothing else depends on it, whatever fails: another worker may be about the same, a disk full.
    """
    try:
        async with database.session() as session:
            await reaction_meanings.install(session, open_store(settings), settings.reactions)
            await session.commit()
    except Exception as error:
        log.warning("reactions_not_installed", cause=repr(error))
