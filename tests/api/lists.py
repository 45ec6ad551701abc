"""Every list there is: how much it gives, and how its links are."""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from app import ids
from app.database import Database
from app.domain.statuses import preview_cards
from app.models.identity.users import Role
from app.models.relationships.blocks import Block
from app.models.relationships.mutes import Mute
from app.models.statuses.bookmarks import Bookmark
from app.models.statuses.favourites import Favourite
from app.models.statuses.statuses import Visibility
from app.models.timelines import lists
from tests.api.filling import (
    GROUP,
    PAGE,
    Fill,
    World,
    blocked_domains,
    blocked_email_domains,
    blocked_emails,
    blocked_networks,
    contested,
    conversations,
    endorsed,
    favourited_by,
    followed,
    followed_tags,
    grouped,
    hidden,
    in_list,
    kept_aside,
    linked,
    marks,
    notified,
    of_list,
    praised,
    quotes,
    reacted_by,
    reblogged_by,
    reported,
    said_alone,
    scheduled,
    signed_up,
    statuses,
    tagged,
)
from tests.factories import (
    as_account,
    make_account,
    make_status,
)


@dataclass(frozen=True)
class List:
    """One list: how much it gives, and how its links are."""

    path: str
    fill: Fill
    default: int = 20
    maximum: int = 40
    of_accounts: bool = False
    query: Mapping[str, str] = field(default_factory=dict)
    # Whether a limit of 0 asks for all.
    zero_is_all: bool = False
    # That somebody looked is written down.
    is_audited: bool = False

    @property
    def is_own(self) -> bool:
        """Whether it is of our own API."""
        return self.path.startswith("/api/hardop/")

    def __str__(self) -> str:
        return self.path


def _accounts(path: str, fill: Fill, *, zero_is_all: bool = False) -> List:
    return List(path, fill, 40, 80, of_accounts=True, zero_is_all=zero_is_all)


LISTS = [
    List("/api/v1/timelines/home", statuses),
    List("/api/v1/timelines/public", statuses),
    List("/api/v1/timelines/link", linked, query={"url": PAGE}),
    List("/api/v1/timelines/tag/{name}", statuses),
    List("/api/v1/accounts/{account_id}/statuses", statuses),
    List("/api/v1/statuses/{status_id}/quotes", quotes),
    List("/api/v1/timelines/direct", said_alone),
    List("/api/v1/conversations", conversations),
    List("/api/v1/scheduled_statuses", scheduled),
    List("/api/v1/favourites", marks(Favourite)),
    List("/api/v1/bookmarks", marks(Bookmark)),
    List("/api/v1/notifications", notified, 40, 80),
    List("/api/v2/notifications", notified, 40, 80),
    _accounts("/api/v2/notifications/{group_key}/accounts", grouped),
    List("/api/v1/notifications/requests", kept_aside, 40, 80),
    _accounts("/api/v1/accounts/{account_id}/followers", followed(towards_ada=True)),
    _accounts("/api/v1/accounts/{account_id}/following", followed(towards_ada=False)),
    _accounts("/api/v1/follow_requests", followed(towards_ada=True, accepted=False)),
    _accounts("/api/v1/blocks", hidden(Block)),
    _accounts("/api/v1/mutes", hidden(Mute)),
    _accounts("/api/v1/endorsements", endorsed, zero_is_all=True),
    _accounts("/api/v1/accounts/{account_id}/endorsements", endorsed, zero_is_all=True),
    List("/api/v1/followed_tags", followed_tags, 100, 200, of_accounts=True),
    _accounts("/api/v1/lists/{list_id}/accounts", in_list, zero_is_all=True),
    List("/api/v1/timelines/list/{list_id}", of_list),
    List("/api/v1/domain_blocks", blocked_domains, 100, 200, of_accounts=True),
    _accounts("/api/v1/statuses/{status_id}/favourited_by", favourited_by),
    _accounts("/api/v1/statuses/{status_id}/reblogged_by", reblogged_by),
    _accounts("/api/v1/statuses/{status_id}/emoji_reactioned_by", reacted_by),
    List("/api/hardop/v1/endorsements/given", praised(by_ada=True)),
    List("/api/hardop/v1/endorsements/received", praised(by_ada=False)),
    List("/api/hardop/v1/accounts/{account_id}/endorsements", praised(by_ada=False)),
    List("/api/hardop/v1/me/expertise/contested", contested),
    List("/api/hardop/v1/admin/contested_evidence", contested),
    List("/api/v1/admin/reports", reported, 100, 200, is_audited=True),
    List("/api/v1/admin/tags", tagged, 100, 200),
    List("/api/v1/admin/email_domain_blocks", blocked_email_domains, 100, 200, True),
    List("/api/v1/admin/canonical_email_blocks", blocked_emails, 100, 200, True),
    List("/api/v1/admin/ip_blocks", blocked_networks, 100, 200, True),
    *(
        # Without those who are there from the beginning.
        List(
            f"/api/{version}/admin/accounts",
            *(signed_up, 100, 200, True, {"username": "one_of"}),
            is_audited=True,
        )
        for version in ("v1", "v2")
    ),
]


class Asking:
    """Reads one list as Ada."""

    def __init__(
        self, client: httpx.AsyncClient, world: World, listing: List, headers: dict[str, str]
    ) -> None:
        self.client, self.listing, self.headers = client, listing, headers
        self.url = listing.path.format(
            account_id=world.ada.id,
            status_id=world.status_id,
            list_id=world.list_id,
            name="LOUD",
            group_key=GROUP,
        )

    async def page(self, **parameters: object) -> httpx.Response:
        sent = {**self.listing.query, **parameters}
        return await self.at(str(httpx.URL(self.url, params=sent)))

    async def at(self, url: str) -> httpx.Response:
        response = await self.client.get(url, headers=self.headers)
        assert response.status_code == 200, response.text
        return response

    async def pages(self, **parameters: object) -> AsyncIterator[httpx.Response]:
        """From the first page on, along the links."""
        response = await self.page(**parameters)
        while entries(response):
            yield response
            if "next" not in response.links:
                return
            response = await self.at(response.links["next"]["url"])


def entries(response: httpx.Response) -> list[Any]:
    """What a page lists."""
    body = response.json()
    found: list[Any] = body["notification_groups"] if isinstance(body, dict) else body
    return found


def shown(response: httpx.Response) -> list[int]:
    """The ids in a page; of reactions, those of the accounts; of domains, their numbers."""
    return [_id(entry) for entry in entries(response)]


def _id(entry: Any) -> int:
    if isinstance(entry, str):
        return int(entry.partition(".")[0])
    return int(
        entry.get("id") or entry.get("most_recent_notification_id") or entry["account"]["id"]
    )


def first_cursor(page: httpx.Response) -> int:
    """The cursor of the first row of a page: where what is newer begins."""
    return int(re.findall(r"(?:min|since)_id=(\d+)", page.links["prev"]["url"])[0])


async def make_world(database: Database) -> World:
    """Ada, who may do everything, with empty lists."""
    ada, bob = await make_account(database, role=Role.OWNER), await make_account(database)
    # Unlisted, so that it stands in no list of statuses.
    status_id = await make_status(database, bob, visibility=Visibility.UNLISTED)
    world = World(database, ada, status_id, ids.new())
    await world.store(lists.List(id=world.list_id, account_id=ada.id, title="Some"))
    await preview_cards.keep(database, PAGE, title="Page")
    return world


async def as_ada(world: World) -> dict[str, str]:
    """The headers with which Ada asks."""
    return await as_account(world.database, world.ada, "read admin:read")
