"""Muting conversations: being told no more of what happens in them."""

from fastapi import APIRouter, Response

from app import access
from app.database import SessionReader
from app.dependencies import CurrentAccount, Rendering, Session
from app.domain.statuses import conversation_mutes, visibility
from app.entities.statuses.statuses import Status
from app.parameters import PathId
from app.route import HardopRoute
from app.routers.statuses import shown

router = APIRouter(
    route_class=HardopRoute, prefix="/api/v1/statuses/{status_id}", tags=["statuses"]
)


@router.post("/mute", response_model=Status)
@access.user("write:mutes")
async def mute_status(
    status_id: PathId, account: CurrentAccount, session: Session, renderer: Rendering
) -> Response:
    """Get no more notifications about the whole conversation a status stands in."""
    original = await visibility.require_visible(SessionReader(session), account.id, status_id)
    await conversation_mutes.mute(session, account, original)
    return await shown.written(session, renderer, account.id, original)


@router.post("/unmute", response_model=Status)
@access.user("write:mutes")
async def unmute_status(
    status_id: PathId, account: CurrentAccount, session: Session, renderer: Rendering
) -> Response:
    """Get notifications about a conversation again."""
    original = await visibility.original(SessionReader(session), status_id)
    await conversation_mutes.unmute(session, account, original)
    return await shown.undone(session, renderer, account.id, original)
