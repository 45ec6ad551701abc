"""A status as the caller sees it, right after they changed something about it."""

from fastapi import Response
from sqlmodel.ext.asyncio.session import AsyncSession

from app import responses
from app.database import Reader, SessionReader
from app.domain.statuses import rows
from app.errors import NotFound
from app.rendering.statuses import Renderer


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
