"""What the organisation tells everybody."""

from pydantic import Field

from app.entities.base import Absent, Entity, Html, Id, Timestamp, Url, example
from app.entities.instance.custom_emojis import CustomEmoji
from app.entities.statuses.statuses import Reaction, StatusMention, StatusTag


class AnnouncementStatus(Entity):
    """A status that an announcement links to."""

    id: Id = Field(description="Which status.")
    url: Url = Field(description="The same as the link in the text.")


class Announcement(Entity):
    """A notice to show until it is dismissed or over."""

    model_config = example(
        {
            "id": "116057013207040800",
            "content": "<p>This week we share what went wrong.</p>",
            "starts_at": None,
            "ends_at": None,
            "all_day": False,
            "published_at": "2026-11-20T09:30:00.000Z",
            "updated_at": "2026-11-20T09:30:00.000Z",
            "read": False,
            "mentions": [],
            "statuses": [],
            "tags": [],
            "emojis": [],
            "reactions": [],
        }
    )

    id: Id = Field(description="Which announcement.")
    content: Html = Field(description="The text.")
    starts_at: Timestamp | None = Field(description="When what it is about begins.")
    ends_at: Timestamp | None = Field(description="When it is over.")
    all_day: bool = Field(description="Show days, not times.")
    published_at: Timestamp = Field(description="When it was published.")
    updated_at: Timestamp = Field(description="When it was last changed.")
    read: Absent[bool] = Field(None, description="You dismissed it.")
    mentions: list[StatusMention] = Field(description="Accounts that the text mentions.")
    statuses: list[AnnouncementStatus] = Field(description="Statuses that the text links to.")
    tags: list[StatusTag] = Field(description="Hashtags of the text.")
    emojis: list[CustomEmoji] = Field(description="The custom emojis the text uses.")
    reactions: list[Reaction] = Field(description="Emojis that people answered with.")
