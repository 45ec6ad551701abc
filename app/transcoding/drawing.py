"""Drawing pictures anew, in a confined process: `python -m app.transcoding.drawing FOLDER JOB ...`.

There `FOLDER/upload` becomes `FOLDER/original.*`, `FOLDER/small.*` or `FOLDER/still.png`. Little
is imported here: all of it is loaded for each picture.
"""

import io
import json
import math
import os
import sys
import warnings
from pathlib import Path
from typing import Any, Final, Literal

import blurhash
import pillow_heif
from PIL import Image, ImageCms, ImageOps

from app.media_types import MAX_PIXELS
from app.transcoding.confinement import confine

UPLOAD: Final = "upload"
SMALL: Final = "small.webp"
STILL: Final = "still.png"
SMALL_PIXELS: Final = 640 * 360
# What is larger is made smaller: screens are not larger either.
ORIGINAL_PIXELS: Final = 3840 * 2160
MAX_FRAMES: Final = 300
MAX_FRAMES_PIXELS: Final = 200_000_000
# Clients show an emoji as high as a line of text.
EMOJI_SIZE: Final = (128, 128)
MAX_EMOJI_PIXELS: Final = 4_000_000

_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "HEIF")
# What a picture is kept as, by what it was; with transparency, formats without it become WebP.
_KEPT_AS = {"PNG": "PNG", "GIF": "PNG", "WEBP": "WEBP"}
_SUFFIXES = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
_SAVE: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 90},
    "PNG": {},
    "WEBP": {"quality": 90, "method": 3},
}

_SAVE_SMALL: dict[str, dict[str, Any]] = {
    "jpg": {"quality": 85},
    "png": {},
    "webp": {"quality": 80, "method": 4},
}

# The largest WebP there may be takes a bit over 512 MiB.
_MEBIBYTES = 768
CPU_SECONDS: Final = 60
_BLURHASH_SIZE = (32, 24)

Job = Literal["picture", "thumbnail", "still", "kind"]


def _opened(folder: Path, max_pixels: int = MAX_PIXELS) -> Image.Image:
    pillow_heif.register_heif_opener()
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    image = Image.open(folder / UPLOAD, formats=_FORMATS)
    if image.width * image.height > max_pixels:
        raise ValueError("too many pixels")
    return image


def _frames(image: Image.Image) -> int:
    return getattr(image, "n_frames", 1) if image.format in ("GIF", "PNG", "WEBP") else 1


def _cut(folder: Path, width: int, height: int) -> None:
    with _opened(folder) as image:
        # A JPEG can be decoded smaller at once.
        image.draft("RGB", (width * 2, height * 2))
        upright = _coloured(ImageOps.exif_transpose(image))
    fitted = ImageOps.fit(upright, (width, height), Image.Resampling.LANCZOS)
    fitted.info = {}
    fitted.save(folder / SMALL, "WEBP", quality=85, method=4)


def _draw_emoji(folder: Path) -> bool:
    with _opened(folder, MAX_EMOJI_PIXELS) as image:
        frames = _frames(image)
        if frames > MAX_FRAMES:
            raise ValueError("too many frames")
        pictures, milliseconds = [], []
        for number in range(frames):
            image.seek(number)
            picture = _coloured(image.copy()).convert("RGBA")
            picture.info = {}
            picture.thumbnail(EMOJI_SIZE, Image.Resampling.LANCZOS)
            pictures.append(picture)
            milliseconds.append(int(image.info.get("duration") or 100))
    first, *others = pictures
    if not others:
        first.save(folder / SMALL, "WEBP", lossless=True)
        return False
    first.save(
        folder / SMALL,
        "WEBP",
        save_all=True,
        append_images=others,
        duration=milliseconds,
        loop=0,
        quality=80,
    )
    first.save(folder / STILL, "PNG")
    return True


def _draw(folder: Path, job: Job) -> dict[str, Any]:
    with _opened(folder) as image:
        frames = _frames(image)
        if frames > 1 and job == "picture":
            return _draw_moving(image, folder, frames)
        made: dict[str, Any] = {"is_animated": frames > 1}
        # The format is told by the file, not by what is drawn of it.
        kept_as = _KEPT_AS.get(image.format or "", "JPEG")
        upright = _upright(image)
    if job == "still":
        # Older players show what stands for a film in these formats only.
        suffix = "png" if kept_as == "PNG" or upright.mode == "RGBA" else "jpg"
        return made | {"suffix": suffix} | _draw_small(upright, folder, suffix)
    if job == "picture":
        original = _fitted(upright, ORIGINAL_PIXELS)
        if kept_as == "JPEG" and original.mode == "RGBA":
            kept_as = "WEBP"
        suffix = _SUFFIXES[kept_as]
        original.save(folder / f"original.{suffix}", kept_as, **_SAVE[kept_as])
        made |= {"original": original.size, "suffix": suffix}
    return made | _draw_small(upright, folder)


def _draw_moving(image: Image.Image, folder: Path, frames: int) -> dict[str, Any]:
    """A moving picture, as one: WebP plays everywhere and is the smallest."""
    if frames > MAX_FRAMES or frames * image.width * image.height > MAX_FRAMES_PIXELS:
        raise ValueError("too many frames")
    pictures, milliseconds = [], []
    for number in range(frames):
        image.seek(number)
        pictures.append(_fitted(_coloured(image.copy()), SMALL_PIXELS * 4))
        milliseconds.append(max(int(image.info.get("duration") or 100), 20))
    first, *others = pictures
    first.save(
        folder / "original.webp",
        "WEBP",
        save_all=True,
        append_images=others,
        duration=milliseconds,
        loop=image.info.get("loop", 0),
        quality=80,
        method=0,
    )
    made = {"is_animated": True, "original": first.size, "suffix": "webp"}
    return made | _draw_small(first, folder)


def _draw_small(image: Image.Image, folder: Path, suffix: str = "webp") -> dict[str, Any]:
    small = _fitted(image, SMALL_PIXELS)
    small.save(folder / f"small.{suffix}", **_SAVE_SMALL[suffix])
    tiny = small.convert("RGB").resize(_BLURHASH_SIZE)
    width, height = _BLURHASH_SIZE
    pixels = list(tiny.getdata())
    rows = [pixels[row * width : (row + 1) * width] for row in range(height)]
    return {"small": small.size, "blurhash": blurhash.encode(rows, 4, 3)}


def _upright(image: Image.Image) -> Image.Image:
    """The pixels as they are meant to be seen, in colours that every screen shows."""
    # A JPEG can be decoded smaller at once; of others, four pixels become one while that is enough.
    image.draft("RGB", (3840, 3840))
    if image.width * image.height >= 2 * ORIGINAL_PIXELS:
        image = _coloured(image).reduce(2)
    return _coloured(ImageOps.exif_transpose(image))


def _coloured(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    has_alpha = "A" in image.getbands() or "transparency" in image.info
    mode = "RGBA" if has_alpha else "RGB"
    if image.mode.startswith("I"):
        # Sixteen bits: converting would cut off, not scale.
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    if profile and image.mode in ("RGB", "RGBA", "CMYK", "L"):
        image = _in_srgb(image, profile, mode)
    exif = image.info.get("exif")
    plain = image.convert(mode)
    # Whatever the file said of itself stays behind, but for which way is up.
    plain.info = {"exif": exif} if exif else {}
    return plain


def _in_srgb(image: Image.Image, profile: bytes, mode: str) -> Image.Image:
    try:
        converted = ImageCms.profileToProfile(
            image,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode=mode if image.mode in ("RGB", "RGBA") else "RGB",
        )
    except (ImageCms.PyCMSError, OSError):
        return image  # a broken profile is none
    return converted or image


def _fitted(image: Image.Image, pixels: int) -> Image.Image:
    """The picture with at most `pixels`, and without anything else."""
    scale = math.sqrt(pixels / (image.width * image.height))
    if scale < 1:
        size = (max(int(image.width * scale), 1), max(int(image.height * scale), 1))
        image = image.resize(size, Image.Resampling.LANCZOS)
    bare = image.copy()
    bare.info = {}
    return bare


def _do(folder: Path, job: str, *measures: str) -> Any:
    match job:
        case "cut":
            return _cut(folder, *map(int, measures))
        case "emoji":
            return _draw_emoji(folder)
    return _draw(folder, job)  # type: ignore[arg-type]  # `pictures.draw` asked for it


if __name__ == "__main__":
    confine(_MEBIBYTES, CPU_SECONDS)
    try:
        print(json.dumps(_do(Path(sys.argv[1]), *sys.argv[2:])))  # noqa: T201
    except Exception:
        # Decoders raise anything for a broken file. Which, does not matter to anybody.
        os._exit(3)
