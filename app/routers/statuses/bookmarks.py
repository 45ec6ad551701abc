"""Bookmarks: keeping a status for later; nobody else ever sees them."""

from fastapi import APIRouter, Request, Response

from app import access, responses
from app.database import SessionReader
from app.dependencies import CurrentAccount, Reads, Rendering, Session, Viewer
from app.domain.statuses import marks, visibility
from app.entities.statuses.statuses import Status
from app.parameters import Page, Parameters, PathId
from app.route import HardopRoute
from app.routers.statuses import shown

router = APIRouter(route_class=HardopRoute, prefix="/api/v1", tags=["statuses"])


@router.post("/statuses/{status_id}/bookmark", response_model=Status)
@access.user("write:bookmarks")
async def bookmark_status(
    status_id: PathId, account: CurrentAccount, session: Session, renderer: Rendering
) -> Response:
    """Keep a status for later. The author is not told."""
    original = await visibility.require_visible(SessionReader(session), account.id, status_id)
    await marks.bookmark(session, account, original)
    return await shown.written(session, renderer, account.id, original)


@router.post("/statuses/{status_id}/unbookmark", response_model=Status)
@access.user("write:bookmarks")
async def unbookmark_status(
    status_id: PathId, account: CurrentAccount, session: Session, renderer: Rendering
) -> Response:
    """Keep a status no longer."""
    original = await visibility.original(SessionReader(session), status_id)
    await marks.unbookmark(session, account, original)
    return await shown.undone(session, renderer, account.id, original)


@router.get("/bookmarks", response_model=list[Status])
@access.user("read:bookmarks")
async def get_bookmarks(
    params: Parameters[Page], viewer: Viewer, reads: Reads, renderer: Rendering, request: Request
) -> Response:
    """What you kept, the latest first. Cursors are ids of bookmarks: use `Link`."""
    rows = await marks.bookmarked(reads, viewer, params)
    return responses.statuses_page(
        request, rows, await renderer.statuses(reads, rows, viewer), params
    )
