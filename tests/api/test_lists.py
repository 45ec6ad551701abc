"""What every list keeps to: its limits, its links, its order, its cost (HT-8, HT-9)."""

from types import NoneType

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from app.database import Database
from app.parameters import Page, parameters_of
from tests.api.filling import World
from tests.api.lists import (
    LISTS,
    Asking,
    List,
    as_ada,
    entries,
    first_cursor,
    make_world,
    shown,
)
from tests.conftest import Statements

pytestmark = pytest.mark.anyio

EVERY_LIST = pytest.mark.parametrize("listing", LISTS, ids=str)


@pytest.fixture
async def world(database: Database) -> World:
    return await make_world(database)


@EVERY_LIST
async def test_limits(client: httpx.AsyncClient, world: World, listing: List) -> None:
    expected = (await listing.fill(world, listing.maximum + 1))[::-1]
    asking = Asking(client, world, listing, await as_ada(world))

    for sent, length in (
        ({}, listing.default),
        ({"limit": 0}, len(expected) if listing.zero_is_all else listing.default),
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
    asking = Asking(client, world, listing, await as_ada(world))

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
    while entries(above):
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
    await listing.fill(world, 1)
    asking = Asking(client, world, listing, await as_ada(world))

    response = await asking.page(max_id=1)

    assert entries(response) == []
    assert "link" not in response.headers


@EVERY_LIST
async def test_links_keep_what_was_asked(
    client: httpx.AsyncClient, world: World, listing: List
) -> None:
    await listing.fill(world, 3)
    asking = Asking(client, world, listing, await as_ada(world))

    # Lists of our own refuse what they do not know (IN-6).
    others = {} if listing.is_own else {"types[]": "follow", "local": "1"}
    secret = {} if listing.is_own else {"access_token": "secret"}

    page = await asking.page(limit=1, **others, **secret)

    for link in page.links.values():
        assert httpx.URL(link["url"]).params.multi_items()[:-1] == [
            *listing.query.items(),
            ("limit", "1"),
            *others.items(),
        ]


@EVERY_LIST
async def test_a_full_page_costs_what_one_row_costs(
    client: httpx.AsyncClient, world: World, listing: List, statements: Statements
) -> None:
    await listing.fill(world, listing.maximum)
    asking = Asking(client, world, listing, await as_ada(world))
    await asking.page(max_id=1)  # remembers the token
    statements.take()

    async def cost(limit: int) -> int:
        assert len(entries(await asking.page(limit=limit))) == limit
        return len(statements.take())

    # Nothing is rendered yet: both have to load bodies.
    for_one, for_all = await cost(1), await cost(listing.maximum)
    # Taking one's turn at the audit log, its last entry, the new one.
    audit = 3 if listing.is_audited else 0
    assert for_all <= for_one <= 5 + audit
    assert await cost(1) == await cost(listing.maximum) <= 3 + audit


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
    await listing.fill(world, 1)
    headers = await as_ada(world)
    asking = Asking(client, world, listing, headers)

    for sent, status in (("9223372036854775807", 200), ("9223372036854775808", 422), ("x", 422)):
        response = await client.get(
            asking.url, params={**listing.query, name: sent}, headers=headers
        )
        assert response.status_code == status, sent
    assert (await asking.page(**{name: ""})).status_code == 200
