"""Files: making what is shown of them, and removing those that nobody sees any more."""

import asyncio
from datetime import timedelta
from typing import Any

from app import clock
from app.database import Database
from app.domain.instance import media
from app.domain.statuses import media_processing
from app.errors import NotFound
from app.media_store import MediaStore
from app.transcoding import making
from app.transcoding.sandbox import Unreadable
from app.workers.tools import Tools

# A file is there before the row that names it is committed.
_GRACE = timedelta(hours=1)
_BATCH = 1000
# Longer than a queue of films takes. Whoever asks for a file gets an answer then.
_GIVEN_UP = timedelta(hours=12)
# MD-6.
_UNATTACHED = timedelta(hours=24)


async def process(tools: Tools, event: dict[str, Any]) -> None:
    """A file was uploaded."""
    media_id = event["media_id"]
    found = await media_processing.waiting(tools.database, media_id)
    if found is None:
        return
    try:
        kept = await making.keep(tools.store, found["upload"], tools.settings.ffmpeg)
    except (Unreadable, NotFound):
        await media_processing.fail(tools.database, media_id)
    else:
        await media_processing.finish(tools.database, media_id, kept)
    # Only what was made of it is kept (MD-3).
    await tools.store.remove(found["upload"])


async def sweep(database: Database, store: MediaStore) -> None:
    """Remove what was replaced, never used, or left by what failed. Once an hour."""
    await media_processing.give_up(database, clock.now() - _GIVEN_UP)
    await media_processing.expire(database, clock.now() - _UNATTACHED)
    await asyncio.to_thread(making.sweep, clock.now() - _GRACE)
    names = await store.names(clock.now() - _GRACE)
    for start in range(0, len(names), _BATCH):
        for name in await media.unused(database, names[start : start + _BATCH]):
            await store.remove(name)
