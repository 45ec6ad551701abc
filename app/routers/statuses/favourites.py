"""Favourites: thanking, and who thanked."""

from fastapi import APIRouter, Request, Response

from app import access, responses
from app.database import SessionReader
from app.dependencies import CurrentAccount, Reads, Rendering, Session, Viewer
from app.domain.statuses import marks, visibility
from app.entities.accounts.accounts import Account
from app.entities.statuses.statuses import Status
from app.parameters import Page, Parameters, PathId
from app.route import HardopRoute
from app.routers.relationships.follows import FollowPage
from app.routers.statuses import shown

router = APIRouter(route_class=HardopRoute, prefix="/api/v1", tags=["statuses"])


@router.post("/statuses/{status_id}/favourite", response_model=Status)
@access.user("write:favourites")
async def favourite_status(
    status_id: PathId, account: CurrentAccount, session: Session, renderer: Rendering
) -> Response:
    """Thank the author of a status. Twice is once."""
    original = await visibility.require_visible(SessionReader(session), account.id, status_id)
    await marks.favourite(session, account, original)
    return await shown.written(session, renderer, account.id, original)


@router.post("/statuses/{status_id}/unfavourite", response_model=Status)
@access.user("write:favourites")
async def unfavourite_status(
    status_id: PathId, account: CurrentAccount, session: Session, renderer: Rendering
) -> Response:
    """Take the thanks back."""
    original = await visibility.original(SessionReader(session), status_id)
    await marks.unfavourite(session, account, original)
    return await shown.undone(session, renderer, account.id, original)


@router.get("/statuses/{status_id}/favourited_by", response_model=list[Account])
@access.optional("read:accounts", "read:statuses")
async def get_favourited_by(
    status_id: PathId,
    params: Parameters[FollowPage],
    viewer: Viewer,
    reads: Reads,
    renderer: Rendering,
    request: Request,
) -> Response:
    """Who thanked for a status, the latest first."""
    original = await visibility.require_visible(reads, viewer, status_id)
    rows = await marks.favourited_by(reads, viewer, original, params)
    return responses.accounts_page(request, rows, await renderer.accounts(reads, rows), params)


@router.get("/favourites", response_model=list[Status])
@access.user("read:favourites")
async def get_favourites(
    params: Parameters[Page], viewer: Viewer, reads: Reads, renderer: Rendering, request: Request
) -> Response:
    """What you thanked for, the latest first. Cursors are ids of favourites: use `Link`."""
    rows = await marks.favourited(reads, viewer, params)
    return responses.statuses_page(
        request, rows, await renderer.statuses(reads, rows, viewer), params
    )
