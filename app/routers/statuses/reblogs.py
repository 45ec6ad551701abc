"""Reblogs: passing on what somebody said."""

from fastapi import APIRouter, Request, Response
from pydantic import Field

from app import access, responses
from app.database import SessionReader
from app.dependencies import CurrentAccount, Reads, Rendering, Session, Viewer
from app.domain.statuses import reblogs, visibility
from app.entities.accounts.accounts import Account
from app.entities.statuses.statuses import Status
from app.models.statuses.statuses import Visibility
from app.parameters import ParameterModel, Parameters, PathId
from app.route import HardopRoute
from app.routers.relationships.follows import FollowPage
from app.routers.statuses import shown

router = APIRouter(
    route_class=HardopRoute, prefix="/api/v1/statuses/{status_id}", tags=["statuses"]
)


class ReblogParameters(ParameterModel):
    """How to pass it on."""

    visibility: Visibility | None = Field(
        None, description="public, unlisted or private; never wider than the original."
    )


@router.post("/reblog", response_model=Status)
@access.user("write:statuses", rate="status-create", idempotent=True)
async def reblog_status(
    status_id: PathId,
    params: Parameters[ReblogParameters],
    account: CurrentAccount,
    session: Session,
    renderer: Rendering,
) -> Response:
    """Pass a status on. The answer is the reblog, with the status in `reblog`."""
    original = await visibility.require_visible(SessionReader(session), account.id, status_id)
    wrapper = await reblogs.reblog(session, account, original, params.visibility)
    return await shown.written(session, renderer, account.id, wrapper)


@router.post("/unreblog", response_model=Status)
@access.user("write:statuses", rate="status-delete")
async def unreblog_status(
    status_id: PathId, account: CurrentAccount, session: Session, renderer: Rendering
) -> Response:
    """Take a reblog back. The answer is the original status."""
    original = await visibility.original(SessionReader(session), status_id)
    await reblogs.unreblog(session, account, original)
    return await shown.undone(session, renderer, account.id, original)


@router.get("/reblogged_by", response_model=list[Account])
@access.optional("read:accounts", "read:statuses")
async def get_reblogged_by(
    status_id: PathId,
    params: Parameters[FollowPage],
    viewer: Viewer,
    reads: Reads,
    renderer: Rendering,
    request: Request,
) -> Response:
    """Who passed a status on, the latest first."""
    original = await visibility.require_visible(reads, viewer, status_id)
    rows = await reblogs.reblogged_by(reads, viewer, original, params)
    return responses.accounts_page(request, rows, await renderer.accounts(reads, rows), params)
