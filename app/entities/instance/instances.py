"""What this server is, and what it can do."""

from typing import Literal

from pydantic import Field

from app.entities.accounts.accounts import ACCOUNT, Account
from app.entities.base import Absent, Entity, Html, Id, Timestamp, Url, example

VERSION = "4.5.0 (compatible; Hardop 0.1.0)"
Access = Literal["public", "authenticated", "disabled"]


class Rule(Entity):
    """A rule of the house."""

    model_config = example({"id": "1", "text": "Ask before you quote a client.", "hint": ""})

    id: Id = Field(description="Which rule.")
    text: str = Field(description="The rule in a sentence.")
    hint: Absent[str] = Field(None, description="What is meant by it.")


class InstanceUrls(Entity):
    """Where to find what is elsewhere."""

    streaming: str = Field(description="The base of the streaming API.")
    about: Url = Field(description="About this server, for people.")
    status: Url | None = Field(None, description="Whether it is up.")
    privacy_policy: Url | None = Field(None, description="What it does with personal data.")
    terms_of_service: Url | None = Field(None, description="The terms of using it.")


class AccountLimits(Entity):
    """How much a profile can hold."""

    max_featured_tags: int = Field(description="Tags.")
    max_pinned_statuses: int = Field(description="Statuses.")
    max_display_name_length: int = Field(description="Characters.")
    max_note_length: int = Field(description="Characters.")
    max_avatar_description_length: int = Field(description="Characters.")
    max_header_description_length: int = Field(description="Characters.")
    max_profile_fields: int = Field(description="Rows.")
    profile_field_name_limit: int = Field(description="Characters.")
    profile_field_value_limit: int = Field(description="Characters.")
    avatar_size_limit: int = Field(description="Bytes, of an avatar or a header.")


class StatusLimits(Entity):
    """How much a status can hold."""

    max_characters: int = Field(description="Of the text and the warning together.")
    max_media_attachments: int = Field(description="Files.")
    characters_reserved_per_url: int = Field(description="What a link counts as.")
    supported_mime_types: list[str] = Field(description="In which a text may be written.")


class MediaLimits(Entity):
    """What can be uploaded: 0 where nothing can."""

    supported_mime_types: list[str] = Field(description="Empty when nothing can be uploaded.")
    description_limit: int = Field(description="Characters.")
    image_size_limit: int = Field(description="Bytes.")
    image_matrix_limit: int = Field(description="Pixels.")
    video_size_limit: int = Field(description="Bytes.")
    video_frame_rate_limit: int = Field(description="Frames in a second.")
    video_matrix_limit: int = Field(description="Pixels.")


class PollLimits(Entity):
    """How large a poll can be."""

    max_options: int = Field(description="Answers.")
    max_characters_per_option: int = Field(description="Characters.")
    min_expiration: int = Field(description="Seconds.")
    max_expiration: int = Field(description="Seconds.")


class TranslationSupport(Entity):
    """Whether this server translates."""

    enabled: bool = Field(description="It does.")


class FeedAccess(Entity):
    """Who may read a feed."""

    local: Access = Field(description="What was posted here, which is everything.")
    remote: Access = Field(description="What was posted elsewhere, which is nothing.")


class TimelinesAccess(Entity):
    """Who may read the public timelines."""

    live_feeds: FeedAccess = Field(description="The public timeline.")
    hashtag_feeds: FeedAccess = Field(description="Timelines of tags.")
    trending_link_feeds: FeedAccess = Field(description="Timelines of links.")


class ReactionLimits(Entity):
    """How many emojis a status can be answered with."""

    max_reactions: int = Field(description="Different ones on one status.")


class EmojiReactionLimits(Entity):
    """The same, as other clients read it."""

    max_reactions: int = Field(description="Different ones on one status.")
    max_reactions_per_account: int = Field(description="From one account on one status.")


class InstanceConfiguration(Entity):
    """The limits a client has to know."""

    urls: InstanceUrls = Field(description="Where to find what is elsewhere.")
    accounts: AccountLimits = Field(description="Of profiles.")
    statuses: StatusLimits = Field(description="Of statuses.")
    media_attachments: MediaLimits = Field(description="Of uploads.")
    polls: PollLimits = Field(description="Of polls.")
    translation: TranslationSupport = Field(description="Whether this server translates.")
    timelines_access: TimelinesAccess = Field(description="Who may read public timelines.")
    limited_federation: bool = Field(description="Always true: there is one server.")
    reactions: ReactionLimits = Field(description="Of reactions.")
    emoji_reactions: EmojiReactionLimits = Field(description="Of reactions, as others read it.")


class ActiveUsers(Entity):
    """How many people take part."""

    active_month: int = Field(description="Posted or reacted in the last 30 days, rounded.")


class Usage(Entity):
    """How much this server is used."""

    users: ActiveUsers = Field(description="People.")


class Thumbnail(Entity):
    """A picture of this server."""

    url: Url = Field(description="The picture.")
    blurhash: str | None = Field(None, description="The picture, blurred, in a few characters.")


class Icon(Entity):
    """The sign of this server."""

    src: Url = Field(description="The picture.")
    size: str = Field(description="Its measures in pixels.")


class Registrations(Entity):
    """How to become a member."""

    enabled: bool = Field(description="People can sign up themselves.")
    approval_required: bool = Field(description="Somebody has to approve of it.")
    reason_required: bool | None = Field(description="They have to say why.")
    message: Html | None = Field(description="What to show when they cannot.")
    min_age: int | None = Field(None, description="In years.")
    url: Url | None = Field(None, description="Where to sign up otherwise.")


class Contact(Entity):
    """Whom to ask."""

    email: str = Field(description="Empty when there is none.")
    account: Account | None = Field(description="Who answers questions about this server.")


_ACCOUNTS = {
    "max_featured_tags": 10,
    "max_pinned_statuses": 5,
    "max_display_name_length": 30,
    "max_note_length": 500,
    "max_avatar_description_length": 150,
    "max_header_description_length": 150,
    "max_profile_fields": 4,
    "profile_field_name_limit": 255,
    "profile_field_value_limit": 255,
    "avatar_size_limit": 2_097_152,
}
_STATUSES = {
    "max_characters": 500,
    "max_media_attachments": 4,
    "characters_reserved_per_url": 23,
    "supported_mime_types": ["text/plain"],
}
_MEDIA = {
    "supported_mime_types": [],
    "description_limit": 1500,
    "image_size_limit": 16_777_216,
    "image_matrix_limit": 33_177_600,
    "video_size_limit": 0,
    "video_frame_rate_limit": 0,
    "video_matrix_limit": 0,
}
_POLLS = {
    "max_options": 4,
    "max_characters_per_option": 50,
    "min_expiration": 300,
    "max_expiration": 2_629_746,
}
_FEEDS = {"local": "public", "remote": "disabled"}


class Instance(Entity):
    """What this server is, and what it can do."""

    model_config = example(
        {
            "domain": "hardop.example.org",
            "title": "Waterboard Delta",
            "version": VERSION,
            "source_url": "https://hardop.example.org/about",
            "description": "We work out loud.",
            "usage": {"users": {"active_month": 340}},
            "thumbnail": {"url": "https://hardop.example.org/static/header.png"},
            "icon": [{"src": "https://hardop.example.org/static/avatar.png", "size": "400x400"}],
            "languages": ["nl", "en"],
            "configuration": {
                "urls": {
                    "streaming": "wss://hardop.example.org",
                    "about": "https://hardop.example.org/",
                },
                "accounts": _ACCOUNTS,
                "statuses": _STATUSES,
                "media_attachments": _MEDIA,
                "polls": _POLLS,
                "translation": {"enabled": False},
                "timelines_access": {
                    "live_feeds": _FEEDS,
                    "hashtag_feeds": _FEEDS,
                    "trending_link_feeds": _FEEDS,
                },
                "limited_federation": True,
                "reactions": {"max_reactions": 8},
                "emoji_reactions": {"max_reactions": 8, "max_reactions_per_account": 8},
            },
            "registrations": {
                "enabled": False,
                "approval_required": False,
                "reason_required": False,
                "message": None,
            },
            "api_versions": {"mastodon": 1, "hardop": 1},
            "contact": {"email": "help@example.org", "account": ACCOUNT},
            "rules": [],
        }
    )

    domain: str = Field(description="`host` or `host:port`.")
    title: str = Field(description="The name of the organisation.")
    version: str = Field(description="The level of the Mastodon API, and what runs.")
    source_url: Url = Field(description="About the software.")
    description: str = Field(description="Plain text.")
    usage: Usage = Field(description="How much it is used.")
    thumbnail: Thumbnail = Field(description="A picture of it.")
    icon: list[Icon] = Field(description="Its sign, in several sizes.")
    languages: list[str] = Field(description="ISO 639, the main one first.")
    configuration: InstanceConfiguration = Field(description="The limits to know.")
    registrations: Registrations = Field(description="How to become a member.")
    api_versions: dict[str, int] = Field(description="By name; a higher one can do more.")
    contact: Contact = Field(description="Whom to ask.")
    rules: list[Rule] = Field(description="The rules of the house.")


class V1Urls(Entity):
    """Where to find what is elsewhere."""

    streaming_api: str = Field(description="The base of the streaming API.")


class V1Stats(Entity):
    """How large this server is."""

    user_count: int = Field(description="Accounts.")
    status_count: int = Field(description="Statuses.")
    domain_count: int = Field(description="Always 1: there is one server.")


class V1Configuration(Entity):
    """The limits a client has to know."""

    accounts: AccountLimits = Field(description="Of profiles.")
    statuses: StatusLimits = Field(description="Of statuses.")
    media_attachments: MediaLimits = Field(description="Of uploads.")
    polls: PollLimits = Field(description="Of polls.")


class V1Instance(Entity):
    """What this server is, as older clients read it."""

    model_config = example(
        {
            "uri": "hardop.example.org",
            "title": "Waterboard Delta",
            "short_description": "We work out loud.",
            "description": "We work out loud.",
            "email": "help@example.org",
            "version": VERSION,
            "urls": {"streaming_api": "wss://hardop.example.org"},
            "stats": {"user_count": 512, "status_count": 20480, "domain_count": 1},
            "thumbnail": "https://hardop.example.org/static/header.png",
            "languages": ["nl", "en"],
            "registrations": False,
            "approval_required": False,
            "invites_enabled": False,
            "configuration": {
                "accounts": _ACCOUNTS,
                "statuses": _STATUSES,
                "media_attachments": _MEDIA,
                "polls": _POLLS,
            },
            "contact_account": ACCOUNT,
            "rules": [],
            "max_toot_chars": 500,
        }
    )

    uri: str = Field(description="`host` or `host:port`, without a scheme.")
    title: str = Field(description="The name of the organisation.")
    short_description: str = Field(description="Plain text.")
    description: str = Field(description="Plain text.")
    email: str = Field(description="Whom to ask; empty when there is nobody.")
    version: str = Field(description="The level of the Mastodon API, and what runs.")
    urls: V1Urls = Field(description="Where to find what is elsewhere.")
    stats: V1Stats = Field(description="How large it is.")
    thumbnail: Url | None = Field(description="A picture of it.")
    languages: list[str] = Field(description="ISO 639, the main one first.")
    registrations: bool = Field(description="People can sign up themselves.")
    approval_required: bool = Field(description="Somebody has to approve of it.")
    invites_enabled: bool = Field(description="Members can invite others.")
    configuration: V1Configuration = Field(description="The limits to know.")
    contact_account: Account | None = Field(description="Who answers questions.")
    rules: list[Rule] = Field(description="The rules of the house.")
    max_toot_chars: int = Field(description="As `configuration.statuses.max_characters`.")


class ExtendedDescription(Entity):
    """A longer text about this server."""

    model_config = example({"updated_at": None, "content": ""})

    updated_at: Timestamp | None = Field(description="When it was last changed.")
    content: Html = Field(description="Empty when nobody wrote one.")


class Language(Entity):
    """A language that statuses here are written in."""

    model_config = example({"code": "nl", "name": "Nederlands"})

    code: str = Field(description="ISO 639.")
    name: str = Field(description="What its speakers call it.")
