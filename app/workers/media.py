"""Files that nobody sees any more."""

import asyncio
from datetime import timedelta

from app import clock
from app.database import Database
from app.domain.instance import media
from app.media_store import MediaStore

# A file is there before the row that names it is committed.
_GRACE = timedelta(hours=1)
_BATCH = 1000


async def sweep(database: Database, store: MediaStore) -> None:
    """Remove pictures that were replaced, and those of requests that failed. Once an hour."""
    names = await asyncio.to_thread(store.names, clock.now() - _GRACE)
    for start in range(0, len(names), _BATCH):
        for name in await media.unused(database, names[start : start + _BATCH]):
            await asyncio.to_thread(store.remove, name)
