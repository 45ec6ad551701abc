"""Files that people upload: kept in one folder, under names that nobody can guess."""

import asyncio
import os
import re
import secrets
from datetime import datetime
from pathlib import Path

from app.errors import NotFound

_NAME = re.compile(r"[0-9a-f]{32}\.(webp|png|jpg|gif)")
# A file that was being written when the server was killed has a dot in front.
_KEPT_NAME = re.compile(rf"\.?{_NAME.pattern}")

MEDIA_TYPES = {
    "webp": "image/webp",
    "png": "image/png",
    "jpg": "image/jpeg",
    "gif": "image/gif",
}


class MediaStore:
    """The files of `folder`. What a name stands for never changes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, content: bytes, suffix: str) -> str:
        """Keep a file; its new name. `suffix` is a key of `MEDIA_TYPES`."""
        name = f"{secrets.token_hex(16)}.{suffix}"
        await asyncio.to_thread(self._write, name, content)
        return name

    async def get(self, name: str) -> tuple[bytes, str]:
        """A file and its media type.

        Raises:
            NotFound: there is none of that name.
        """
        found = _NAME.fullmatch(name)
        if found is None:
            raise NotFound
        try:
            content = await asyncio.to_thread((self._folder / name).read_bytes)
        except FileNotFoundError:
            raise NotFound from None
        return content, MEDIA_TYPES[found[1]]

    def names(self, before: datetime) -> list[str]:
        """What was put here before a moment, unfinished files too."""
        if not self._folder.is_dir():
            return []
        with os.scandir(self._folder) as entries:
            return [
                entry.name
                for entry in entries
                if _KEPT_NAME.fullmatch(entry.name) and entry.stat().st_mtime < before.timestamp()
            ]

    def remove(self, name: str) -> None:
        """Forget a file; without it, nothing happens."""
        if _KEPT_NAME.fullmatch(name):
            (self._folder / name).unlink(missing_ok=True)

    def _write(self, name: str, content: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        # Whoever finds the name finds the whole file, also after a crash.
        unfinished = self._folder / f".{name}"
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(self._folder / name)
