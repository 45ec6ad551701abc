"""Files that people upload, under names that nobody can guess (MD-4).

In a folder, or in any store that speaks S3. What a name stands for never changes.
"""

import asyncio
import os
import re
import secrets
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

import obstore
from obstore.store import S3Store

from app.errors import NotFound
from app.media_types import TYPES
from app.settings import Settings

# What was uploaded and is not ready to be shown: nobody gets it.
UPLOAD = "upload"

_SUFFIXES = "|".join((*TYPES, UPLOAD))
_NAME = re.compile(rf"[0-9a-f]{{32}}\.({_SUFFIXES})")
# A file that was being written when the server was killed has a dot in front.
_KEPT_NAME = re.compile(rf"\.?{_NAME.pattern}")
_CHUNK_BYTES = 256 * 1024
_PART_BYTES = 8 * 1024 * 1024


class MediaStore(Protocol):
    """Keeps files."""

    async def put(self, content: bytes | BinaryIO, suffix: str) -> str:
        """Keep a file; its new name. `suffix` is one of `media_types.TYPES`, or `UPLOAD`."""

    async def size(self, name: str) -> int:
        """How many bytes a file has.

        Raises:
            NotFound: there is none of that name.
        """

    def read(self, name: str, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes of a file from `start` up to `end`, which is not one of them."""

    async def names(self, before: datetime) -> Sequence[str]:
        """What was put here before a moment, unfinished files too."""

    async def remove(self, name: str) -> None:
        """Forget a file; without it, nothing happens."""


def open_store(settings: Settings) -> MediaStore:
    """The store that the settings name."""
    if settings.s3_bucket is None:
        return FolderStore(settings.media_dir)
    return S3MediaStore(settings)


def new_name(suffix: str) -> str:
    """A name that nobody can guess."""
    return f"{secrets.token_hex(16)}.{suffix}"


def is_name(name: str) -> bool:
    """Whether a file can be called this; nothing else comes near a path."""
    return _NAME.fullmatch(name) is not None


class FolderStore:
    """The files of `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, content: bytes | BinaryIO, suffix: str) -> str:
        """Keep a file: whoever finds the name finds the whole file, also after a crash."""
        name = new_name(suffix)
        await asyncio.to_thread(self._write, name, content)
        return name

    async def size(self, name: str) -> int:
        """See `MediaStore`."""
        try:
            return (await asyncio.to_thread((self._folder / _checked(name)).stat)).st_size
        except FileNotFoundError:
            raise NotFound from None

    async def read(self, name: str, start: int, end: int) -> AsyncIterator[bytes]:
        """See `MediaStore`."""
        try:
            file = await asyncio.to_thread((self._folder / _checked(name)).open, "rb")
        except FileNotFoundError:
            raise NotFound from None
        with file:
            file.seek(start)
            while start < end:
                part = await asyncio.to_thread(file.read, min(_CHUNK_BYTES, end - start))
                if not part:
                    return
                start += len(part)
                yield part

    async def names(self, before: datetime) -> Sequence[str]:
        """See `MediaStore`."""
        return await asyncio.to_thread(self._names, before)

    async def remove(self, name: str) -> None:
        """See `MediaStore`."""
        if _KEPT_NAME.fullmatch(name):
            await asyncio.to_thread((self._folder / name).unlink, missing_ok=True)

    def _names(self, before: datetime) -> list[str]:
        if not self._folder.is_dir():
            return []
        with os.scandir(self._folder) as entries:
            return [
                entry.name
                for entry in entries
                if _KEPT_NAME.fullmatch(entry.name) and entry.stat().st_mtime < before.timestamp()
            ]

    def _write(self, name: str, content: bytes | BinaryIO) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        unfinished = self._folder / f".{name}"
        with unfinished.open("wb") as file:
            if isinstance(content, bytes):
                file.write(content)
            else:
                while part := content.read(_CHUNK_BYTES):
                    file.write(part)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(self._folder / name)


class S3MediaStore:
    """The files of a bucket, under a prefix of ours."""

    def __init__(self, settings: Settings) -> None:
        self._store = S3Store(
            settings.s3_bucket,
            prefix=settings.s3_prefix or None,
            endpoint=settings.s3_endpoint,
            region=settings.s3_region,
            access_key_id=settings.s3_access_key_id,
            secret_access_key=settings.s3_secret_access_key,
            virtual_hosted_style_request=settings.s3_path_style == "off",
            # A film takes as long as somebody's line does; what must not stop is each piece of it.
            client_options={
                "allow_http": True,
                "connect_timeout": "5s",
                "read_timeout": "30s",
                "timeout": "15m",
            },
        )

    async def put(self, content: bytes | BinaryIO, suffix: str) -> str:
        """See `MediaStore`."""
        name = new_name(suffix)
        kind = TYPES.get(suffix)
        await obstore.put_async(
            self._store,
            name,
            content,
            attributes={"Content-Type": kind.mime if kind else "application/octet-stream"},
            chunk_size=_PART_BYTES,
        )
        return name

    async def size(self, name: str) -> int:
        """See `MediaStore`."""
        try:
            return (await obstore.head_async(self._store, _checked(name)))["size"]
        except FileNotFoundError:
            raise NotFound from None

    async def read(self, name: str, start: int, end: int) -> AsyncIterator[bytes]:
        """See `MediaStore`."""
        if start >= end:
            return
        try:
            found = await obstore.get_async(
                self._store, _checked(name), options={"range": (start, end)}
            )
        except FileNotFoundError:
            raise NotFound from None
        async for part in found.stream(min_chunk_size=_CHUNK_BYTES):
            yield bytes(part)

    async def names(self, before: datetime) -> Sequence[str]:
        """See `MediaStore`."""
        return [
            file["path"]
            async for batch in obstore.list(self._store)
            for file in batch
            if is_name(file["path"]) and file["last_modified"] < before
        ]

    async def remove(self, name: str) -> None:
        """See `MediaStore`."""
        if is_name(name):
            await obstore.delete_async(self._store, name)


def _checked(name: str) -> str:
    if not is_name(name):
        raise NotFound
    return name
