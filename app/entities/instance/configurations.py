"""The limits of this server, and who may read what: all that a client has to know beforehand."""

from typing import Any, Literal, Self

from pydantic import Field

from app import media_types
from app.domain.accounts import pictures, profiles
from app.domain.statuses import media_attachments, media_uploads, pins, polls, reactions, text
from app.entities.base import Entity, Url, example
from app.entities.notifications.push_subscriptions import VAPID_KEY
from app.settings import Settings
from app.transcoding import films

Access = Literal["public", "authenticated", "disabled"]

# IN-4.
ACCOUNTS = {
    "max_featured_tags": 10,
    "max_pinned_statuses": pins.MAX_PINNED,
    "max_display_name_length": profiles.MAX_DISPLAY_NAME,
    "max_note_length": profiles.MAX_NOTE,
    "max_avatar_description_length": profiles.MAX_DESCRIPTION,
    "max_header_description_length": profiles.MAX_DESCRIPTION,
    "max_profile_fields": profiles.MAX_FIELDS,
    "profile_field_name_limit": profiles.MAX_FIELD,
    "profile_field_value_limit": profiles.MAX_FIELD,
    "avatar_size_limit": pictures.MAX_BYTES,
    "header_size_limit": pictures.MAX_BYTES,
}
STATUSES: dict[str, Any] = {
    "max_characters": 500,
    "max_media_attachments": media_attachments.MAX_PER_STATUS,
    "characters_reserved_per_url": text.URL_COUNTS_AS,
    "supported_mime_types": ["text/plain"],
}
MEDIA: dict[str, Any] = {
    "supported_mime_types": media_uploads.mime_types(plays=True),
    "description_limit": media_attachments.MAX_DESCRIPTION,
    "image_size_limit": media_types.MAX_BYTES["image"],
    "image_matrix_limit": media_types.MAX_PIXELS,
    "video_size_limit": media_types.MAX_BYTES["video"],
    "video_frame_rate_limit": media_types.MAX_FRAMES_PER_SECOND,
    "video_matrix_limit": media_types.MAX_VIDEO_PIXELS,
}
POLLS = {
    "max_options": polls.MAX_OPTIONS,
    "max_characters_per_option": polls.MAX_OPTION_CHARACTERS,
    "min_expiration": polls.MIN_SECONDS,
    "max_expiration": polls.MAX_SECONDS,
}
REACTIONS = {"max_reactions": reactions.MAX_PER_ACCOUNT}
# Of all accounts together there is no limit; clients that know of one stop offering emojis there.
EMOJI_REACTIONS = {
    "max_reactions": 10_000,
    "max_reactions_per_account": reactions.MAX_PER_ACCOUNT,
}
FEED = {"local": "public", "remote": "disabled"}
CONFIGURATION: dict[str, Any] = {
    "urls": {"streaming": "wss://hardop.example.org", "about": "https://hardop.example.org/docs"},
    "vapid": {"public_key": VAPID_KEY},
    "accounts": ACCOUNTS,
    "statuses": STATUSES,
    "media_attachments": MEDIA,
    "polls": POLLS,
    "translation": {"enabled": False},
    "timelines_access": {"live_feeds": FEED, "hashtag_feeds": FEED, "trending_link_feeds": FEED},
    "limited_federation": True,
    "reactions": REACTIONS,
    "emoji_reactions": EMOJI_REACTIONS,
}


def status_limits(settings: Settings) -> dict[str, Any]:
    """The StatusLimits of this server."""
    return {**STATUSES, "max_characters": settings.max_status_characters}


def media_limits(settings: Settings) -> dict[str, Any]:
    """The MediaLimits of this server: films and sound only where they can be made playable."""
    plays = films.are_available(settings.ffmpeg)
    return {**MEDIA, "supported_mime_types": media_uploads.mime_types(plays=plays)}


class InstanceUrls(Entity):
    """Where to find what is elsewhere."""

    streaming: str = Field(description="The base of the streaming API.")
    about: Url = Field(description="About this server, for people.")
    status: Url | None = Field(None, description="Whether it is up.")
    privacy_policy: Url | None = Field(None, description="What it does with personal data.")
    terms_of_service: Url | None = Field(None, description="The terms of using it.")


class AccountLimits(Entity):
    """How much a profile can hold."""

    model_config = example(ACCOUNTS)

    max_featured_tags: int = Field(description="Tags.")
    max_pinned_statuses: int = Field(description="Statuses.")
    max_display_name_length: int = Field(description="Characters.")
    max_note_length: int = Field(description="Characters.")
    max_avatar_description_length: int = Field(description="Characters.")
    max_header_description_length: int = Field(description="Characters.")
    max_profile_fields: int = Field(description="Rows.")
    profile_field_name_limit: int = Field(description="Characters.")
    profile_field_value_limit: int = Field(description="Characters.")
    avatar_size_limit: int = Field(description="Bytes.")
    header_size_limit: int = Field(description="Bytes.")


class StatusLimits(Entity):
    """How much a status can hold."""

    model_config = example(STATUSES)

    max_characters: int = Field(description="Of the text and the warning together.")
    max_media_attachments: int = Field(description="Files.")
    characters_reserved_per_url: int = Field(description="What a link counts as.")
    supported_mime_types: list[str] = Field(description="In which a text may be written.")


class MediaLimits(Entity):
    """What can be uploaded."""

    model_config = example(MEDIA)

    supported_mime_types: list[str] = Field(description="Films and sound only if it plays them.")
    description_limit: int = Field(description="Characters.")
    image_size_limit: int = Field(description="Bytes.")
    image_matrix_limit: int = Field(description="Pixels.")
    video_size_limit: int = Field(description="Bytes.")
    video_frame_rate_limit: int = Field(description="Frames in a second.")
    video_matrix_limit: int = Field(description="Pixels.")


class PollLimits(Entity):
    """How large a poll can be."""

    model_config = example(POLLS)

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

    max_reactions: int = Field(description="From one account on one status.")


class EmojiReactionLimits(Entity):
    """The same, as other clients read it."""

    max_reactions: int = Field(description="Different ones on one status.")
    max_reactions_per_account: int = Field(description="From one account on one status.")


class Vapid(Entity):
    """What push messages are signed with."""

    public_key: str = Field(description="A point on P-256 in URL-safe base64, to subscribe with.")


class InstanceConfiguration(Entity):
    """The limits a client has to know."""

    model_config = example(CONFIGURATION)

    urls: InstanceUrls = Field(description="Where to find what is elsewhere.")
    vapid: Vapid = Field(description="What push messages are signed with.")
    accounts: AccountLimits = Field(description="Of profiles.")
    statuses: StatusLimits = Field(description="Of statuses.")
    media_attachments: MediaLimits = Field(description="Of uploads.")
    polls: PollLimits = Field(description="Of polls.")
    translation: TranslationSupport = Field(description="Whether this server translates.")
    timelines_access: TimelinesAccess = Field(description="Who may read public timelines.")
    limited_federation: bool = Field(description="Always true: there is one server.")
    reactions: ReactionLimits = Field(description="Of reactions.")
    emoji_reactions: EmojiReactionLimits = Field(description="Of reactions, as others read it.")

    @classmethod
    def from_settings(cls, settings: Settings, vapid_key: str) -> Self:
        """What this server is set to."""
        reads: Access = "public" if settings.anonymous_reads == "on" else "authenticated"
        feed = {**FEED, "local": reads}
        return cls.model_validate(
            {
                **CONFIGURATION,
                "urls": {
                    "streaming": streaming_url(settings),
                    "about": about_url(settings),
                },
                "vapid": {"public_key": vapid_key},
                "statuses": status_limits(settings),
                "media_attachments": media_limits(settings),
                "timelines_access": dict.fromkeys(TimelinesAccess.model_fields, feed),
            }
        )


def about_url(settings: Settings) -> str:
    """Where people read about the software; without its documents, where it is."""
    return settings.origin + ("/docs" if settings.api_docs == "on" else "")


def streaming_url(settings: Settings) -> str:
    """Where the streaming API begins."""
    return "ws" + settings.origin.removeprefix("http")
