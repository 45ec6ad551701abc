"""What this server is, and what it can do."""

from collections.abc import Sequence
from typing import Any, Self

from pydantic import Field

from app.domain.instance.usage import Figures
from app.entities.accounts.accounts import ACCOUNT, Account
from app.entities.base import Entity, Html, Url, example
from app.entities.instance.configurations import (
    ACCOUNTS,
    CONFIGURATION,
    MEDIA,
    POLLS,
    STATUSES,
    AccountLimits,
    InstanceConfiguration,
    MediaLimits,
    PollLimits,
    StatusLimits,
    about_url,
    media_limits,
    status_limits,
    streaming_url,
)
from app.entities.instance.rules import Rule
from app.rendering.links import media_url
from app.settings import Settings

HARDOP_VERSION = "0.1.0"
# Clients read the level of the Mastodon API from the beginning.
VERSION = f"4.6.0 (compatible; Hardop {HARDOP_VERSION})"
# The highest level of which everything works: 10 would promise collections.
API_VERSIONS = {"mastodon": 9, "hardop": 1}


def thumbnail_url(origin: str, pictures: Sequence[Any]) -> str:
    """The picture of the server; `pictures` are rows of `domain.instance.instance_pictures`."""
    chosen = [row["file"] for row in pictures if row["kind"] == "thumbnail"]
    return media_url(origin, chosen[0]) if chosen else f"{origin}/static/header.png"


class ActiveUsers(Entity):
    """How many people take part."""

    active_month: int = Field(description="Who posted in the last 30 days.")


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


class Instance(Entity):
    """What this server is, and what it can do."""

    model_config = example(
        {
            "domain": "hardop.example.org",
            "title": "Waterboard Delta",
            "version": VERSION,
            "source_url": "https://hardop.example.org/docs",
            "description": "We work out loud.",
            "usage": {"users": {"active_month": 340}},
            "thumbnail": {"url": "https://hardop.example.org/static/header.png"},
            "icon": [{"src": "https://hardop.example.org/static/icon.png", "size": "192x192"}],
            "languages": ["nl", "en"],
            "configuration": CONFIGURATION,
            "registrations": {
                "enabled": False,
                "approval_required": False,
                "reason_required": False,
                "message": None,
            },
            "api_versions": API_VERSIONS,
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

    @classmethod
    def from_settings(
        cls,
        settings: Settings,
        figures: Figures,
        contact_account: Account | None,
        rules: list[Rule],
        vapid_key: str,
        pictures: Sequence[Any],
    ) -> Self:
        """What this server is set to, and how much it is used."""
        origin = settings.origin
        return cls(
            domain=settings.domain,
            title=settings.title,
            version=VERSION,
            source_url=about_url(settings),
            description=settings.description,
            usage=Usage(users=ActiveUsers(active_month=figures.active_month)),
            thumbnail=Thumbnail(url=thumbnail_url(origin, pictures)),
            icon=[
                Icon(src=media_url(origin, row["file"]), size=f"{row['width']}x{row['height']}")
                for row in pictures
                if row["kind"] == "icon"
            ]
            or [Icon(src=origin + "/static/icon.png", size="192x192")],
            languages=settings.languages,
            configuration=InstanceConfiguration.from_settings(settings, vapid_key),
            registrations=Registrations(
                enabled=settings.registration != "closed",
                approval_required=settings.registration == "approval",
                reason_required=settings.registration == "approval",
                message=None,
            ),
            api_versions=API_VERSIONS,
            contact=Contact(email=settings.contact_email, account=contact_account),
            rules=rules,
        )


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
                "accounts": ACCOUNTS,
                "statuses": STATUSES,
                "media_attachments": MEDIA,
                "polls": POLLS,
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

    @classmethod
    def from_settings(
        cls,
        settings: Settings,
        figures: Figures,
        contact_account: Account | None,
        rules: list[Rule],
        pictures: Sequence[Any],
    ) -> Self:
        """What this server is set to, and how much it is used."""
        return cls(
            uri=settings.domain,
            title=settings.title,
            short_description=settings.description,
            description=settings.description,
            email=settings.contact_email,
            version=VERSION,
            urls=V1Urls(streaming_api=streaming_url(settings)),
            stats=V1Stats(
                user_count=figures.accounts, status_count=figures.statuses, domain_count=1
            ),
            thumbnail=thumbnail_url(settings.origin, pictures),
            languages=settings.languages,
            registrations=settings.registration != "closed",
            approval_required=settings.registration == "approval",
            invites_enabled=False,
            configuration=V1Configuration.model_validate(
                {
                    "accounts": ACCOUNTS,
                    "statuses": status_limits(settings),
                    "media_attachments": media_limits(settings),
                    "polls": POLLS,
                }
            ),
            contact_account=contact_account,
            rules=rules,
            max_toot_chars=settings.max_status_characters,
        )


class Language(Entity):
    """A language to choose from."""

    model_config = example({"code": "nl", "name": "Dutch"})

    code: str = Field(description="ISO 639.")
    name: str = Field(description="In English.")


class WeekOfActivity(Entity):
    """What happened in one week, all figures as text."""

    model_config = example(
        {"week": "1763942400", "statuses": "512", "logins": "87", "registrations": "3"}
    )

    week: str = Field(description="Its first moment, in seconds since 1970.")
    statuses: str = Field(description="Public and unlisted statuses.")
    logins: str = Field(description="People who posted one: who only reads is not recorded.")
    registrations: str = Field(description="New accounts.")
