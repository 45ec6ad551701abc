"""What happened that concerns the caller."""

from pydantic import Field

from app.entities.accounts.accounts import ACCOUNT, Account
from app.entities.base import Absent, Entity, Html, Id, Timestamp, Url, example
from app.entities.expertise.topic_endorsements import TopicEndorsement
from app.entities.moderation.account_warnings import AccountWarning
from app.entities.moderation.reports import Report
from app.entities.statuses.statuses import STATUS, Status


class Fallback(Entity):
    """What to show of a notification whose type a client does not know."""

    model_config = example(
        {"title": "New account", "summary": "Somebody signed up.", "description": ""}
    )

    title: str = Field(description="In a few words.")
    summary: Html = Field(description="In a sentence.")
    description: Html = Field(description="At length; may be empty.")


class Notification(Entity):
    """Something that somebody did, and that concerns you."""

    model_config = example(
        {
            "id": "2717",
            "type": "favourite",
            "group_key": "favourite-116057013207040700-498614",
            "created_at": "2026-11-20T09:31:00.000Z",
            "account": ACCOUNT,
            "status": STATUS,
        }
    )

    id: Id = Field(description="Newer ones sort later.")
    type: str = Field(
        description="`mention`, `status`, `reblog`, `favourite`, `follow`, `follow_request`, "
        "`poll`, `update`, `reaction`, `quote`, `quoted_update`, `endorsement`, "
        "`skills_fading`, `admin.sign_up`, `admin.report` or `moderation_warning`; ignore one that "
        "you do not know."
    )
    group_key: Absent[str] = Field(None, description="Equal for what may be shown as one.")
    created_at: Timestamp = Field(description="When it happened.")
    account: Account = Field(description="Who did it.")
    status: Absent[Status] = Field(None, description="Which status it is about, if any.")
    filtered: Absent[bool] = Field(None, description="True when your policy keeps it aside.")
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


class UnreadCount(Entity):
    """How much you have not read yet."""

    model_config = example({"count": 3})

    count: int = Field(description="Counting stops at the limit.")
