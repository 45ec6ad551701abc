"""Requests to follow a locked account."""

from fastapi import APIRouter, Request, Response

from app import access, responses
from app.dependencies import CurrentAccount, Reads, Rendering, Session, Viewer
from app.domain.relationships import follows
from app.entities.accounts.accounts import Account
from app.entities.relationships.relationships import Relationship
from app.parameters import Parameters, PathId
from app.route import HardopRoute
from app.routers.relationships import shown
from app.routers.relationships.follows import FollowPage

router = APIRouter(
    route_class=HardopRoute, prefix="/api/v1/follow_requests", tags=["relationships"]
)


@router.get("", response_model=list[Account])
@access.user("read:follows")
async def get_follow_requests(
    params: Parameters[FollowPage],
    viewer: Viewer,
    reads: Reads,
    renderer: Rendering,
    request: Request,
) -> Response:
    """Who asks to follow you, newest first."""
    rows = await follows.requests(reads, viewer, params)
    return responses.accounts_page(request, rows, await renderer.accounts(reads, rows), params)


@router.post("/{account_id}/authorize")
@access.user("write:follows")
async def authorize_follow_request(
    account_id: PathId, caller: CurrentAccount, session: Session
) -> Relationship:
    """Let an account follow you. The id is the account's."""
    await follows.authorize(session, caller, account_id)
    return await shown.relationship(session, caller.id, account_id)


@router.post("/{account_id}/reject")
@access.user("write:follows")
async def reject_follow_request(
    account_id: PathId, caller: CurrentAccount, session: Session
) -> Relationship:
    """Refuse a request; the account is not told. The id is the account's."""
    await follows.reject(session, caller, account_id)
    return await shown.relationship(session, caller.id, account_id)
