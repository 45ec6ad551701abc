"""What happened that concerns the caller, in groups."""

from pydantic import Field

from app.entities.accounts.accounts import ACCOUNT, Account
from app.entities.base import Absent, Entity, Id, Timestamp, Url, example
from app.entities.expertise.topic_endorsements import TopicEndorsement
from app.entities.moderation.account_warnings import AccountWarning
from app.entities.moderation.reports import Report
from app.entities.notifications.notifications import Fallback
from app.entities.statuses.statuses import STATUS, Status

GROUP = {
    "group_key": "favourite-116057013207040700-498614",
    "notifications_count": 1,
    "type": "favourite",
    "most_recent_notification_id": 2717,
    "page_min_id": "2717",
    "page_max_id": "2717",
    "latest_page_notification_at": "2026-11-20T09:31:00.000Z",
    "sample_account_ids": ["116057013207040000"],
    "status_id": "116057013207040700",
}


class NotificationGroup(Entity):
    """Several notifications of one type, about one status if about any, of a few hours."""

    model_config = example(GROUP)

    group_key: str = Field(description="Names the group; `ungrouped-<id>` for what stands alone.")
    notifications_count: int = Field(description="How many it holds.")
    type: str = Field(description="As of a notification; ignore one that you do not know.")
    most_recent_notification_id: int = Field(description="The id of the newest of them.")
    page_min_id: Absent[Id] = Field(None, description="The oldest of them on this page.")
    page_max_id: Absent[Id] = Field(None, description="The newest of them on this page.")
    latest_page_notification_at: Absent[Timestamp] = Field(
        None, description="When the newest of them on this page came."
    )
    sample_account_ids: list[Id] = Field(description="Who caused it: up to 8, newest first.")
    status_id: Absent[Id] = Field(None, description="Which status it is about, if any.")
    report: Absent[Report] = Field(None, description="Which report moderators are told of.")
    moderation_warning: Absent[AccountWarning] = Field(
        None, description="What a moderator decided about you."
    )
    endorsement: Absent[TopicEndorsement] = Field(
        None, description="What a colleague says of you, to show, hide or decline."
    )
    emoji: Absent[str] = Field(None, description="The emoji of a reaction.")
    emoji_url: Absent[Url] = Field(None, description="The picture of a custom emoji.")
    fallback: Absent[Fallback] = Field(
        None, description="What to show of a type that is not among your `supported_types`."
    )


class PartialAccount(Entity):
    """As much of an account as a picture needs."""

    model_config = example(
        {
            name: ACCOUNT[name]
            for name in ("id", "acct", "url", "avatar", "avatar_static", "locked", "bot")
        }
    )

    id: Id = Field(description="Which account.")
    acct: str = Field(description="What to write after an @ to mention it.")
    url: Url = Field(description="Its page.")
    avatar: Url = Field(description="Its picture.")
    avatar_static: Url = Field(description="The same; it does not move.")
    locked: bool = Field(description="It approves its followers itself.")
    bot: bool = Field(description="It acts by itself.")


class GroupedNotificationsResults(Entity):
    """Groups, and once each what they are about."""

    model_config = example(
        {"accounts": [ACCOUNT], "statuses": [STATUS], "notification_groups": [GROUP]}
    )

    accounts: list[Account] = Field(description="The accounts of all samples.")
    partial_accounts: Absent[list[PartialAccount]] = Field(
        None, description="Those of which only a picture was wanted."
    )
    statuses: list[Status] = Field(description="The statuses of all groups.")
    notification_groups: list[NotificationGroup] = Field(
        description="The one with the newest notification first."
    )
