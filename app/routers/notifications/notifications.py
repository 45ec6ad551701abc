"""What others did that concerns the caller."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field

from app import access, responses
from app.database import SessionReader
from app.dependencies import Reads, Rendering, Session, Viewer
from app.domain.notifications import notifications
from app.entities.base import Empty
from app.entities.notifications.notifications import Notification, UnreadCount
from app.errors import NotFound
from app.parameters import Flag, Id, Limited, Page, ParameterModel, Parameters, PathId, Text
from app.rendering import notifications as rendering
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, prefix="/api/v1/notifications", tags=["notifications"])

Types = list[Annotated[Text, Field(max_length=50)]]


class Filters(ParameterModel):
    """Which notifications."""

    types: Types = Field([], description="Only these types; unknown ones match nothing.")
    exclude_types: Types = Field([], description="Not these types.")
    account_id: Id | None = Field(None, description="Only from this account.")
    include_filtered: Flag = Field(
        False, description="Also what your policy keeps aside; always so with `account_id`."
    )
    supported_types: Types = Field(
        [], description="Which types you can show: others come with a text of ours."
    )

    def choice(self) -> notifications.Choice:
        """What the domain makes of it."""
        return notifications.Choice(
            self.types or None, self.exclude_types, self.account_id, self.include_filtered
        )


class NotificationsPage(Filters, Page, default=40, maximum=80):
    """Which part of the notifications."""


class UnreadParameters(Filters, Limited, default=100, maximum=1000):
    """What to count, and how far."""


@router.get("", response_model=list[Notification])
@access.user("read:notifications")
async def get_notifications(
    params: Parameters[NotificationsPage],
    viewer: Viewer,
    reads: Reads,
    renderer: Rendering,
    request: Request,
) -> Response:
    """What concerns you, newest first."""
    page = await notifications.page(reads, viewer, params.choice(), params)
    rendered = await rendering.notifications(reads, renderer, page, viewer, params.supported_types)
    return responses.statuses_page(request, page.rows, rendered, params)


@router.get("/unread_count")
@access.user("read:notifications")
async def get_unread_count(
    params: Parameters[UnreadParameters], viewer: Viewer, reads: Reads
) -> UnreadCount:
    """How many came since your marker."""
    counted = await notifications.unread_count(reads, viewer, params.choice(), params.limit)
    return UnreadCount(count=counted)


@router.get("/{notification_id}", response_model=Notification)
@access.user("read:notifications")
async def get_notification(
    notification_id: PathId, viewer: Viewer, reads: Reads, renderer: Rendering
) -> Response:
    """One notification."""
    page = await notifications.one(reads, viewer, notification_id)
    rendered = await rendering.notifications(reads, renderer, page, viewer)
    if not rendered:
        raise NotFound
    return responses.json_object(rendered[0])


@router.post("/clear")
@access.user("write:notifications")
async def clear_notifications(viewer: Viewer, session: Session) -> Empty:
    """Drop all of them."""
    await notifications.clear(SessionReader(session), viewer)
    return Empty()


@router.post("/{notification_id}/dismiss")
@access.user("write:notifications")
async def dismiss_notification(notification_id: PathId, viewer: Viewer, session: Session) -> Empty:
    """Drop one of them."""
    await notifications.dismiss(SessionReader(session), viewer, notification_id)
    return Empty()
