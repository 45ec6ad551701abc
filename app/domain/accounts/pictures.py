"""Avatars and headers: what may be one, and what is kept of it.

A picture is decoded and drawn anew by a process that can do little harm, so that nothing of what
came with it is kept (MD-3). Its measures are read before (MD-2).
"""

import io
from dataclasses import dataclass
from typing import Final

from app.errors import Invalid
from app.media_types import MAX_PIXELS, dimensions, sniff
from app.transcoding import making
from app.transcoding.sandbox import Unreadable

# As they come from a camera.
MAX_BYTES: Final = 8 * 1024 * 1024
# By what is in a file, not by what it is called.
_SUFFIXES: Final = frozenset(("jpg", "png", "gif", "webp"))


@dataclass(frozen=True, slots=True)
class Kind:
    """A picture of an account: the column it is kept in, and its measures."""

    name: str
    width: int
    height: int


AVATAR: Final = Kind("avatar", 400, 400)
HEADER: Final = Kind("header", 1500, 500)


async def drawn(content: bytes, kind: Kind) -> bytes:
    """The picture as it is kept, a WebP cut to its measures. Of a moving one, the first frame.

    Raises:
        Invalid: too large, or not a picture of a kind that we read.
    """
    if len(content) > MAX_BYTES:
        limit = MAX_BYTES // (1024 * 1024)
        raise _refused(kind, "ERR_TOO_LONG", f"is too large (maximum is {limit} MB)")
    file = io.BytesIO(content)
    media_type = sniff(file)
    if media_type is None or media_type.suffix not in _SUFFIXES:
        raise _no_picture(kind)
    width, height = dimensions(file, media_type) or (0, 0)
    if width * height > MAX_PIXELS:
        raise _refused(kind, "ERR_TOO_LONG", f"has too many pixels (maximum is {MAX_PIXELS})")
    try:
        return await making.cut(content, kind.width, kind.height)
    except Unreadable:
        raise _no_picture(kind) from None


def _no_picture(kind: Kind) -> Invalid:
    return _refused(kind, "ERR_INVALID", "is not a JPEG, PNG, GIF or WebP picture")


def _refused(kind: Kind, code: str, description: str) -> Invalid:
    return Invalid({kind.name: [(code, description)]})
