"""The directory of people."""

from datetime import date
from typing import Any

import httpx
import pytest

from app import clock
from app.database import Database
from tests.conftest import Statements
from tests.factories import as_account, ids, make_account, make_follow

pytestmark = pytest.mark.anyio

URL = "/api/v1/directory"


async def listed(client: httpx.AsyncClient, query: str = "", **options: Any) -> list[str]:
    response = await client.get(URL + query, **options)
    assert "link" not in response.headers
    return ids(response.json())


async def test_who_posted_last_comes_first_or_who_came_last(
    client: httpx.AsyncClient, database: Database
) -> None:
    early, late, never, newest = [
        str((await make_account(database, last_status_on=day)).id)
        for day in (date(2026, 3, 1), date(2026, 3, 2), None, None)
    ]

    assert await listed(client) == [late, early, newest, never]
    assert await listed(client, "?order=active&local=true") == [late, early, newest, never]
    assert await listed(client, "?order=new") == [newest, never, late, early]
    assert await listed(client, "?order=new&limit=2&offset=1") == [never, late]
    assert await listed(client, "?offset=4") == []


@pytest.mark.parametrize("query", ["?order=best", "?offset=-1"])
async def test_what_is_no_order_or_place_is_a_mistake(
    client: httpx.AsyncClient, query: str
) -> None:
    assert (await client.get(URL + query)).status_code == 400


@pytest.mark.parametrize(
    "state",
    [
        {"discoverable": False},
        {"suspended_at": clock.now()},
        {"silenced_at": clock.now()},
        {"approved": False},
        {"confirmed_at": None},
    ],
    ids=lambda state: next(iter(state)),
)
async def test_some_are_not_listed(
    client: httpx.AsyncClient, database: Database, state: dict[str, Any]
) -> None:
    await make_account(database, **state)

    assert await listed(client) == []


async def test_who_follows_the_silenced_finds_them(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob = await make_account(database), await make_account(database, silenced_at=clock.now())
    await make_follow(database, ada, bob)
    headers = await as_account(database, ada)

    assert await listed(client, "?order=new", headers=headers) == [str(bob.id), str(ada.id)]


async def test_limits_and_cost(
    client: httpx.AsyncClient, database: Database, statements: Statements
) -> None:
    for _ in range(81):
        await make_account(database)

    for query, length in (("", 40), ("?limit=0", 40), ("?limit=1000", 80), ("?limit=-3", 3)):
        assert len(await listed(client, query)) == length
    statements.take()
    for limit in (1, 80):
        await listed(client, f"?limit={limit}")
        assert len(statements.take()) == 1
