"""What kinds of files there are: told by what is in them, never by what they are called (MD-1)."""

import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Final, Literal

Family = Literal["image", "video", "audio", "document"]

MEBIBYTE = 1024 * 1024
MAX_PIXELS: Final = 33_177_600
MAX_VIDEO_PIXELS: Final = 8_294_400
MAX_FRAMES_PER_SECOND: Final = 120
MAX_SECONDS: Final = 600
MAX_BYTES: Final[dict[Family, int]] = {
    "image": 16 * MEBIBYTE,
    "video": 99 * MEBIBYTE,
    "audio": 99 * MEBIBYTE,
    "document": 40 * MEBIBYTE,
}

_HEAD_BYTES = 4096
# A directory of more files than any document has is not read.
_MAX_DIRECTORY_BYTES = MEBIBYTE


@dataclass(frozen=True, slots=True)
class MediaType:
    """A kind of file. `suffix` stands behind its name; `demuxer` is what ffmpeg reads it with."""

    mime: str
    suffix: str
    family: Family
    demuxer: str = ""


TYPES: Final = {
    kind.suffix: kind
    for kind in (
        MediaType("image/jpeg", "jpg", "image"),
        MediaType("image/png", "png", "image"),
        MediaType("image/gif", "gif", "image", "gif"),
        MediaType("image/webp", "webp", "image"),
        MediaType("image/avif", "avif", "image"),
        MediaType("image/heic", "heic", "image"),
        MediaType("video/mp4", "mp4", "video", "mov"),
        MediaType("video/webm", "webm", "video", "matroska"),
        MediaType("video/quicktime", "mov", "video", "mov"),
        MediaType("video/ogg", "ogv", "video", "ogg"),
        MediaType("audio/mpeg", "mp3", "audio", "mp3"),
        MediaType("audio/ogg", "ogg", "audio", "ogg"),
        MediaType("audio/flac", "flac", "audio", "flac"),
        MediaType("audio/wav", "wav", "audio", "wav"),
        MediaType("audio/mp4", "m4a", "audio", "mov"),
        MediaType("audio/aac", "aac", "audio", "aac"),
        MediaType("application/pdf", "pdf", "document"),
        MediaType(
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "docx",
            "document",
        ),
        MediaType(
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            "pptx",
            "document",
        ),
        MediaType("application/vnd.oasis.opendocument.presentation", "odp", "document"),
    )
}

# The first bytes, in the order in which they are tried.
_BEGINNINGS = (
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"fLaC", "flac"),
    (b"ID3", "mp3"),
    *((bytes((0xFF, second)), "mp3") for second in (0xFB, 0xFA, 0xF3, 0xF2)),
    *((bytes((0xFF, second)), "aac") for second in (0xF1, 0xF9)),
    (b"%PDF-", "pdf"),
)
# The brands of the ISO base format (ISO 14496-12), most telling first.
_BRANDS = (
    (frozenset((b"avif", b"avis")), "avif"),
    (frozenset((b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1")), "heic"),
    (frozenset((b"M4A ", b"M4B ", b"M4P ")), "m4a"),
    (frozenset((b"qt  ",)), "mov"),
    (
        frozenset((b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1"))
        | frozenset((b"M4V ", b"MSNV", b"dash", b"3gp4", b"3gp5", b"3gp6")),
        "mp4",
    ),
)
_OFFICE_PARTS = (
    (b"wordprocessingml.document.main+xml", "docx"),
    (b"presentationml.presentation.main+xml", "pptx"),
)


def sniff(file: BinaryIO) -> MediaType | None:
    """What a file is; None if it is nothing that can be uploaded, a page or a program included.

    It is read a little, and left at its beginning.
    """
    file.seek(0)
    head = file.read(_HEAD_BYTES)
    try:
        suffix = next(filter(None, (look(head) for look in _LOOKS)), None)
        if suffix is None and head.startswith(b"PK\3\4"):
            suffix = _document(file)
    finally:
        file.seek(0)
    return TYPES[suffix] if suffix else None


def _beginning(head: bytes) -> str | None:
    return next((suffix for start, suffix in _BEGINNINGS if head.startswith(start)), None)


def _riff(head: bytes) -> str | None:
    if not head.startswith(b"RIFF"):
        return None
    return {b"WEBP": "webp", b"WAVE": "wav"}.get(head[8:12])


def _iso(head: bytes) -> str | None:
    if head[4:8] != b"ftyp":
        return None
    size = min(int.from_bytes(head[:4]), len(head))
    compatible = [head[at : at + 4] for at in range(16, size - 3, 4)]
    # Its own brand says more than those it is compatible with.
    for brands in ([head[8:12]], compatible):
        for known, suffix in _BRANDS:
            if not known.isdisjoint(brands):
                return suffix
    return None


def _matroska(head: bytes) -> str | None:
    return "webm" if head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head[:64] else None


def _ogg(head: bytes) -> str | None:
    if not head.startswith(b"OggS"):
        return None
    first_page = head[28:512]
    if b"theora" in first_page:
        return "ogv"
    return "ogg" if any(name in first_page for name in (b"vorbis", b"OpusHead", b"FLAC")) else None


_LOOKS: tuple[Callable[[bytes], str | None], ...] = (_beginning, _riff, _iso, _matroska, _ogg)


def _document(file: BinaryIO) -> str | None:
    """Which office document a zip is. Without macros: those have other types."""
    if not _is_small_directory(file):
        return None
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            if "mimetype" in names:
                with archive.open("mimetype") as part:
                    is_slides = part.read(100).decode("latin-1").strip() == TYPES["odp"].mime
                return "odp" if is_slides else None
            with archive.open("[Content_Types].xml") as part:
                said = part.read(MEBIBYTE)
    except Exception:
        # Archives that are broken raise anything.
        return None
    return next((suffix for name, suffix in _OFFICE_PARTS if name in said), None)


def _is_small_directory(file: BinaryIO) -> bool:
    """Whether a zip's list of files is short enough to be read."""
    size = file.seek(0, 2)
    file.seek(max(size - 65_557, 0))
    tail = file.read()
    file.seek(0)
    end = tail.rfind(b"PK\5\6")
    if end < 0 or end + 20 > len(tail) or b"PK\6\7" in tail:
        return False
    directory_bytes: int = struct.unpack_from("<L", tail, end + 12)[0]
    return directory_bytes <= _MAX_DIRECTORY_BYTES


def dimensions(file: BinaryIO, kind: MediaType) -> tuple[int, int] | None:
    """The width and height that a picture announces, without decoding any of it (MD-2).

    None where only a decoder could tell; that one runs elsewhere, with little to spend.
    """
    file.seek(0)
    head = file.read(_HEAD_BYTES)
    file.seek(0)
    try:
        if kind.suffix == "png":
            return struct.unpack_from(">LL", head, 16)
        if kind.suffix == "gif":
            return struct.unpack_from("<HH", head, 6)
        if kind.suffix == "webp":
            return _webp(head)
    except struct.error:
        return None
    return None


def _webp(head: bytes) -> tuple[int, int] | None:
    form = head[12:16]
    if form == b"VP8X":
        return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
    if form == b"VP8L":
        packed = int.from_bytes(head[21:25], "little")
        return (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1
    if form == b"VP8 ":
        width, height = struct.unpack_from("<HH", head, 26)
        return width & 0x3FFF, height & 0x3FFF
    return None
