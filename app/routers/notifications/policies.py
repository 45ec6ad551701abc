"""Whose notifications the caller wants at once, later, or not at all."""

from fastapi import APIRouter
from pydantic import Field

from app import access
from app.database import SessionReader
from app.dependencies import Reads, Session, Viewer
from app.domain.notifications import policies
from app.entities.notifications.policies import NotificationPolicy, V1NotificationPolicy, Verdict
from app.parameters import Flag, ParameterModel, Parameters
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, prefix="/api", tags=["notifications"])


class PolicyParameters(ParameterModel):
    """What to change: `accept`, `filter` (keep aside) or `drop`."""

    for_not_following: Verdict | None = Field(None, description="By those you do not follow.")
    for_not_followers: Verdict | None = Field(
        None, description="By those who have not followed you for 3 days."
    )
    for_new_accounts: Verdict | None = Field(
        None, description="By accounts of the last 30 days that you do not follow."
    )
    for_private_mentions: Verdict | None = Field(
        None, description="Private mentions by those you do not follow and did not write to."
    )
    for_limited_accounts: Verdict | None = Field(
        None, description="By those whom moderators limited and you do not follow."
    )
    for_bots: Verdict | None = Field(
        None, description="By what acts by itself, and you do not follow."
    )


class V1PolicyParameters(ParameterModel):
    """What to change: true keeps aside, false accepts."""

    filter_not_following: Flag | None = Field(None, description="By those you do not follow.")
    filter_not_followers: Flag | None = Field(
        None, description="By those who have not followed you for 3 days."
    )
    filter_new_accounts: Flag | None = Field(
        None, description="By accounts of the last 30 days that you do not follow."
    )
    filter_private_mentions: Flag | None = Field(
        None, description="Private mentions by those you do not follow and did not write to."
    )


@router.get("/v2/notifications/policy")
@access.user("read:notifications")
async def get_notification_policy(viewer: Viewer, reads: Reads) -> NotificationPolicy:
    """What becomes of notifications by others, and how much is kept aside."""
    return NotificationPolicy.from_row(await policies.read(reads, viewer))


@router.patch("/v2/notifications/policy")
@access.user("write:notifications")
async def update_notification_policy(
    params: Parameters[PolicyParameters], viewer: Viewer, session: Session
) -> NotificationPolicy:
    """Change what becomes of them from now on; what is left out stays as it is."""
    await policies.change(session, viewer, params.model_dump(exclude_none=True))
    return NotificationPolicy.from_row(await policies.read(SessionReader(session), viewer))


@router.get("/v1/notifications/policy")
@access.user("read:notifications")
async def get_v1_notification_policy(viewer: Viewer, reads: Reads) -> V1NotificationPolicy:
    """Which notifications are not accepted at once; as older clients read it."""
    return V1NotificationPolicy.from_row(await policies.read(reads, viewer))


@router.patch("/v1/notifications/policy")
@access.user("write:notifications")
async def update_v1_notification_policy(
    params: Parameters[V1PolicyParameters], viewer: Viewer, session: Session
) -> V1NotificationPolicy:
    """Change which are kept aside from now on; what is left out stays as it is."""
    chosen = {
        name.replace("filter_", "for_"): "filter" if kept_aside else "accept"
        for name, kept_aside in params.model_dump(exclude_none=True).items()
    }
    await policies.change(session, viewer, chosen)
    return V1NotificationPolicy.from_row(await policies.read(SessionReader(session), viewer))
