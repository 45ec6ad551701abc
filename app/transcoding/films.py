"""Films and sound, by ffmpeg where it is installed: one kind of file that every client plays."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from app.media_types import (
    MAX_FRAMES_PER_SECOND,
    MAX_SECONDS,
    MAX_VIDEO_PIXELS,
    MediaType,
)
from app.transcoding import drawing, pictures, sandbox
from app.transcoding.sandbox import Unreadable

_PROBE_MEBIBYTES, _PROBE_SECONDS = 512, 20
# Encoding is more work than decoding a picture: these are for a film of the greatest length.
_MEBIBYTES, _SECONDS = 2048, 900
# Nothing but the file itself: no playlists, no addresses (MD-2).
_INPUT = ("-protocol_whitelist", "file,pipe")
_BARE = ("-map_metadata", "-1", "-map_chapters", "-1", "-sn", "-dn", "-threads", "2")
# What does not say how long it is, is at least not read for ever.
_END = ("-t", str(MAX_SECONDS + 1))
_H264 = (
    *("-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-pix_fmt", "yuv420p"),
    # Its sides must be even.
    *("-vf", "scale=trunc(iw/2)*2:trunc(ih/2)*2", "-movflags", "+faststart"),
)


@dataclass(frozen=True, slots=True)
class Played:
    """What came of a film or a sound. `original` describes it as clients expect it in `meta`."""

    kind: str
    suffix: str
    original: dict[str, Any] = field(default_factory=dict)
    drawn: pictures.Drawn | None = None


@cache
def are_available(ffmpeg: str) -> bool:
    """Whether this machine can make films."""
    return shutil.which(ffmpeg) is not None and shutil.which(_ffprobe(ffmpeg)) is not None


async def play(folder: Path, media_type: MediaType, ffmpeg: str) -> Played:
    """Make of `folder/upload` a film or a sound, `folder/original.*`, and a still picture of it.

    Raises:
        Unreadable: it is broken, or longer or larger than what is allowed.
    """
    probed = await _ask(folder, ffmpeg, media_type.demuxer, drawing.UPLOAD)
    streams = {stream.get("codec_type"): stream for stream in reversed(probed.get("streams", []))}
    if _duration(probed) > MAX_SECONDS:
        raise Unreadable("too long")
    source = ("-f", media_type.demuxer, "-i", drawing.UPLOAD, *_END, *_BARE)
    # What browsers record is WebM also when there is nothing to be seen.
    if media_type.family == "audio" or "video" not in streams:
        if "audio" not in streams:
            raise Unreadable("no sound")
        sound = ("-map", "0:a:0", "-vn", "-c:a", "libmp3lame", "-q:a", "2", "original.mp3")
        await _make(folder, ffmpeg, (*source, *sound))
        made = await _ask(folder, ffmpeg, "mp3", "original.mp3")
        return Played("audio", "mp3", _described(made, probed))
    _measure(streams["video"])
    is_silent = "audio" not in streams
    heard = ("-an",) if is_silent else ("-map", "0:a:0", "-c:a", "aac", "-b:a", "128k")
    film = ("-map", "0:v:0", *heard, *_H264, "original.mp4")
    await _make(folder, ffmpeg, (*source, *film))
    made = await _ask(folder, ffmpeg, "mov", "original.mp4")
    [video] = [stream for stream in made["streams"] if stream["codec_type"] == "video"]
    original = {
        "width": video["width"],
        "height": video["height"],
        "frame_rate": video.get("avg_frame_rate") or "0/0",
        **_described(made, probed),
    }
    drawn = await _still(folder, ffmpeg)
    return Played("gifv" if is_silent else "video", "mp4", original, drawn)


async def _ask(folder: Path, ffmpeg: str, demuxer: str, name: str) -> dict[str, Any]:
    wanted = "stream=codec_type,width,height,avg_frame_rate:format=duration,bit_rate"
    said = await sandbox.run(
        sandbox.program(
            [
                *(_ffprobe(ffmpeg), "-v", "error", *_INPUT, "-f", demuxer),
                *("-show_entries", wanted, "-of", "json", name),
            ],
            mebibytes=_PROBE_MEBIBYTES,
            cpu_seconds=_PROBE_SECONDS,
        ),
        folder,
        seconds=_PROBE_SECONDS,
    )
    try:
        found = json.loads(said)
    except ValueError:
        raise Unreadable("not described") from None
    return found if isinstance(found, dict) else {}


async def _make(folder: Path, ffmpeg: str, arguments: Sequence[str]) -> None:
    await sandbox.run(
        sandbox.program(
            [ffmpeg, "-nostdin", "-v", "error", "-y", *_INPUT, *arguments],
            mebibytes=_MEBIBYTES,
            cpu_seconds=_SECONDS,
        ),
        folder,
        seconds=_SECONDS,
        is_long=True,
    )


async def _still(folder: Path, ffmpeg: str) -> pictures.Drawn:
    """The first frame, as the small picture of a film."""
    await _make(folder, ffmpeg, ("-f", "mov", "-i", "original.mp4", "-frames:v", "1", "still.png"))
    (folder / "still.png").replace(folder / drawing.UPLOAD)
    return await pictures.draw(folder, "still")


def _described(made: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """How long what was made is, as `meta.original` says it; of what did not say so before, too.

    Raises:
        Unreadable: it was longer than what is allowed.
    """
    duration = _duration(made)
    if not _duration(before) and duration > MAX_SECONDS:
        raise Unreadable("too long")
    return {"duration": duration, "bitrate": int(_number(made.get("format", {}).get("bit_rate")))}


def _measure(video: dict[str, Any]) -> None:
    pixels = int(video.get("width") or 0) * int(video.get("height") or 0)
    if not 0 < pixels <= MAX_VIDEO_PIXELS:
        raise Unreadable("too many pixels")
    frames, _, seconds = str(video.get("avg_frame_rate") or "0/1").partition("/")
    if _number(frames) > MAX_FRAMES_PER_SECOND * (_number(seconds) or 1):
        raise Unreadable("too many frames")


def _duration(probed: dict[str, Any]) -> float:
    return _number(probed.get("format", {}).get("duration"))


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return 0.0


def _ffprobe(ffmpeg: str) -> str:
    path = Path(ffmpeg)
    return str(path.with_name(path.name.replace("ffmpeg", "ffprobe")))
