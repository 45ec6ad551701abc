"""Muting: not wanting to hear somebody, who is not told."""

from fastapi import APIRouter, Request, Response
from pydantic import Field

from app import access, responses
from app.database import SessionReader
from app.dependencies import Reads, Rendering, Session, Viewer
from app.domain.accounts import accounts
from app.domain.relationships import mutes
from app.entities.accounts.accounts import MutedAccount
from app.entities.relationships.relationships import Relationship
from app.parameters import Count, Flag, ParameterModel, Parameters, PathId
from app.rendering.accounts import with_mute
from app.route import HardopRoute
from app.routers.relationships import shown
from app.routers.relationships.follows import FollowPage

router = APIRouter(route_class=HardopRoute, prefix="/api/v1", tags=["relationships"])


class MuteParameters(ParameterModel):
    """How, and for how long."""

    notifications: Flag = Field(True, description="Whether their notifications are muted too.")
    duration: Count = Field(0, description="Seconds; 0 means for good.")


@router.post("/accounts/{account_id}/mute")
@access.user("write:mutes")
async def mute_account(
    account_id: PathId, params: Parameters[MuteParameters], viewer: Viewer, session: Session
) -> Relationship:
    """Leave an account out of your timelines. Calling again changes the choice and the time."""
    await accounts.require(SessionReader(session), account_id)
    await mutes.mute(
        session,
        viewer,
        account_id,
        hide_notifications=params.notifications,
        duration_seconds=params.duration,
    )
    return await shown.relationship(session, viewer, account_id)


@router.post("/accounts/{account_id}/unmute")
@access.user("write:mutes")
async def unmute_account(account_id: PathId, viewer: Viewer, session: Session) -> Relationship:
    """Hear an account again."""
    await accounts.require(SessionReader(session), account_id)
    await mutes.unmute(session, viewer, account_id)
    return await shown.relationship(session, viewer, account_id)


@router.get("/mutes", response_model=list[MutedAccount])
@access.user("read:mutes")
async def get_mutes(
    params: Parameters[FollowPage],
    viewer: Viewer,
    reads: Reads,
    renderer: Rendering,
    request: Request,
) -> Response:
    """Whom you mute and until when, the latest first. Cursors are ids of mutes: use `Link`."""
    rows = await mutes.muted(reads, viewer, params)
    bodies = with_mute(await renderer.each_account(reads, rows), rows)
    return responses.accounts_page(request, rows, bodies, params)
