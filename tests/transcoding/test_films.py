"""Films and sound (MD-1, MD-2), by what behaves as ffmpeg, and by ffmpeg where there is one."""

import asyncio
from pathlib import Path

import pytest

from app.media_types import TYPES
from app.transcoding import drawing, films
from app.transcoding.films import Played
from app.transcoding.sandbox import Unreadable
from tests.fake_ffmpeg import AUDIO, REAL, VIDEO, film, install, needs_ffmpeg
from tests.pictures import MP3, MP4, WEBM

pytestmark = pytest.mark.anyio


@pytest.fixture
def ffmpeg(tmp_path: Path) -> str:
    programs = tmp_path / "programs"
    programs.mkdir()
    return install(programs)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    work = tmp_path / "work"
    work.mkdir()
    return work


async def play(folder: Path, ffmpeg: str, content: bytes, suffix: str = "mp4") -> Played:
    (folder / drawing.UPLOAD).write_bytes(content)
    return await films.play(folder, TYPES[suffix], ffmpeg)


def test_films_need_both_programs(ffmpeg: str) -> None:
    assert films.are_available(ffmpeg)
    assert not films.are_available("/nowhere/ffmpeg")


async def test_a_film_becomes_one_that_everybody_plays(folder: Path, ffmpeg: str) -> None:
    played = await play(folder, ffmpeg, film(VIDEO, AUDIO))

    assert (played.kind, played.suffix) == ("video", "mp4")
    assert played.original == {
        "width": 320,
        "height": 240,
        "frame_rate": "15/1",
        "duration": 2.02,
        "bitrate": 111568,
    }
    assert played.drawn is not None
    assert (folder / "original.mp4").exists()
    assert (folder / f"small.{played.drawn.suffix}").exists()
    assert played.drawn.suffix in ("png", "jpg")


async def test_a_silent_film_is_a_gifv(folder: Path, ffmpeg: str) -> None:
    assert (await play(folder, ffmpeg, film(VIDEO))).kind == "gifv"


async def test_sound_becomes_mp3(folder: Path, ffmpeg: str) -> None:
    played = await play(folder, ffmpeg, film(AUDIO, start=MP3), "mp3")

    assert played == Played("audio", "mp3", {"duration": 2.02, "bitrate": 111568})
    assert (folder / "original.mp3").exists()


@pytest.mark.parametrize(
    ("content", "suffix"),
    [
        (film(VIDEO, AUDIO, duration="601"), "mp4"),
        (film({**VIDEO, "width": 4000, "height": 3000}), "mp4"),
        (film({**VIDEO, "width": None}), "mp4"),
        (film({**VIDEO, "avg_frame_rate": "240/1"}), "mp4"),
        (film(), "mp4"),
        (film(VIDEO, start=MP3), "mp3"),
        (film(VIDEO) + b"not JSON", "mp4"),
        (MP4 + b"PROBE:[]", "mp4"),
        (MP4, "mp4"),
        (MP4 + b"BROKEN" + film(VIDEO), "mp4"),
    ],
)
async def test_what_cannot_be_played_is_unreadable(
    folder: Path, ffmpeg: str, content: bytes, suffix: str
) -> None:
    with pytest.raises(Unreadable):
        await play(folder, ffmpeg, content, suffix)


async def test_what_is_not_said_is_not_known(folder: Path, ffmpeg: str) -> None:
    content = film({**VIDEO, "avg_frame_rate": "0/0"}, duration="N/A")

    assert (await play(folder, ffmpeg, content)).kind == "gifv"


async def test_what_a_browser_records_may_be_sound_only(folder: Path, ffmpeg: str) -> None:
    played = await play(folder, ffmpeg, film(AUDIO, start=WEBM, duration=None), "webm")

    assert (played.kind, played.suffix) == ("audio", "mp3")
    assert played.original["duration"] == 2.02


async def test_what_does_not_say_how_long_it_is_has_a_limit_too(folder: Path, ffmpeg: str) -> None:
    """MD-1."""
    start = WEBM + b"ENDLESS"

    for content in (
        film(VIDEO, AUDIO, start=start, duration="N/A"),
        film(AUDIO, start=start, duration=None),
    ):
        with pytest.raises(Unreadable, match="too long"):
            await play(folder, ffmpeg, content, "webm")
    # What says so is believed: sound gets a little longer when it is made anew.
    told = film(AUDIO, start=start, duration="600")
    assert (await play(folder, ffmpeg, told, "webm")).kind == "audio"


@needs_ffmpeg
@pytest.mark.parametrize(
    ("suffix", "sources", "kind"),
    [
        ("mp4", ("testsrc=size=64x48:rate=5", "sine"), "video"),
        ("webm", ("testsrc=size=64x48:rate=5",), "gifv"),
        ("gif", ("testsrc=size=64x48:rate=5",), "gifv"),
        ("ogg", ("sine",), "audio"),
        ("wav", ("sine",), "audio"),
    ],
)
async def test_with_the_real_program(
    folder: Path, suffix: str, sources: tuple[str, ...], kind: str
) -> None:
    assert REAL is not None
    file = folder / f"made.{suffix}"
    inputs = [part for source in sources for part in ("-f", "lavfi", "-i", source)]
    making = await asyncio.create_subprocess_exec(
        REAL, "-v", "error", *inputs, "-t", "1", str(file)
    )
    assert await making.wait() == 0

    played = await play(folder, REAL, file.read_bytes(), suffix)

    assert played.kind == kind
    assert played.original["duration"] == pytest.approx(1, abs=0.3)
    if kind != "audio":
        assert (played.original["width"], played.original["height"]) == (64, 48)
