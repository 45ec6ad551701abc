"""What other software asks about this server: NodeInfo 2.0 and WebFinger (RFC 7033)."""

from typing import Any, Literal, Self

from pydantic import Field

from app.domain.instance.usage import Figures
from app.entities.base import Absent, Entity, Url, example
from app.entities.instance.instances import HARDOP_VERSION
from app.rendering import links as links_
from app.settings import Settings

SCHEMA = "http://nodeinfo.diaspora.software/ns/schema/2.0"


class Link(Entity):
    """Something to be found elsewhere."""

    rel: str = Field(description="What it is.")
    type: Absent[str] = Field(None, description="Its media type.")
    href: Url = Field(description="Where it is.")


class NodeInfoDocuments(Entity):
    """Where the NodeInfo document is."""

    model_config = example(
        {"links": [{"rel": SCHEMA, "href": "https://hardop.example.org/nodeinfo/2.0"}]}
    )

    links: list[Link] = Field(description="One for each version of the schema.")

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """Where ours is."""
        return cls(links=[Link(rel=SCHEMA, href=settings.origin + "/nodeinfo/2.0")])


class Software(Entity):
    """What runs here."""

    name: Literal["hardop"] = Field(description="Its name.")
    version: str = Field(description="Its version.")


class Services(Entity):
    """Other networks it exchanges messages with: none."""

    inbound: list[str] = Field(description="From where.")
    outbound: list[str] = Field(description="To where.")


class UserCounts(Entity):
    """How many people there are."""

    total: int = Field(description="Accounts.")
    activeMonth: int = Field(description="Who posted in the last 30 days.")  # noqa: N815 - its name
    activeHalfyear: int = Field(  # noqa: N815 - its name
        description="Who posted in the last 180 days."
    )


class NodeUsage(Entity):
    """How much this server is used."""

    users: UserCounts = Field(description="People.")
    localPosts: int = Field(description="Statuses.")  # noqa: N815 - its name


class NodeInfo(Entity):
    """What this server is, for software of any kind."""

    model_config = example(
        {
            "version": "2.0",
            "software": {"name": "hardop", "version": HARDOP_VERSION},
            "protocols": [],
            "services": {"inbound": [], "outbound": []},
            "usage": {
                "users": {"total": 512, "activeMonth": 340, "activeHalfyear": 460},
                "localPosts": 20480,
            },
            "openRegistrations": False,
            "metadata": {},
        }
    )

    version: Literal["2.0"] = Field(description="Of the schema.")
    software: Software = Field(description="What runs here.")
    protocols: list[str] = Field(description="For talking to other servers: none.")
    services: Services = Field(description="Other networks: none.")
    usage: NodeUsage = Field(description="How much it is used.")
    openRegistrations: bool = Field(  # noqa: N815 - its name
        description="People can sign up themselves."
    )
    metadata: dict[str, Any] = Field(description="Empty.")

    @classmethod
    def from_settings(cls, settings: Settings, figures: Figures) -> Self:
        """What this server is set to, and how much it is used."""
        return cls(
            version="2.0",
            software=Software(name="hardop", version=HARDOP_VERSION),
            protocols=[],
            services=Services(inbound=[], outbound=[]),
            usage=NodeUsage(
                users=UserCounts(
                    total=figures.accounts,
                    activeMonth=figures.active_month,
                    activeHalfyear=figures.active_half_year,
                ),
                localPosts=figures.statuses,
            ),
            openRegistrations=settings.registration != "closed",
            metadata={},
        )


class WebFinger(Entity):
    """Where to find an account of this name."""

    model_config = example(
        {
            "subject": "acct:amina@hardop.example.org",
            "aliases": ["https://hardop.example.org/@amina"],
            "links": [
                {
                    "rel": "http://webfinger.net/rel/profile-page",
                    "type": "text/html",
                    "href": "https://hardop.example.org/@amina",
                }
            ],
        }
    )

    subject: str = Field(description="The account.")
    aliases: list[Url] = Field(description="Other names for it.")
    links: list[Link] = Field(description="Where to find it.")

    @classmethod
    def from_account(cls, username: str, settings: Settings) -> Self:
        """Where this account is."""
        url = links_.account_url(settings.origin, username)
        return cls(
            subject=f"acct:{username}@{settings.domain}",
            aliases=[url, links_.account_uri(settings.origin, username)],
            links=[Link(rel="http://webfinger.net/rel/profile-page", type="text/html", href=url)],
        )
