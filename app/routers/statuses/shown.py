"""Statuses as the caller sees them, right after they changed something; and what is allowed."""

from datetime import datetime
from typing import Annotated

from fastapi import Response
from pydantic import TypeAdapter, ValidationError, WithJsonSchema
from sqlmodel.ext.asyncio.session import AsyncSession

from app import responses
from app.database import Reader, SessionReader
from app.domain.statuses import rows, scheduled_statuses
from app.domain.statuses.drafts import Rules
from app.entities.statuses.scheduled_statuses import ScheduledStatus
from app.errors import NotFound, OutOfSight, Unprocessable
from app.parameters import Moment, Text
from app.rendering.statuses import Renderer
from app.settings import Settings

_MOMENT = TypeAdapter(Moment)


async def status(reader: Reader, renderer: Renderer, viewer: int, status_id: int) -> bytes:
    """One status as JSON.

    Raises:
        NotFound: absent, or not to be seen by the viewer.
    """
    found = await rows.by_ids(reader, viewer, [status_id])
    rendered = await renderer.statuses(reader, found, viewer)
    if not rendered:
        raise NotFound
    return rendered[0]


async def written(
    session: AsyncSession, renderer: Renderer, viewer: int, status_id: int
) -> Response:
    """The answer to a write: the status with what this transaction did to it."""
    reader = SessionReader(session)
    return responses.json_object(await status(reader, renderer, viewer, status_id))


async def undone(
    session: AsyncSession, renderer: Renderer, viewer: int, status_id: int
) -> Response:
    """The answer to taking something back: the status without it.

    Raises:
        OutOfSight: not to be seen by the viewer, any more. It is taken back all the same.
    """
    try:
        return await written(session, renderer, viewer, status_id)
    except NotFound:
        raise OutOfSight from None


async def scheduled(reader: Reader, viewer: int, scheduled_id: int, origin: str) -> Response:
    """The answer to what is to be posted later.

    Raises:
        NotFound: the viewer has no such scheduled status.
    """
    row = await scheduled_statuses.one(reader, viewer, scheduled_id)
    scheduled_status = ScheduledStatus.from_row(row, origin)
    return responses.json_object(scheduled_status.model_dump_json().encode())


def rules(settings: Settings) -> Rules:
    """What the organisation allows."""
    return Rules(domain=settings.domain, max_characters=settings.max_status_characters)


SendAt = Annotated[Text, WithJsonSchema({"type": "string", "format": "date-time"})]
"""When something is to be posted, as it was sent: `moment` reads it."""


def moment(sent: str | None) -> datetime | None:
    """When something is to be posted; None if nothing was said of that.

    Raises:
        Unprocessable: that is no time.
    """
    if not sent:
        return None
    try:
        return _MOMENT.validate_python(sent)
    except ValidationError:
        raise Unprocessable from None
