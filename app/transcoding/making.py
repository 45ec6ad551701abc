"""From an upload in the media store to what is kept of it there."""

import asyncio
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from app.media_store import MediaStore
from app.media_types import MediaType, sniff
from app.transcoding import drawing, films, pictures
from app.transcoding.pictures import Drawn
from app.transcoding.sandbox import Unreadable

# Of the folders in which uploads are worked on.
_PREFIX = "hardop-media-"


@dataclass(frozen=True, slots=True)
class Kept:
    """What is in the media store now. `kind` is as clients name it, `meta` as they read it."""

    kind: str
    file: str
    size_bytes: int
    preview: str | None = None
    blurhash: str | None = None
    meta: dict[str, Any] = field(default_factory=dict)


async def keep(store: MediaStore, content: bytes | str, ffmpeg: str) -> Kept:
    """Make of an upload, or of one that the store has under a name, what can be shown.

    Raises:
        NotFound: the store has it no longer.
        Unreadable: nothing can be made of it.
    """
    with tempfile.TemporaryDirectory(prefix=_PREFIX) as name:
        folder = Path(name)
        upload = folder / drawing.UPLOAD
        await _fetch(store, content, upload)
        with upload.open("rb") as file:
            media_type = sniff(file)
        if media_type is None or media_type.family == "document":
            raise Unreadable("not a medium")
        if media_type.family != "image":
            return await _keep_played(store, folder, media_type, ffmpeg)
        makes_film = media_type.suffix == "gif" and films.are_available(ffmpeg)
        drawn = await pictures.draw(folder, "kind" if makes_film else "picture")
        if drawn.original is None and drawn.is_animated:
            return await _keep_played(store, folder, media_type, ffmpeg)
        if drawn.original is None:
            drawn = await pictures.draw(folder)
        return await _keep_drawn(store, folder, drawn)


async def keep_small(
    store: MediaStore, content: bytes, job: Literal["thumbnail", "still"] = "thumbnail"
) -> tuple[str, Drawn]:
    """Make a small picture of an upload; its name in the store, and how it looks.

    Raises:
        Unreadable: it is no picture.
    """
    with tempfile.TemporaryDirectory(prefix=_PREFIX) as name:
        folder = Path(name)
        (folder / drawing.UPLOAD).write_bytes(content)
        drawn = await pictures.draw(folder, job)
        return await _put_small(store, folder, drawn), drawn


async def _put_small(store: MediaStore, folder: Path, drawn: Drawn) -> str:
    suffix = drawn.suffix if drawn.original is None and drawn.suffix else "webp"
    return await store.put((folder / f"small.{suffix}").read_bytes(), suffix)


async def cut(content: bytes, width: int, height: int) -> bytes:
    """A picture of these measures, as WebP.

    Raises:
        Unreadable: it is no picture.
    """
    with tempfile.TemporaryDirectory(prefix=_PREFIX) as name:
        folder = Path(name)
        (folder / drawing.UPLOAD).write_bytes(content)
        await pictures.cut(folder, width, height)
        return (folder / drawing.SMALL).read_bytes()


async def draw_emoji(content: bytes) -> tuple[bytes, bytes | None]:
    """An emoji as WebP and, of one that moves, its first frame as PNG.

    Raises:
        Unreadable: it is no small picture.
    """
    with tempfile.TemporaryDirectory(prefix=_PREFIX) as name:
        folder = Path(name)
        (folder / drawing.UPLOAD).write_bytes(content)
        moves = await pictures.draw_emoji(folder)
        still = (folder / drawing.STILL).read_bytes() if moves else None
        return (folder / drawing.SMALL).read_bytes(), still


def sweep(before: datetime) -> None:
    """Remove the folders that processes left which were killed before a moment (MD-3)."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(FileNotFoundError):
            if folder.stat().st_mtime < before.timestamp():
                shutil.rmtree(folder, ignore_errors=True)


def measures(size: tuple[int, int]) -> dict[str, Any]:
    """Width and height as clients read them in `meta`."""
    width, height = size
    return {
        "width": width,
        "height": height,
        "size": f"{width}x{height}",
        "aspect": round(width / height, 6),
    }


async def _fetch(store: MediaStore, content: bytes | str, path: Path) -> None:
    if isinstance(content, bytes):
        await asyncio.to_thread(path.write_bytes, content)
        return
    with path.open("wb") as file:
        async for part in store.read(content, 0, await store.size(content)):
            file.write(part)


async def _keep_drawn(store: MediaStore, folder: Path, drawn: Drawn) -> Kept:
    assert drawn.original is not None, "a whole picture was asked for"
    assert drawn.suffix is not None, "a whole picture was asked for"
    content = (folder / f"original.{drawn.suffix}").read_bytes()
    return Kept(
        kind="image",
        file=await store.put(content, drawn.suffix),
        size_bytes=len(content),
        preview=await _put_small(store, folder, drawn),
        blurhash=drawn.blurhash,
        meta={"original": measures(drawn.original), "small": measures(drawn.small)},
    )


async def _keep_played(store: MediaStore, folder: Path, media_type: MediaType, ffmpeg: str) -> Kept:
    if not films.are_available(ffmpeg):
        raise Unreadable("no ffmpeg")
    played = await films.play(folder, media_type, ffmpeg)
    path = folder / f"original.{played.suffix}"
    meta: dict[str, Any] = {"original": played.original}
    preview = None
    if played.drawn is not None:
        preview = await _put_small(store, folder, played.drawn)
        meta["small"] = measures(played.drawn.small)
    with path.open("rb") as file:
        return Kept(
            kind=played.kind,
            file=await store.put(file, played.suffix),
            size_bytes=path.stat().st_size,
            preview=preview,
            blurhash=played.drawn.blurhash if played.drawn else None,
            meta=meta,
        )
