"""Whose notifications are kept aside, and deciding on them."""

from fastapi import APIRouter, Request, Response
from pydantic import Field

from app import access, responses
from app.dependencies import Reads, Rendering, Session, Viewer
from app.domain.notifications import requests
from app.entities.base import Empty
from app.entities.notifications.requests import Merged, NotificationRequest
from app.errors import NotFound
from app.parameters import Id, Page, ParameterModel, Parameters, PathId
from app.rendering import notifications as rendering
from app.route import HardopRoute

router = APIRouter(
    route_class=HardopRoute, prefix="/api/v1/notifications/requests", tags=["notifications"]
)


class RequestsPage(Page, default=40, maximum=80):
    """Which part of the requests."""


class RequestsParameters(ParameterModel):
    """Which requests."""

    id: list[Id] = Field([], description="Their ids; unknown ones are left out.")


@router.get("", response_model=list[NotificationRequest])
@access.user("read:notifications")
async def get_notification_requests(
    params: Parameters[RequestsPage],
    viewer: Viewer,
    reads: Reads,
    renderer: Rendering,
    request: Request,
) -> Response:
    """Whose notifications your policy keeps aside, the newest first."""
    page = await requests.page(reads, viewer, params)
    rendered = await rendering.requests(reads, renderer, page, viewer)
    return responses.statuses_page(request, page.rows, rendered, params)


@router.get("/merged")
@access.user("read:notifications")
async def get_notification_requests_merged() -> Merged:
    """Whether what you accepted is among your notifications already: it always is."""
    return Merged(merged=True)


@router.post("/accept")
@access.user("write:notifications")
async def accept_notification_requests(
    params: Parameters[RequestsParameters], viewer: Viewer, session: Session
) -> Empty:
    """Accept several requests at once."""
    await requests.accept(session, viewer, params.id)
    return Empty()


@router.post("/dismiss")
@access.user("write:notifications")
async def dismiss_notification_requests(
    params: Parameters[RequestsParameters], viewer: Viewer, session: Session
) -> Empty:
    """Dismiss several requests at once."""
    await requests.dismiss(session, viewer, params.id)
    return Empty()


@router.get("/{request_id}", response_model=NotificationRequest)
@access.user("read:notifications")
async def get_notification_request(
    request_id: PathId, viewer: Viewer, reads: Reads, renderer: Rendering
) -> Response:
    """One request."""
    page = await requests.one(reads, viewer, request_id)
    rendered = await rendering.requests(reads, renderer, page, viewer)
    if not rendered:
        raise NotFound
    return responses.json_object(rendered[0])


@router.post("/{request_id}/accept")
@access.user("write:notifications")
async def accept_notification_request(
    request_id: PathId, viewer: Viewer, session: Session
) -> Empty:
    """Take these notifications among the others, and keep no more of this account aside."""
    if not await requests.accept(session, viewer, [request_id]):
        raise NotFound
    return Empty()


@router.post("/{request_id}/dismiss")
@access.user("write:notifications")
async def dismiss_notification_request(
    request_id: PathId, viewer: Viewer, session: Session
) -> Empty:
    """Drop these notifications. Later ones are kept aside again."""
    if not await requests.dismiss(session, viewer, [request_id]):
        raise NotFound
    return Empty()
