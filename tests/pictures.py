"""Files to upload: pictures that are drawn, and others that only say what they are."""

import io
import struct
import zipfile
import zlib

from PIL import Image


def picture(
    form: str = "PNG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **options: object
) -> bytes:
    """A picture, red on the left and blue on the right."""
    image = Image.new(mode, size, "blue")
    image.paste(Image.new(mode, (size[0] // 2, size[1]), "red"), (0, 0))
    content = io.BytesIO()
    image.save(content, form, **options)
    return content.getvalue()


def see_through(form: str) -> bytes:
    """A picture with nothing in it."""
    content = io.BytesIO()
    Image.new("RGBA", (60, 40), (255, 0, 0, 0)).save(content, form)
    return content.getvalue()


def moving_picture(form: str = "GIF", frames: int = 3, size: tuple[int, int] = (60, 40)) -> bytes:
    """A picture that moves: each frame differs so much that no format takes two for the same."""
    drawn = [Image.new("RGB", size, (255 - number * 80 % 240, 0, 0)) for number in range(frames)]
    content = io.BytesIO()
    drawn[0].save(content, form, save_all=True, append_images=drawn[1:], duration=100, loop=0)
    return content.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """A small PNG file that says it is large: decoding it would take all memory."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        whole = kind + data
        return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(b"\x00" * 1000))
        + chunk(b"IEND", b"")
    )


def zipped(**parts: bytes | str) -> bytes:
    """A zip file; `__` in a name is a slash."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name.replace("__", "/"), part)
    return content.getvalue()


def office(kind: str) -> bytes:
    """What begins as a document of Word or PowerPoint does."""
    main = f"application/vnd.openxmlformats-officedocument.{kind}.main+xml"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("[Content_Types].xml", f'<Types><Override ContentType="{main}"/></Types>')
    return content.getvalue()


PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
DOCX = office("wordprocessingml.document")
PPTX = office("presentationml.presentation")
ODP = zipped(mimetype="application/vnd.oasis.opendocument.presentation", content="<x/>")


def iso(brand: bytes, *compatible: bytes) -> bytes:
    """How films and sound of the ISO base format begin."""
    brands = brand + b"\0\0\0\0" + b"".join(compatible)
    return struct.pack(">I", 8 + len(brands)) + b"ftyp" + brands + b"\0" * 100


MP4 = iso(b"isom", b"iso2", b"avc1")
MP3 = b"ID3\x04" + b"\0" * 100
WEBM = b"\x1a\x45\xdf\xa3\x42\x82\x84webm" + b"\0" * 100
