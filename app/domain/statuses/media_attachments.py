"""Media attachments: uploading, describing, hanging on a status."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import literal
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock
from app.database import Reader
from app.domain import events
from app.domain.statuses import text
from app.errors import Invalid, NotFound, Unprocessable
from app.models.statuses.media_attachments import MediaAttachment, MediaKind, MediaState
from app.transcoding import making

# IN-4, MD-6.
MAX_PER_STATUS: Final = 4
MAX_DESCRIPTION: Final = 1500
MAX_FILES: Final = 10_000
MAX_BYTES: Final = 5 * 1024**3

# Also said of a poll beside files, as clients expect it.
TOO_MANY: Final = f"Cannot attach more than {MAX_PER_STATUS} files"

_PLAYED = frozenset((MediaKind.VIDEO, MediaKind.AUDIO))

_UNATTACHED = """
SELECT to_json(m)::text AS media FROM media_attachments m
WHERE m.id = $1 AND m.account_id = $2 AND m.status_id IS NULL
"""
_QUOTA = """
SELECT count(*) AS files, coalesce(sum(size_bytes), 0)::bigint AS bytes
FROM media_attachments WHERE account_id = $1
"""


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file that is in the media store. What is not made of it yet, the worker makes.

    `takes_long`: that will be a film or a sound.
    """

    kind: MediaKind
    size_bytes: int
    upload: str | None = None
    file: str | None = None
    preview: str | None = None
    name: str | None = None
    blurhash: str | None = None
    meta: Mapping[str, Any] | None = None
    takes_long: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """A small picture of a film or a sound that somebody chose."""

    name: str
    blurhash: str
    size: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Details:
    """What people say of a file. None leaves it as it is; `focus` is from -1 to 1 either way."""

    description: str | None = None
    focus: tuple[float, float] | None = None
    preview: Preview | None = None


async def require_room(reader: Reader, account_id: int, size_bytes: int) -> None:
    """See whether an account may upload this much more (MD-6).

    Raises:
        Unprocessable: it may not.
    """
    [used] = await reader.fetch(_QUOTA, account_id)
    if used["files"] >= MAX_FILES or used["bytes"] + size_bytes > MAX_BYTES:
        raise Unprocessable("Validation failed: File is more than you have room for")


async def upload(
    session: AsyncSession, account_id: int, uploaded: Uploaded, details: Details
) -> MediaAttachment:
    """Keep a file for an account, to be hung on a status within a day.

    Raises:
        Invalid: the description is too long.
    """
    is_ready = uploaded.file is not None
    media = MediaAttachment(
        account_id=account_id,
        kind=uploaded.kind,
        state=MediaState.READY if is_ready else MediaState.WAITING,
        upload=uploaded.upload,
        file=uploaded.file,
        preview=uploaded.preview,
        size_bytes=uploaded.size_bytes,
        name=uploaded.name,
        # Every client shows a description, hardly any a name.
        description=uploaded.name,
        blurhash=uploaded.blurhash,
        meta=dict(uploaded.meta or {}),
    )
    _describe(media, details)
    session.add(media)
    await session.flush()
    if not is_ready:
        name: events.Name = "film.uploaded" if uploaded.takes_long else "media.uploaded"
        await events.record(session, name, media_id=media.id, account_id=account_id)
    return media


async def unattached(reader: Reader, account_id: int, media_id: int) -> dict[str, Any]:
    """The row of a file of the account's own that hangs on no status.

    Raises:
        NotFound: there is none.
    """
    rows = await reader.fetch(_UNATTACHED, media_id, account_id)
    if not rows:
        raise NotFound
    media: dict[str, Any] = json.loads(rows[0]["media"])
    return media


async def describe(
    session: AsyncSession, account_id: int, media_id: int, details: Details
) -> MediaAttachment:
    """Say what an unattached file shows.

    Raises:
        Invalid: the description is too long.
        NotFound: the account has no such file, or it hangs on a status.
    """
    media = await _own(session, account_id, media_id)
    if media is None or media.status_id is not None:
        raise NotFound
    _describe(media, details)
    await session.flush()
    return media


async def remove(session: AsyncSession, account_id: int, media_id: int) -> None:
    """Throw an unattached file away.

    Raises:
        NotFound: the account has no such file.
        Unprocessable: it hangs on a status, or is to.
    """
    media = await _own(session, account_id, media_id)
    if media is None:
        raise NotFound
    if media.status_id is not None or media.held_by_id is not None:
        raise Unprocessable("Media attachment is currently used by a status")
    await session.delete(media)


async def chosen(
    session: AsyncSession,
    account_id: int,
    media_ids: Sequence[int],
    *,
    status_id: int | None = None,
    holder_id: int | None = None,
) -> list[MediaAttachment]:
    """The files to hang on a status, in order, locked so that nothing else gets them.

    They are the account's own and hang on nothing, or on the status `status_id` already, or are
    held by `holder_id`.

    Raises:
        Unprocessable: they are too many, do not go together, are not ready, or are not there.
    """
    wanted = list(dict.fromkeys(media_ids))
    if not wanted:
        return []
    if len(wanted) > MAX_PER_STATUS:
        raise Unprocessable(TOO_MANY)
    rows = await session.exec(
        select(MediaAttachment)
        .where(
            col(MediaAttachment.id).in_(wanted),
            col(MediaAttachment.account_id) == account_id,
            col(MediaAttachment.status_id).is_(None)
            | (col(MediaAttachment.status_id) == literal(status_id)),
            col(MediaAttachment.held_by_id).is_(None)
            | (col(MediaAttachment.held_by_id) == literal(holder_id)),
        )
        # Everybody locks in the same order.
        .order_by(col(MediaAttachment.id))
        .with_for_update()
    )
    found = {media.id: media for media in rows}
    if missing := [str(id_) for id_ in wanted if id_ not in found]:
        raise Unprocessable(
            f"Media {', '.join(missing)} not found or already attached to another post"
        )
    media = [found[id_] for id_ in wanted]
    if len(media) > 1 and any(one.kind in _PLAYED for one in media):
        raise Unprocessable("Cannot attach a video to a post that already contains images")
    if any(one.state != MediaState.READY for one in media):
        raise Unprocessable(
            "Cannot attach files that have not finished processing. Try again in a moment!"
        )
    return media


def attach(media: Sequence[MediaAttachment], status_id: int) -> None:
    """Hang `chosen` files on a status, in their order."""
    for position, one in enumerate(media):
        one.status_id, one.position, one.held_by_id = status_id, position, None


async def replace(
    session: AsyncSession,
    status_id: int,
    before: Sequence[MediaAttachment],
    media: Sequence[MediaAttachment],
    details: Mapping[int, Details],
) -> None:
    """Hang `chosen` files on a status instead of those before, and describe them anew.

    What it shows no longer stays in its history.

    Raises:
        Invalid: a description is too long.
    """
    if not before and not media:
        return
    await session.exec(
        update(MediaAttachment)
        .where(
            col(MediaAttachment.status_id) == status_id,
            col(MediaAttachment.id).not_in([one.id for one in media]),
        )
        .values(position=None)
        .execution_options(synchronize_session=False)
    )
    attach(media, status_id)
    for one in media:
        if one.id in details:
            _describe(one, details[one.id])
    await session.flush()


async def shown(session: AsyncSession, status_id: int) -> list[MediaAttachment]:
    """The files that a status shows, in order."""
    found = await session.exec(
        select(MediaAttachment)
        .where(
            col(MediaAttachment.status_id) == status_id,
            col(MediaAttachment.position).is_not(None),
        )
        .order_by(col(MediaAttachment.position))
    )
    return list(found)


def snapshot(media: Sequence[MediaAttachment]) -> list[dict[str, Any]]:
    """How files hang on a status at this moment, to be kept in its history."""
    return [{"id": one.id, "description": one.description} for one in media]


def look(media: Sequence[MediaAttachment]) -> list[tuple[Any, ...]]:
    """What clients see of files: equal before and after when an edit changed nothing about them."""
    return [(one.id, one.description, one.focus_x, one.focus_y, one.preview) for one in media]


async def detach(session: AsyncSession, status_id: int, *, delete_media: bool) -> None:
    """Take all files off a status that is about to go, to be used again within a day.

    With `delete_media` they go with it.
    """
    of_status = col(MediaAttachment.status_id) == status_id
    if delete_media:
        await session.exec(
            delete(MediaAttachment).where(of_status).execution_options(synchronize_session=False)
        )
        return
    await session.exec(
        update(MediaAttachment)
        .where(of_status)
        .values(status_id=None, position=None, unattached_since=clock.now())
        .execution_options(synchronize_session=False)
    )


async def hold(
    session: AsyncSession, account_id: int, media_ids: Sequence[int], holder_id: int
) -> list[MediaAttachment]:
    """Keep files for something that will take them later, a scheduled status for instance.

    Whoever posts it then asks for them with `holder_id`.

    Raises:
        Unprocessable: as for `chosen`.
    """
    media = await chosen(session, account_id, media_ids, holder_id=holder_id)
    for one in media:
        one.held_by_id = holder_id
    await session.flush()
    return media


async def release(session: AsyncSession, holder_id: int) -> None:
    """Give back what was kept for something that will not come; within a day others may use it."""
    await session.exec(
        update(MediaAttachment)
        .where(col(MediaAttachment.held_by_id) == holder_id)
        .values(held_by_id=None, unattached_since=clock.now())
        .execution_options(synchronize_session=False)
    )


async def _own(session: AsyncSession, account_id: int, media_id: int) -> MediaAttachment | None:
    media: MediaAttachment | None = await session.scalar(
        select(MediaAttachment)
        .where(col(MediaAttachment.id) == media_id, col(MediaAttachment.account_id) == account_id)
        .with_for_update()
    )
    return media


def _describe(media: MediaAttachment, details: Details) -> None:
    if details.description is not None:
        written = text.clean(details.description).strip()
        if len(written) > MAX_DESCRIPTION:
            limit = f"is too long (maximum is {MAX_DESCRIPTION} characters)"
            raise Invalid({"description": [("ERR_TOO_LONG", limit)]})
        media.description = written or None
    if details.focus is not None:
        media.focus_x, media.focus_y = details.focus
    if details.preview is not None and media.kind in _PLAYED | {MediaKind.GIFV}:
        media.preview = details.preview.name
        media.blurhash = details.preview.blurhash
        media.meta = {**media.meta, "small": making.measures(details.preview.size)}
