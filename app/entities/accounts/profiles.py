"""What somebody says of themselves, for editing."""

from pydantic import Field

from app.entities.accounts.accounts import AccountField
from app.entities.base import Entity, Html, Id, Url, example
from app.entities.statuses.tags import FeaturedTag


class Profile(Entity):
    """Your profile: texts as you wrote them, and as others see them."""

    model_config = example(
        {
            "id": "116057013207040000",
            "display_name": "Amina de Vries",
            "note": "Water quality, and what sensors make of it.",
            "formatted_note": "<p>Water quality, and what sensors make of it.</p>",
            "fields": [{"name": "Team", "value": "Laboratory", "verified_at": None}],
            "formatted_fields": [{"name": "Team", "value": "Laboratory", "verified_at": None}],
            "avatar": None,
            "avatar_static": None,
            "avatar_description": "",
            "header": None,
            "header_static": None,
            "header_description": "",
            "locked": False,
            "bot": False,
            "hide_collections": False,
            "discoverable": True,
            "indexable": True,
            "show_media": True,
            "show_media_replies": True,
            "show_featured": True,
            "attribution_domains": [],
            "featured_tags": [],
        }
    )

    id: Id = Field(description="Of your account.")
    display_name: str = Field(description="Plain text; empty when none was chosen.")
    note: str = Field(description="Plain text.")
    formatted_note: Html = Field(description="The same, as others see it.")
    fields: list[AccountField] = Field(description="The table, with values as you wrote them.")
    formatted_fields: list[AccountField] = Field(description="The same, as others see it.")
    avatar: Url | None = Field(description="Your picture; null when you chose none.")
    avatar_static: Url | None = Field(description="The same, not moving.")
    avatar_description: str = Field(description="What the picture shows.")
    header: Url | None = Field(description="The picture across it; null when you chose none.")
    header_static: Url | None = Field(description="The same, not moving.")
    header_description: str = Field(description="What the header shows.")
    locked: bool = Field(description="Following you has to be allowed.")
    bot: bool = Field(description="Automated.")
    hide_collections: bool = Field(description="Whom you follow and who follows is private.")
    discoverable: bool = Field(description="You may be suggested to others.")
    indexable: bool = Field(description="Your public statuses may be found by search.")
    show_media: bool = Field(description="It has a tab of your media.")
    show_media_replies: bool = Field(description="That tab has the media of replies, too.")
    show_featured: bool = Field(description="It has a tab of what you feature.")
    attribution_domains: list[str] = Field(description="Sites that may name you as an author.")
    featured_tags: list[FeaturedTag] = Field(description="The hashtags on it.")
