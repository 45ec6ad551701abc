"""Pins: what you show on top of your profile."""

from fastapi import APIRouter, Response

from app import access
from app.database import SessionReader
from app.dependencies import CurrentAccount, Rendering, Session
from app.domain.statuses import pins, visibility
from app.entities.statuses.statuses import Status
from app.parameters import PathId
from app.route import HardopRoute
from app.routers.statuses import shown

router = APIRouter(
    route_class=HardopRoute, prefix="/api/v1/statuses/{status_id}", tags=["statuses"]
)


@router.post("/pin", response_model=Status)
@access.user("write:accounts")
async def pin_status(
    status_id: PathId, account: CurrentAccount, session: Session, renderer: Rendering
) -> Response:
    """Show a status of yours on top of your profile; five at most, and no direct ones."""
    await visibility.require_visible(SessionReader(session), account.id, status_id)
    await pins.pin(session, account, status_id)
    return await shown.written(session, renderer, account.id, status_id)


@router.post("/unpin", response_model=Status)
@access.user("write:accounts")
async def unpin_status(
    status_id: PathId, account: CurrentAccount, session: Session, renderer: Rendering
) -> Response:
    """Take a status off the top of your profile."""
    original = await visibility.require_visible(SessionReader(session), account.id, status_id)
    await pins.unpin(session, account, original)
    return await shown.written(session, renderer, account.id, original)
