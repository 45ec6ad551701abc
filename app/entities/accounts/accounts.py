"""The profile of a person, a bot or a group."""

from typing import Literal

from pydantic import Field

from app.entities.base import Absent, Day, Entity, Html, Id, Timestamp, Url, example
from app.entities.instance.custom_emojis import CustomEmoji

Visibility = Literal["public", "unlisted", "private", "direct"]
QuotePolicy = Literal["public", "followers", "nobody"]

ACCOUNT = {
    "id": "116057013207040000",
    "username": "amina",
    "acct": "amina",
    "display_name": "Amina de Vries",
    "locked": False,
    "bot": False,
    "group": False,
    "discoverable": True,
    "indexable": True,
    "noindex": False,
    "created_at": "2026-02-12T00:00:00.000Z",
    "note": "<p>Water quality, and what sensors make of it.</p>",
    "url": "https://hardop.example.org/@amina",
    "uri": "https://hardop.example.org/users/amina",
    "avatar": "https://hardop.example.org/static/avatar.png",
    "avatar_static": "https://hardop.example.org/static/avatar.png",
    "avatar_description": "",
    "header": "https://hardop.example.org/static/header.png",
    "header_static": "https://hardop.example.org/static/header.png",
    "header_description": "",
    "followers_count": 42,
    "following_count": 17,
    "statuses_count": 128,
    "last_status_at": "2026-11-20",
    "hide_collections": False,
    "show_media": True,
    "show_media_replies": True,
    "show_featured": True,
    "emojis": [],
    "fields": [{"name": "Team", "value": "Laboratory", "verified_at": None}],
    "roles": [],
}
ROLE = {"id": "1", "name": "member", "permissions": "0", "color": "", "highlighted": False}


class AccountField(Entity):
    """A row of the table on a profile."""

    model_config = example({"name": "Team", "value": "Laboratory", "verified_at": None})

    name: str = Field(description="What the row is about.")
    value: Html = Field(description="HTML; in `source` it is what was written.")
    verified_at: Timestamp | None = Field(description="When a link in it was verified.")


class AccountRole(Entity):
    """A role that a profile shows."""

    model_config = example({"id": "3", "name": "admin", "color": ""})

    id: Id = Field(description="Which role.")
    name: str = Field(description="What it is called.")
    color: str = Field(description="`#rrggbb`, or empty.")


class Account(Entity):
    """A profile: of a person, a bot, or a group."""

    model_config = example(ACCOUNT)

    id: Id = Field(description="Stays the same when the user name changes.")
    username: str = Field(description="Unique on this server, whatever the case.")
    acct: str = Field(description="How to mention it; equals `username`, for there is one server.")
    display_name: str = Field(description="Plain text; empty when none was chosen.")
    locked: bool = Field(description="Following it has to be allowed.")
    bot: bool = Field(description="Automated.")
    group: bool = Field(description="A community: following is joining.")
    discoverable: bool | None = Field(description="May be suggested to others.")
    indexable: bool | None = Field(description="Its public statuses may be found by search.")
    noindex: Absent[bool] = Field(None, description="The opposite of `indexable`.")
    created_at: Timestamp = Field(description="The day it joined, at midnight.")
    note: Html = Field(description="What it says of itself, as HTML.")
    url: Url = Field(description="The profile, for people.")
    uri: Url = Field(description="Identifies it, for machines.")
    avatar: Url = Field(description="Its picture, or the default one.")
    avatar_static: Url = Field(description="The same, not moving.")
    avatar_description: Absent[str] = Field(None, description="What the picture shows.")
    header: Url = Field(description="The picture across its profile, or the default one.")
    header_static: Url = Field(description="The same, not moving.")
    header_description: Absent[str] = Field(None, description="What the header shows.")
    followers_count: int = Field(description="How many follow it.")
    following_count: int = Field(description="How many it follows.")
    statuses_count: int = Field(description="How many statuses it has posted.")
    last_status_at: Day | None = Field(description="The day of its latest status.")
    hide_collections: bool | None = Field(description="Whom it follows and who follows is private.")
    show_media: Absent[bool] = Field(None, description="Its profile has a tab of its media.")
    show_media_replies: Absent[bool] = Field(
        None, description="That tab has the media of replies, too."
    )
    show_featured: Absent[bool] = Field(
        None, description="Its profile has a tab of what it features."
    )
    emojis: list[CustomEmoji] = Field(description="The custom emojis its texts use.")
    fields: list[AccountField] = Field(description="The table on the profile.")
    roles: Absent[list[AccountRole]] = Field(None, description="Roles it shows.")
    limited: Absent[bool] = Field(
        None, description="Only when true: moderators ask to warn before it is shown."
    )
    suspended: Absent[bool] = Field(None, description="Only when true; its texts are blank then.")


class MutedAccount(Account):
    """A profile that you mute."""

    model_config = example({**ACCOUNT, "mute_expires_at": "2026-11-30T08:00:00.000Z"})

    mute_expires_at: Timestamp | None = Field(description="When the mute ends; null means never.")


class AccountSource(Entity):
    """What the owner of a profile may edit, as it was written."""

    privacy: Visibility = Field(description="The visibility of a status that does not say.")
    sensitive: bool = Field(description="Whether media are hidden when a status does not say.")
    language: str | None = Field(description="The language of a status that does not say.")
    note: str = Field(description="Plain text.")
    fields: list[AccountField] = Field(description="With values as they were written.")
    follow_requests_count: int = Field(description="How many wait for an answer.")
    hide_collections: bool | None = Field(description="As in Account.")
    discoverable: bool | None = Field(description="As in Account.")
    indexable: bool | None = Field(description="As in Account.")
    attribution_domains: Absent[list[str]] = Field(
        None, description="Sites that may name this account as an author."
    )
    quote_policy: Absent[QuotePolicy] = Field(
        None, description="Who may quote a status that does not say."
    )


class Role(Entity):
    """What a person may do beyond taking part."""

    model_config = example(ROLE)

    id: Id = Field(description="Which role.")
    name: str = Field(description="`member`, `moderator`, `admin` or `owner`.")
    permissions: str = Field(description="The rights as a sum of powers of two.")
    color: str = Field(description="`#rrggbb`, or empty.")
    highlighted: bool = Field(description="Whether profiles show it.")


class CredentialAccount(Account):
    """Your own account, with what you may edit."""

    model_config = example(
        {
            **ACCOUNT,
            "source": {
                "privacy": "public",
                "sensitive": False,
                "language": "nl",
                "note": "Water quality, and what sensors make of it.",
                "fields": [{"name": "Team", "value": "Laboratory", "verified_at": None}],
                "follow_requests_count": 0,
                "hide_collections": False,
                "discoverable": True,
                "indexable": True,
                "attribution_domains": [],
                "quote_policy": "public",
            },
            "role": ROLE,
        }
    )

    source: AccountSource = Field(description="What you may edit, as you wrote it.")
    role: Role = Field(description="What you may do.")
