"""What a file is, by what is in it (MD-1, MD-2)."""

import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.media_types import TYPES, dimensions, sniff
from tests.pictures import (
    DOCX,
    MP3,
    MP4,
    ODP,
    PDF,
    PPTX,
    iso,
    moving_picture,
    office,
    picture,
    png_that_claims,
    zipped,
)

WEBM = b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\x82\x84webm"
OGG = b"OggS\0\x02" + b"\0" * 22


@pytest.mark.parametrize(
    ("content", "suffix"),
    [
        (picture("JPEG"), "jpg"),
        (picture("PNG"), "png"),
        (picture("WEBP"), "webp"),
        (picture("AVIF"), "avif"),
        (moving_picture("GIF"), "gif"),
        (iso(b"heic", b"mif1"), "heic"),
        (iso(b"mif1", b"heic"), "heic"),
        (iso(b"mif1", b"avif"), "heic"),
        (MP4, "mp4"),
        (iso(b"XXXX", b"mp42"), "mp4"),
        (iso(b"qt  "), "mov"),
        (iso(b"M4A ", b"isom"), "m4a"),
        (WEBM, "webm"),
        (OGG + b"\x80theora", "ogv"),
        (OGG + b"\x01vorbis", "ogg"),
        (OGG + b"OpusHead", "ogg"),
        (MP3, "mp3"),
        (b"\xff\xfb\x90\x44", "mp3"),
        (b"\xff\xf1\x50\x80", "aac"),
        (b"fLaC\0", "flac"),
        (b"RIFF\0\0\0\0WAVEfmt ", "wav"),
        (PDF, "pdf"),
        (DOCX, "docx"),
        (PPTX, "pptx"),
        (ODP, "odp"),
    ],
)
def test_files_are_told_by_their_content(content: bytes, suffix: str) -> None:
    file = io.BytesIO(content)

    assert sniff(file) == TYPES[suffix]
    assert file.tell() == 0


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"words",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"MZ\x90\0",
        b"\x7fELF",
        b"#!/bin/sh\n",
        b"RIFF\0\0\0\0AVI ",
        OGG + b"nothing we know",
        b"\x1a\x45\xdf\xa3matroska",
        iso(b"crx "),
        zipped(evil="x"),
        zipped(mimetype="application/vnd.oasis.opendocument.text"),
        office("wordprocessingml.document").replace(b".main+xml", b".mac+xml "),
        DOCX[:-30],
        b"PK\3\4",
        b"PK\3\4" + b"PK\5\6" + b"\0" * 30,
        # A directory of more files than can be read.
        b"PK\3\4" + b"PK\5\6" + struct.pack("<HHHHLLH", 0, 0, 1, 1, 2**31, 4, 0),
        DOCX + b"PK\6\7",
    ],
)
def test_nothing_else_is_taken(content: bytes) -> None:
    assert sniff(io.BytesIO(content)) is None


@given(st.binary(max_size=300), st.sampled_from([b"", *(kind for kind in (MP4, WEBM, OGG, DOCX))]))
def test_anything_can_be_looked_at(content: bytes, start: bytes) -> None:
    file = io.BytesIO(start + content)
    for kind in TYPES.values():
        dimensions(file, kind)

    sniff(file)


@pytest.mark.parametrize(
    ("content", "suffix", "size"),
    [
        (picture("PNG", (60, 40)), "png", (60, 40)),
        (picture("GIF", (60, 40)), "gif", (60, 40)),
        (picture("WEBP", (60, 40)), "webp", (60, 40)),
        (picture("WEBP", (60, 40), lossless=True), "webp", (60, 40)),
        (picture("WEBP", (61, 40), mode="RGBA"), "webp", (61, 40)),
        (moving_picture("WEBP", size=(62, 40)), "webp", (62, 40)),
        (png_that_claims(20_000, 20_000), "png", (20_000, 20_000)),
        (b"RIFF\0\0\0\0WEBPnone", "webp", None),
        (b"GIF89a", "gif", None),
        (picture("JPEG"), "jpg", None),
    ],
)
def test_measures_are_read_without_decoding(
    content: bytes, suffix: str, size: tuple[int, int] | None
) -> None:
    assert dimensions(io.BytesIO(content), TYPES[suffix]) == size
