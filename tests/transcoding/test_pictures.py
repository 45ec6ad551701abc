"""Pictures drawn anew by a confined process (MD-1 to MD-3)."""

import io
import os
from pathlib import Path

import pillow_heif
import pytest
from PIL import Image, ImageCms

from app.transcoding import drawing, pictures
from app.transcoding.pictures import Drawn
from app.transcoding.sandbox import Unreadable
from tests.pictures import moving_picture, picture, png_that_claims, see_through

pytestmark = pytest.mark.anyio


async def draw(folder: Path, content: bytes, job: drawing.Job = "picture") -> Drawn:
    (folder / drawing.UPLOAD).write_bytes(content)
    return await pictures.draw(folder, job)


def heic() -> bytes:
    content = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (64, 48), "red")).save(content)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "suffix", "form"),
    [
        (picture("JPEG"), "jpg", "JPEG"),
        (picture("PNG"), "png", "PNG"),
        (picture("GIF"), "png", "PNG"),
        (picture("WEBP"), "webp", "WEBP"),
        (picture("AVIF"), "jpg", "JPEG"),
        (see_through("AVIF"), "webp", "WEBP"),
        (heic(), "jpg", "JPEG"),
        (picture("JPEG", mode="CMYK"), "jpg", "JPEG"),
        (picture("JPEG", mode="L"), "jpg", "JPEG"),
        (picture("PNG", mode="P"), "png", "PNG"),
        (picture("PNG", mode="LA"), "png", "PNG"),
        (picture("PNG", mode="1"), "png", "PNG"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_every_form_is_drawn_anew(
    tmp_path: Path, content: bytes, suffix: str, form: str
) -> None:
    drawn = await draw(tmp_path, content)

    assert (drawn.suffix, drawn.is_animated) == (suffix, False)
    with Image.open(tmp_path / f"original.{suffix}") as original:
        assert (original.format, original.size) == (form, drawn.original)
    with Image.open(tmp_path / drawing.SMALL) as small:
        assert (small.format, small.size) == ("WEBP", drawn.small)
    assert len(drawn.blurhash) == 28


async def test_what_a_file_says_of_itself_stays_behind(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010F] = "A camera that gives its owner away"
    exif[0x0112] = 6  # turned
    for form in ("JPEG", "PNG", "WEBP"):
        content = picture(form, (60, 40), exif=exif)
        assert b"gives its owner" in content

        drawn = await draw(tmp_path, content)

        assert drawn.original == (40, 60)
        for name in (f"original.{drawn.suffix}", drawing.SMALL):
            kept = (tmp_path / name).read_bytes()
            assert b"gives its owner" not in kept
            with Image.open(io.BytesIO(kept)) as image:
                assert dict(image.getexif()) == {}
                assert "icc_profile" not in image.info


async def test_colours_are_those_of_every_screen(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

    await draw(tmp_path, picture("PNG", icc_profile=profile))
    with Image.open(tmp_path / "original.png") as image:
        assert image.getpixel((0, 0)) == (255, 0, 0)
        assert "icc_profile" not in image.info
    # A profile that is none changes nothing.
    await draw(tmp_path, picture("PNG", icc_profile=b"junk"))
    with Image.open(tmp_path / "original.png") as image:
        assert image.getpixel((0, 0)) == (255, 0, 0)


async def test_sixteen_bits_become_eight(tmp_path: Path) -> None:
    content = io.BytesIO()
    Image.new("I;16", (40, 40), 32_768).save(content, "PNG")

    await draw(tmp_path, content.getvalue())

    with Image.open(tmp_path / "original.png") as image:
        assert image.convert("L").getpixel((0, 0)) == 128


async def test_large_pictures_become_smaller(tmp_path: Path) -> None:
    drawn = await draw(tmp_path, picture("PNG", (5000, 4000)))

    assert drawn.original is not None
    width, height = drawn.original
    assert width * height <= drawing.ORIGINAL_PIXELS
    assert width / height == pytest.approx(5000 / 4000, rel=0.01)
    assert drawn.small[0] * drawn.small[1] <= drawing.SMALL_PIXELS


async def test_a_line_stays_a_line(tmp_path: Path) -> None:
    drawn = await draw(tmp_path, picture("PNG", (4000, 1)))

    assert drawn.original == (4000, 1)
    assert (await draw(tmp_path, picture("PNG", (16_000, 2)), "thumbnail")).small[1] == 2


@pytest.mark.parametrize(
    ("upload", "suffix"),
    [
        (picture("PNG"), "png"),
        (picture("JPEG"), "jpg"),
        (picture("WEBP"), "jpg"),
        (see_through("WEBP"), "png"),
    ],
)
async def test_what_stands_for_a_film(tmp_path: Path, upload: bytes, suffix: str) -> None:
    """Mastodon API, media: a PNG or a JPEG, which every player knows."""
    drawn = await draw(tmp_path, upload, "still")

    assert (drawn.suffix, drawn.original) == (suffix, None)
    with Image.open(tmp_path / f"small.{suffix}") as small:
        assert small.size == drawn.small


@pytest.mark.parametrize("form", ["GIF", "PNG", "WEBP"])
async def test_moving_pictures_go_on_moving(tmp_path: Path, form: str) -> None:
    drawn = await draw(tmp_path, moving_picture(form))

    assert (drawn.suffix, drawn.is_animated, drawn.original) == ("webp", True, (60, 40))
    with Image.open(tmp_path / "original.webp") as image:
        assert image.n_frames == 3  # type: ignore[attr-defined]  # of pictures that move


async def test_whether_it_moves_can_be_asked(tmp_path: Path) -> None:
    assert (await draw(tmp_path, moving_picture(), "kind")).is_animated
    still = await draw(tmp_path, picture("GIF"), "kind")
    assert not still.is_animated
    assert [name for name in os.listdir(tmp_path) if name.startswith("original")] == []


@pytest.mark.parametrize(
    "content",
    [
        b"no picture",
        b"",
        picture("PNG")[:-40],
        png_that_claims(20_000, 20_000),
        png_that_claims(6000, 6000),
        moving_picture(frames=drawing.MAX_FRAMES + 1, size=(2, 2)),
        picture("TIFF"),
        picture("BMP"),
    ],
)
async def test_what_cannot_be_drawn_is_unreadable(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(Unreadable):
        await draw(tmp_path, content)
