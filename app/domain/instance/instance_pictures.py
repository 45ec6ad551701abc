"""Instance pictures: what the server looks like in lists of servers, and its sign."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

from sqlmodel import col, delete
from sqlmodel.ext.asyncio.session import AsyncSession

from app.database import Reader
from app.domain.accounts import pictures
from app.domain.accounts.pictures import Kind
from app.domain.moderation import audit
from app.domain.moderation.audit import Actor
from app.media_store import MediaStore
from app.models.instance.instance_pictures import InstancePicture

Name = Literal["thumbnail", "icon"]

# As clients show them.
SIZES: Final[Mapping[Name, Sequence[tuple[int, int]]]] = {
    "thumbnail": ((1200, 630),),
    "icon": ((192, 192), (512, 512)),
}

_CURRENT = "SELECT kind, width, height, file FROM instance_pictures ORDER BY kind, width"


async def current(reader: Reader) -> Sequence[Any]:
    """Rows of the pictures that somebody chose, the smallest of each kind first."""
    return await reader.fetch(_CURRENT)


async def choose(
    session: AsyncSession, media: MediaStore, actor: Actor, kind: Name, content: bytes
) -> None:
    """Show a picture, cut to its measures, instead of the one before.

    Raises:
        Invalid: it is too large, or not a picture of a kind that we read.
    """
    drawn = [
        InstancePicture(
            kind=kind,
            width=width,
            height=height,
            file=await media.put(await pictures.drawn(content, Kind(kind, width, height)), "webp"),
        )
        for width, height in SIZES[kind]
    ]
    await _forget(session, kind)
    session.add_all(drawn)
    await audit.record(session, actor, "update", "instance_picture", None, kind=kind)


async def remove(session: AsyncSession, actor: Actor, kind: Name) -> None:
    """Show the picture again that comes with the server."""
    await _forget(session, kind)
    await audit.record(session, actor, "destroy", "instance_picture", None, kind=kind)


async def _forget(session: AsyncSession, kind: Name) -> None:
    await session.exec(delete(InstancePicture).where(col(InstancePicture.kind) == kind))
