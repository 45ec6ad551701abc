"""Files to hang on a status: uploading and describing them."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from fastapi import APIRouter, Request, Response
from pydantic import Field
from pydantic_core import to_json

from app import access, responses, services
from app.dependencies import Caller, Reads, Session, Settings, Uploading
from app.domain.statuses import media_attachments
from app.domain.statuses.media_attachments import Details
from app.domain.statuses.media_uploads import File, Uploads
from app.entities.base import Empty
from app.entities.statuses.media_attachments import MediaAttachment
from app.errors import Invalid, Unprocessable
from app.models.statuses.media_attachments import MediaAttachment as Row
from app.models.statuses.media_attachments import MediaState
from app.parameters import ParameterModel, Parameters, PathId, Text, Upload
from app.rendering import media_attachments as rendering
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, prefix="/api", tags=["media"])

_FOCUS = re.compile(r"\s*([+-]?[0-9.]{1,20})\s*,\s*([+-]?[0-9.]{1,20})\s*")

# Far above the limit, which is for people and is counted elsewhere.
Words = Annotated[Text, Field(max_length=20_000)]


class DetailParameters(ParameterModel):
    """What to say of a file; what is left out stays as it is."""

    # A picture.
    max_body_bytes: ClassVar[int] = 17 * 1024 * 1024

    description: Words | None = Field(
        None, description="What it shows, for those who cannot see it; 1500 characters."
    )
    focus: Text | None = Field(
        None, description="What to keep in view: `x,y`, each from -1.0 to 1.0."
    )
    thumbnail: Upload | None = Field(None, description="A picture for a film or a sound.")


class UploadParameters(DetailParameters):
    """A file, and what to say of it."""

    max_body_bytes: ClassVar[int] = 120 * 1024 * 1024

    file: Upload | None = Field(
        None,
        description="A picture, a film, a sound or a document; "
        "`supported_mime_types` of the instance says which.",
    )


@router.post(
    "/v2/media",
    response_model=MediaAttachment,
    responses={202: {"model": MediaAttachment, "description": "It is being processed."}},
)
@access.user("write:media", rate="media-upload", idempotent=True, patient=True)
async def upload_media(
    params: Parameters[UploadParameters],
    caller: Caller,
    reads: Reads,
    session: Session,
    uploads: Uploading,
    settings: Settings,
) -> Response:
    """Upload a file for a status.

    202 with `url: null` while it is being processed: ask for it until it has its `url`. What is on
    no status after a day is removed.
    """
    media = await _received(params, caller, reads, session, uploads, at_once=False)
    response = _rendered(media.model_dump(), settings)
    response.status_code = 202 if media.state == MediaState.WAITING else 200
    return response


@router.post("/v1/media", response_model=MediaAttachment)
@access.user("write:media", rate="media-upload", idempotent=True, patient=True)
async def upload_media_at_once(
    params: Parameters[UploadParameters],
    caller: Caller,
    reads: Reads,
    session: Session,
    uploads: Uploading,
    settings: Settings,
) -> Response:
    """Upload a file as older clients do: pictures are ready when the answer comes.

    It is 200 always. Of films and sound, and of a picture that takes too long, `url` is null until
    they are processed.
    """
    media = await _received(params, caller, reads, session, uploads, at_once=True)
    return _rendered(media.model_dump(), settings)


@router.get(
    "/v1/media/{media_id}",
    response_model=MediaAttachment,
    responses={206: {"model": MediaAttachment, "description": "It is still being processed."}},
)
@access.user("write:media")
async def get_media_attachment(
    media_id: PathId, caller: Caller, reads: Reads, settings: Settings
) -> Response:
    """A file of yours that is on no status yet; 206 while it is being processed."""
    media = await media_attachments.unattached(reads, caller.account_id, media_id)
    if media["state"] == MediaState.FAILED:
        raise Unprocessable("Error processing thumbnail for uploaded media")
    response = _rendered(media, settings)
    response.status_code = 206 if media["state"] == MediaState.WAITING else 200
    return response


@router.put("/v1/media/{media_id}", response_model=MediaAttachment)
@access.user("write:media", patient=True)
async def describe_media_attachment(
    media_id: PathId,
    params: Parameters[DetailParameters],
    caller: Caller,
    reads: Reads,
    session: Session,
    uploads: Uploading,
    settings: Settings,
    request: Request,
) -> Response:
    """Say what a file of yours shows, while it is on no status.

    With a thumbnail it counts as an upload.
    """
    if params.thumbnail:
        await services.of(request).limits.count("media-upload", caller, request)
        await media_attachments.unattached(reads, caller.account_id, media_id)
    details = await details_of(params, uploads)
    media = await media_attachments.describe(session, caller.account_id, media_id, details)
    return _rendered(media.model_dump(), settings)


@router.delete("/v1/media/{media_id}")
@access.user("write:media")
async def delete_media_attachment(media_id: PathId, caller: Caller, session: Session) -> Empty:
    """Throw away a file of yours that is on no status."""
    await media_attachments.remove(session, caller.account_id, media_id)
    return Empty()


async def _received(
    params: UploadParameters,
    caller: Caller,
    reads: Reads,
    session: Session,
    uploads: Uploads,
    *,
    at_once: bool,
) -> Row:
    file = _file(params.file)
    media_type = await uploads.judge(reads, caller.account_id, file)
    # Now that it is one that is taken, its thumbnail is worth drawing.
    details = await details_of(params, uploads)
    return await uploads.receive(
        session, caller.account_id, file, media_type, details, at_once=at_once
    )


def _focus(written: str | None) -> tuple[float, float] | None:
    """The point that `x,y` names, within the picture.

    Raises:
        Invalid: it names none.
    """
    if written is None or not written.strip():
        return None
    found = _FOCUS.fullmatch(written)
    try:
        numbers = [float(number) for number in found.groups()] if found else []
        x, y = (max(-1.0, min(number, 1.0)) for number in numbers)
    except ValueError:
        raise Invalid({"focus": [("ERR_INVALID", "must be two numbers, x,y")]}) from None
    return x, y


async def details_of(params: DetailParameters, uploads: Uploads) -> Details:
    """What a client says of a file, its thumbnail drawn.

    Raises:
        Invalid: the focal point is none, or the thumbnail no picture.
    """
    preview = await uploads.preview(_file(params.thumbnail)) if params.thumbnail else None
    return Details(params.description, _focus(params.focus), preview)


def _file(upload: Upload | None) -> File:
    if upload is None:
        raise Invalid({"file": [("ERR_BLANK", "can't be blank")]})
    return File(upload.file, upload.size or 0, upload.filename or "")


def _rendered(media: Mapping[str, Any], settings: Settings) -> Response:
    return responses.json_object(to_json(rendering.entity(settings.origin, media)))
