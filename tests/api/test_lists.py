"""What every list keeps to: its limits, its links, its order, its cost (HT-8, HT-9)."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from types import NoneType

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlmodel import SQLModel

from app.database import Database
from app.models.accounts.accounts import Account
from app.models.notifications.notifications import Notification
from app.models.relationships.follows import Follow
from app.models.statuses.bookmarks import Bookmark
from app.models.statuses.favourites import Favourite
from app.models.statuses.reactions import Reaction
from app.models.statuses.statuses import Status, Visibility
from app.parameters import Page, parameters_of
from tests.conftest import Statements
from tests.factories import as_account, make_account, make_status

pytestmark = pytest.mark.anyio


@dataclass
class World:
    """What a list is filled in: Ada, who looks, and a status of hers."""

    database: Database
    ada: Account
    status_id: int

    async def store(self, *rows: SQLModel) -> None:
        async with self.database.session() as session:
            session.add_all(rows)
            await session.commit()

    async def people(self, count: int) -> list[int]:
        found = [Account(username=f"one_of_many_{n}") for n in range(count)]
        await self.store(*found)
        return [account.id for account in found]

    async def statuses(self, count: int) -> list[int]:
        return [await make_status(self.database, self.ada, f"#loud {n}") for n in range(count)]


# Each fills its list and returns what should be in it, the oldest first.
Fill = Callable[[World, int], Awaitable[list[int]]]


async def own_statuses(world: World, count: int) -> list[int]:
    return [world.status_id, *await world.statuses(count - 1)]


async def tagged(world: World, count: int) -> list[int]:
    return await world.statuses(count)


def marked(mark: type[Favourite] | type[Bookmark]) -> Fill:
    async def fill(world: World, count: int) -> list[int]:
        # The oldest status last: the list follows the marks.
        statuses = (await world.statuses(count))[::-1]
        await world.store(*(mark(account_id=world.ada.id, status_id=id_) for id_ in statuses))
        return statuses

    return fill


def followed(*, towards_ada: bool, accepted: bool = True) -> Fill:
    async def fill(world: World, count: int) -> list[int]:
        people, ada = (await world.people(count))[::-1], world.ada.id
        await world.store(
            *(
                Follow(
                    account_id=id_ if towards_ada else ada,
                    target_account_id=ada if towards_ada else id_,
                    accepted=accepted,
                )
                for id_ in people
            )
        )
        return people

    return fill


async def favourited_by(world: World, count: int) -> list[int]:
    people = await world.people(count)
    await world.store(*(Favourite(account_id=id_, status_id=world.status_id) for id_ in people))
    return people


async def reblogged_by(world: World, count: int) -> list[int]:
    people = await world.people(count)
    await world.store(
        *(
            Status(account_id=id_, reblog_of_id=world.status_id, visibility=Visibility.PUBLIC)
            for id_ in people
        )
    )
    return people


async def reacted_by(world: World, count: int) -> list[int]:
    people = await world.people(count)
    await world.store(
        *(Reaction(account_id=id_, status_id=world.status_id, name="👍") for id_ in people)
    )
    return people


async def notified(world: World, count: int) -> list[int]:
    rows = [
        Notification(account_id=world.ada.id, from_account_id=id_, type="follow")
        for id_ in await world.people(count)
    ]
    await world.store(*rows)
    return [row.id for row in rows]


@dataclass(frozen=True)
class List:
    """One list: how much it gives, and how its links are."""

    path: str
    fill: Fill
    default: int = 20
    maximum: int = 40
    of_accounts: bool = False

    def __str__(self) -> str:
        return self.path


def _accounts(path: str, fill: Fill) -> List:
    return List(path, fill, 40, 80, of_accounts=True)


LISTS = [
    List("/api/v1/timelines/home", own_statuses),
    List("/api/v1/timelines/public", own_statuses),
    List("/api/v1/timelines/tag/{name}", tagged),
    List("/api/v1/accounts/{account_id}/statuses", own_statuses),
    List("/api/v1/favourites", marked(Favourite)),
    List("/api/v1/bookmarks", marked(Bookmark)),
    List("/api/v1/notifications", notified, 40, 80),
    _accounts("/api/v1/accounts/{account_id}/followers", followed(towards_ada=True)),
    _accounts("/api/v1/accounts/{account_id}/following", followed(towards_ada=False)),
    _accounts("/api/v1/follow_requests", followed(towards_ada=True, accepted=False)),
    _accounts("/api/v1/statuses/{status_id}/favourited_by", favourited_by),
    _accounts("/api/v1/statuses/{status_id}/reblogged_by", reblogged_by),
    _accounts("/api/v1/statuses/{status_id}/emoji_reactioned_by", reacted_by),
]
EVERY_LIST = pytest.mark.parametrize("listing", LISTS, ids=str)


class Asking:
    """Reads one list as Ada."""

    def __init__(
        self, client: httpx.AsyncClient, world: World, listing: List, headers: dict[str, str]
    ) -> None:
        self.client, self.listing, self.headers = client, listing, headers
        self.url = listing.path.format(
            account_id=world.ada.id, status_id=world.status_id, name="LOUD"
        )

    async def page(self, **parameters: object) -> httpx.Response:
        return await self.at(str(httpx.URL(self.url, params=parameters)))

    async def at(self, url: str) -> httpx.Response:
        response = await self.client.get(url, headers=self.headers)
        assert response.status_code == 200, response.text
        return response

    async def pages(self, **parameters: object) -> AsyncIterator[httpx.Response]:
        """From the first page on, along the links."""
        response = await self.page(**parameters)
        while response.json():
            yield response
            if "next" not in response.links:
                return
            response = await self.at(response.links["next"]["url"])


def shown(response: httpx.Response) -> list[int]:
    """The ids in a page; of reactions, those of the accounts."""
    return [int(entry.get("id") or entry["account"]["id"]) for entry in response.json()]


def first_cursor(page: httpx.Response) -> int:
    """The cursor of the first row of a page: where what is newer begins."""
    return int(re.findall(r"(?:min|since)_id=(\d+)", page.links["prev"]["url"])[0])


@pytest.fixture
async def world(database: Database) -> World:
    ada = await make_account(database, last_status_on=date(2026, 1, 1))
    return World(database, ada, await make_status(database, ada, "What the lists are about"))


@EVERY_LIST
async def test_limits(client: httpx.AsyncClient, world: World, listing: List) -> None:
    expected = (await listing.fill(world, listing.maximum + 1))[::-1]
    asking = Asking(client, world, listing, await as_account(world.database, world.ada))

    for sent, length in (
        ({}, listing.default),
        ({"limit": 0}, listing.default),
        ({"limit": ""}, listing.default),
        ({"limit": "many"}, listing.default),
        ({"limit": 3}, 3),
        ({"limit": -3}, 3),
        ({"limit": listing.maximum}, listing.maximum),
        ({"limit": 10**30}, listing.maximum),
    ):
        assert shown(await asking.page(**sent)) == expected[:length], sent


@EVERY_LIST
async def test_walking(client: httpx.AsyncClient, world: World, listing: List) -> None:
    expected = (await listing.fill(world, 8))[::-1]
    asking = Asking(client, world, listing, await as_account(world.database, world.ada))

    pages = [page async for page in asking.pages(limit=3)]
    newest, last = pages[0], pages[-1]
    assert [id_ for page in pages for id_ in shown(page)] == expected
    # The last page of accounts is known by not being full; a timeline may go on.
    assert ("next" in last.links) is not listing.of_accounts
    for page in pages:
        assert all(link["url"].startswith("http://hardop.test/") for link in page.links.values())
        assert page.headers["link"].startswith("<")
        assert "limit=3" in page.links["prev"]["url"]
        if "next" in page.links:
            # toot reads a header only if it begins with this one (trap 13).
            assert page.headers["link"].partition(">;")[2].startswith(' rel="next"')

    kind = "since_id" if listing.of_accounts else "min_id"
    assert all(kind in page.links["prev"]["url"] for page in pages)

    # Back again: the page just above each cursor, newest first.
    highest, lowest = first_cursor(newest), first_cursor(last)
    found: list[int] = []
    above = await asking.page(limit=2, min_id=lowest)
    while above.json():
        found = shown(above) + found
        above = await asking.page(limit=2, min_id=first_cursor(above))
    assert found == expected[:6]

    assert shown(await asking.page(since_id=highest)) == []
    assert shown(await asking.page(limit=2, since_id=lowest)) == expected[:2]
    # min_id wins over since_id, and goes together with max_id.
    both = await asking.page(limit=2, min_id=lowest, since_id=highest)
    assert shown(both) == expected[4:6]
    assert shown(await asking.page(max_id=highest, min_id=lowest)) == expected[1:6]


@EVERY_LIST
async def test_an_empty_page_has_no_links(
    client: httpx.AsyncClient, world: World, listing: List
) -> None:
    asking = Asking(client, world, listing, await as_account(world.database, world.ada))

    response = await asking.page(max_id=1)

    assert response.json() == []
    assert "link" not in response.headers


@EVERY_LIST
async def test_links_keep_what_was_asked(
    client: httpx.AsyncClient, world: World, listing: List
) -> None:
    await listing.fill(world, 3)
    asking = Asking(client, world, listing, await as_account(world.database, world.ada))

    page = await asking.page(limit=1, **{"types[]": "follow"}, local="1", access_token="secret")

    for link in page.links.values():
        assert httpx.URL(link["url"]).params.multi_items()[:-1] == [
            ("limit", "1"),
            ("types[]", "follow"),
            ("local", "1"),
        ]


@EVERY_LIST
async def test_a_full_page_costs_what_one_row_costs(
    client: httpx.AsyncClient, world: World, listing: List, statements: Statements
) -> None:
    await listing.fill(world, listing.maximum)
    asking = Asking(client, world, listing, await as_account(world.database, world.ada))
    await asking.page(max_id=1)  # remembers the token
    statements.take()

    async def cost(limit: int) -> int:
        assert len((await asking.page(limit=limit)).json()) == limit
        return len(statements.take())

    # Nothing is rendered yet: both have to load bodies.
    for_one, for_all = await cost(1), await cost(listing.maximum)
    assert for_all <= for_one <= 5
    assert await cost(1) == await cost(listing.maximum) <= 3


def test_every_list_is_here(app: FastAPI) -> None:
    paged = {
        route.path
        for route in app.routes
        if isinstance(route, APIRoute)
        for dependency in route.dependant.dependencies
        if issubclass(parameters_of(dependency.call) or NoneType, Page)
    }

    assert paged == {listing.path for listing in LISTS}


@EVERY_LIST
@pytest.mark.parametrize("name", ["max_id", "since_id", "min_id"])
async def test_a_cursor_is_an_id(
    client: httpx.AsyncClient, world: World, listing: List, name: str
) -> None:
    headers = await as_account(world.database, world.ada)
    asking = Asking(client, world, listing, headers)

    for sent, status in (("9223372036854775807", 200), ("9223372036854775808", 422), ("x", 422)):
        response = await client.get(asking.url, params={name: sent}, headers=headers)
        assert response.status_code == status, sent
    assert (await asking.page(**{name: ""})).status_code == 200
