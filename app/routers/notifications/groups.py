"""What others did that concerns the caller, in groups of what may be shown as one."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Request, Response
from pydantic import Field

from app import access, responses
from app.database import SessionReader
from app.dependencies import Reads, Rendering, Session, Viewer
from app.domain.notifications import groups, notifications
from app.entities.accounts.accounts import Account
from app.entities.base import Empty
from app.entities.notifications.groups import GroupedNotificationsResults
from app.entities.notifications.notifications import UnreadCount
from app.parameters import Limited, Page, ParameterModel, Parameters
from app.rendering import notifications as rendering
from app.route import HardopRoute
from app.routers.notifications.notifications import Filters, Types

router = APIRouter(route_class=HardopRoute, prefix="/api/v2/notifications", tags=["notifications"])

GroupKey = Annotated[str, Path(max_length=100, description="The `group_key` of a notification.")]


class GroupFilters(Filters):
    """Which notifications, and what of them is grouped."""

    grouped_types: Types = Field(
        [],
        description="Only these types are grouped. Left out: `favourite`, `reblog`, `follow` and "
        "`admin.sign_up`.",
    )


class GroupsPage(GroupFilters, Page, default=40, maximum=80):
    """Which part of the groups."""

    expand_accounts: Literal["full", "partial_avatars"] = Field(
        "full",
        description="`partial_avatars`: of each group only the newest account is whole, the others "
        "are in `partial_accounts`.",
    )


class UnreadGroupsParameters(GroupFilters, Limited, default=100, maximum=1000):
    """What to count, and how far."""


class GroupAccountsPage(Page, default=40, maximum=80):
    """Which part of a group; its cursors are ids of notifications: use the `Link` header."""


class GroupParameters(ParameterModel):
    """How to show a group."""

    supported_types: Types = Field(
        [], description="Which types you can show: others come with a text of ours."
    )


@router.get("", response_model=GroupedNotificationsResults)
@access.user("read:notifications")
async def get_grouped_notifications(
    params: Parameters[GroupsPage],
    viewer: Viewer,
    reads: Reads,
    renderer: Rendering,
    request: Request,
) -> Response:
    """What concerns you, in groups; the one with the newest notification first."""
    page = await groups.page(reads, viewer, params.choice(), params, params.grouped_types)
    body = await rendering.groups(
        reads,
        renderer,
        page,
        viewer,
        partial=params.expand_accounts == "partial_avatars",
        supported_types=params.supported_types,
    )
    cursors = [{"cursor": id_} for id_ in page.cursors]
    return responses.linked(request, responses.json_object(body), cursors, params.limit)


@router.get("/unread_count")
@access.user("read:notifications")
async def get_unread_group_count(
    params: Parameters[UnreadGroupsParameters], viewer: Viewer, reads: Reads
) -> UnreadCount:
    """How many groups have something new since your marker."""
    counted = await groups.unread_count(
        reads, viewer, params.choice(), params.limit, params.grouped_types
    )
    return UnreadCount(count=counted)


@router.post("/clear")
@access.user("write:notifications")
async def clear_grouped_notifications(viewer: Viewer, session: Session) -> Empty:
    """Drop all of them."""
    await notifications.clear(SessionReader(session), viewer)
    return Empty()


@router.get("/{group_key}", response_model=GroupedNotificationsResults)
@access.user("read:notifications")
async def get_notification_group(
    group_key: GroupKey,
    params: Parameters[GroupParameters],
    viewer: Viewer,
    reads: Reads,
    renderer: Rendering,
) -> Response:
    """One group."""
    page = await groups.one(reads, viewer, group_key)
    return responses.json_object(
        await rendering.groups(
            reads, renderer, page, viewer, supported_types=params.supported_types
        )
    )


@router.get("/{group_key}/accounts", response_model=list[Account])
@access.user("read:notifications")
async def get_group_accounts(
    group_key: GroupKey,
    params: Parameters[GroupAccountsPage],
    viewer: Viewer,
    reads: Reads,
    renderer: Rendering,
    request: Request,
) -> Response:
    """Who caused a group, newest first."""
    rows = await groups.accounts_of(reads, viewer, group_key, params)
    return responses.accounts_page(request, rows, await renderer.accounts(reads, rows), params)


@router.post("/{group_key}/dismiss")
@access.user("write:notifications")
async def dismiss_notification_group(
    group_key: GroupKey, viewer: Viewer, session: Session
) -> Empty:
    """Drop one group. Without one, nothing happens."""
    await groups.dismiss(SessionReader(session), viewer, group_key)
    return Empty()
