"""Uploads: what may be uploaded, and how it comes into the media store."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

from sqlmodel.ext.asyncio.session import AsyncSession

from app.database import Reader
from app.domain.statuses import media_attachments, text
from app.domain.statuses.media_attachments import Details, Preview, Uploaded
from app.errors import Invalid, Unprocessable
from app.media_store import UPLOAD, MediaStore
from app.media_types import MAX_BYTES, MAX_PIXELS, TYPES, Family, MediaType, dimensions, sniff
from app.models.statuses.media_attachments import MediaAttachment, MediaKind
from app.transcoding import films, making
from app.transcoding.sandbox import Unreadable

MAX_THUMBNAIL_BYTES: Final = 16 * 1024 * 1024
MAX_NAME: Final = 200
# How long a client waits that will not ask again. What is not done by then the worker does.
PATIENCE_SECONDS = 6.0

_KINDS: dict[Family, MediaKind] = {
    "image": MediaKind.IMAGE,
    "video": MediaKind.VIDEO,
    "audio": MediaKind.AUDIO,
    "document": MediaKind.UNKNOWN,
}
# What browsers and systems call sound besides: clients look for it before they upload anything.
_SOUNDS = (
    *("audio/webm", "audio/x-m4a", "audio/m4a", "audio/mp3"),
    *("audio/x-wav", "audio/wave", "audio/vorbis", "audio/opus", "audio/x-flac"),
)
_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|\u202a-\u202e\u2066-\u2069]+")


@dataclass(frozen=True, slots=True)
class File:
    """What somebody sent. Its name is shown of documents only, and is never part of a path."""

    content: BinaryIO
    size_bytes: int
    name: str = ""


class Uploads:
    """Takes uploads in. `ffmpeg` is the program that makes films, if this machine has it."""

    def __init__(self, store: MediaStore, ffmpeg: str) -> None:
        self._store = store
        self._ffmpeg = ffmpeg
        self._plays = films.are_available(ffmpeg)

    def mime_types(self) -> list[str]:
        """What may be uploaded here."""
        return mime_types(plays=self._plays)

    async def judge(self, reader: Reader, account_id: int, file: File) -> MediaType:
        """What somebody sent, of which nothing was decoded yet.

        Raises:
            Unprocessable: it is of a kind, or of a size, that is not taken.
        """
        media_type = await asyncio.to_thread(sniff, file.content)
        self._check(media_type, file)
        assert media_type is not None, "it was checked"
        await media_attachments.require_room(reader, account_id, file.size_bytes)
        return media_type

    async def receive(
        self,
        session: AsyncSession,
        account_id: int,
        file: File,
        media_type: MediaType,
        details: Details,
        *,
        at_once: bool,
    ) -> MediaAttachment:
        """Keep what somebody sent, for one of their statuses, as it was judged.

        Documents are ready at once, the rest when the worker has made anew what is kept of it;
        `at_once` tries not to leave pictures to it. The session is not used before all of
        that is over.

        Raises:
            Invalid: the description is too long, or nothing can be made of the file.
        """
        kind = _KINDS[media_type.family]
        uploaded = None
        if media_type.family == "document":
            name = await self._store.put(file.content, media_type.suffix)
            uploaded = Uploaded(kind, file.size_bytes, file=name, name=_shown(file, media_type))
        elif at_once and media_type.family == "image" and not self._makes_film(media_type):
            uploaded = await self._drawn(file.content.read())
        if uploaded is None:
            file.content.seek(0)
            name = await self._store.put(file.content, UPLOAD)
            takes_long = media_type.family != "image" or self._makes_film(media_type)
            uploaded = Uploaded(kind, file.size_bytes, upload=name, takes_long=takes_long)
        return await media_attachments.upload(session, account_id, uploaded, details)

    async def preview(self, file: File) -> Preview:
        """Make a small picture of what somebody sent.

        Raises:
            Invalid: it is no picture, or too large.
        """
        if file.size_bytes > MAX_THUMBNAIL_BYTES:
            raise Invalid({"thumbnail": [("ERR_TOO_LONG", "is too large (maximum is 16 MB)")]})
        try:
            name, drawn = await making.keep_small(self._store, file.content.read(), "still")
        except Unreadable:
            raise Invalid({"thumbnail": [("ERR_INVALID", "is not a picture")]}) from None
        return Preview(name, drawn.blurhash, drawn.small)

    def _makes_film(self, media_type: MediaType) -> bool:
        return media_type.suffix == "gif" and self._plays

    def _check(self, media_type: MediaType | None, file: File) -> None:
        if media_type is None:
            raise Unprocessable("File type of uploaded media could not be verified")
        if media_type.mime not in self.mime_types():
            raise Unprocessable("Validation failed: File is of a type that this server cannot play")
        limit = MAX_BYTES[media_type.family]
        if file.size_bytes > limit:
            raise Unprocessable(
                f"Validation failed: File must be less than {limit // (1024 * 1024)} MB"
            )
        if media_type.family == "image":
            # Of what is too large nothing is decoded, not even in a place of its own (MD-2).
            size = dimensions(file.content, media_type)
            if size is not None and size[0] * size[1] > MAX_PIXELS:
                raise Unprocessable(
                    f"Validation failed: {size[0]}x{size[1]} images are not supported"
                )

    async def _drawn(self, content: bytes) -> Uploaded | None:
        """A picture that is ready; None if that takes too long."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                kept = await making.keep(self._store, content, self._ffmpeg)
        except TimeoutError:
            return None
        except Unreadable:
            raise Invalid({"file": [("ERR_INVALID", "could not be processed")]}) from None
        return Uploaded(
            MediaKind(kept.kind),
            kept.size_bytes,
            file=kept.file,
            preview=kept.preview,
            blurhash=kept.blurhash,
            meta=kept.meta,
        )


def mime_types(*, plays: bool) -> list[str]:
    """The types that may be uploaded, where films and sound can or cannot be played."""
    families: Sequence[Family] = ("image", "document", *(("video", "audio") if plays else ()))
    found = [kind.mime for kind in TYPES.values() if kind.family in families]
    return [*found, "image/heif", *(_SOUNDS if plays else ())]


def _shown(file: File, media_type: MediaType) -> str:
    """What a document is called: what it was called, without anything that is no name."""
    name = text.clean_name(_UNSAFE.sub(" ", file.name)).strip(" .")
    stem = name[: -len(media_type.suffix) - 1] if _has_suffix(name, media_type) else name
    return f"{stem[:MAX_NAME] or 'document'}.{media_type.suffix}"


def _has_suffix(name: str, media_type: MediaType) -> bool:
    return name.lower().endswith(f".{media_type.suffix}")
