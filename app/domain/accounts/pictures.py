"""Avatars and headers: what may be one, and what is kept of it.

A picture is decoded and drawn anew, so that nothing of what came with it is kept (MD-3). Its
measures are read before it is decoded (MD-2).
"""

import asyncio
import io
import warnings
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageOps

from app.errors import Invalid

MAX_PIXELS: Final = 33_177_600
FORMATS: Final = ("JPEG", "PNG", "GIF", "WEBP")

# Of a picture far above our own limit, the decoder says so first.
warnings.simplefilter("error", Image.DecompressionBombWarning)

# Decoding the largest picture takes some 130 MB.
_AT_ONCE = asyncio.Semaphore(2)


@dataclass(frozen=True, slots=True)
class Kind:
    """A picture of an account: the column it is kept in, its measures, and how many bytes."""

    name: str
    width: int
    height: int
    max_bytes: int


AVATAR: Final = Kind("avatar", 400, 400, 2 * 1024 * 1024)
HEADER: Final = Kind("header", 1500, 500, 8 * 1024 * 1024)


async def drawn(content: bytes, kind: Kind) -> bytes:
    """The picture as it is kept, a WebP cut to its measures. Of a moving one, the first frame.

    Raises:
        Invalid: too large, or not a picture of a kind that we read.
    """
    if len(content) > kind.max_bytes:
        limit = kind.max_bytes // (1024 * 1024)
        raise _refused(kind, "ERR_TOO_LONG", f"is too large (maximum is {limit} MB)")
    async with _AT_ONCE:
        return await asyncio.to_thread(_draw, content, kind)


def _draw(content: bytes, kind: Kind) -> bytes:
    try:
        # Reads the measures and no pixels.
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Image.DecompressionBombError
            return _encode(image, kind)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _refused(
            kind, "ERR_TOO_LONG", f"has too many pixels (maximum is {MAX_PIXELS})"
        ) from None
    except Exception:
        # Decoders raise anything for a broken file.
        raise _refused(kind, "ERR_INVALID", "is not a JPEG, PNG, GIF or WebP picture") from None


def _encode(image: Image.Image, kind: Kind) -> bytes:
    # A JPEG can be decoded smaller at once.
    image.draft("RGB", (kind.width * 2, kind.height * 2))
    upright = ImageOps.exif_transpose(image)
    has_alpha = "A" in upright.getbands() or "transparency" in upright.info
    plain = upright.convert("RGBA" if has_alpha else "RGB")
    fitted = ImageOps.fit(plain, (kind.width, kind.height), Image.Resampling.LANCZOS)
    # What the file said of itself stays behind: only pixels go on.
    bare = Image.frombytes(fitted.mode, fitted.size, fitted.tobytes())
    kept = io.BytesIO()
    bare.save(kept, "WEBP", quality=85, method=4)
    return kept.getvalue()


def _refused(kind: Kind, code: str, description: str) -> Invalid:
    return Invalid({kind.name: [(code, description)]})
