"""How the caller stands to other accounts."""

import httpx
import pytest

from app.database import Database
from tests.conftest import Statements
from tests.factories import as_account, ids, make_account, make_follow

pytestmark = pytest.mark.anyio

URL = "/api/v1/accounts/relationships"


async def test_each_existing_account_once_in_order(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob, eve = [await make_account(database) for _ in range(3)]
    await make_follow(database, ada, bob)
    await make_follow(database, eve, ada)
    headers = await as_account(database, ada)
    asked = [eve.id, 1, bob.id, eve.id, ada.id]

    response = await client.get(URL, params={"id[]": [str(id_) for id_ in asked]}, headers=headers)

    found = response.json()
    assert ids(found) == [str(eve.id), str(bob.id), str(ada.id)]
    assert [(one["following"], one["followed_by"]) for one in found] == [
        (False, True),
        (True, False),
        (False, False),
    ]


@pytest.mark.parametrize("query", ["", "?id=", "?id[]="])
async def test_asking_for_nobody(client: httpx.AsyncClient, database: Database, query: str) -> None:
    headers = await as_account(database, await make_account(database))

    assert (await client.get(URL + query, headers=headers)).json() == []


@pytest.mark.parametrize("query", ["id=%d", "id[]=%d", "id[0]=%d"])
async def test_every_way_to_send_an_id(
    client: httpx.AsyncClient, database: Database, query: str
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    headers = await as_account(database, ada)

    found = await client.get(f"{URL}?{query % bob.id}", headers=headers)

    assert ids(found.json()) == [str(bob.id)]


async def test_twenty_cost_as_much_as_one(
    client: httpx.AsyncClient, database: Database, statements: Statements
) -> None:
    ada = await make_account(database)
    headers = await as_account(database, ada)
    others = [await make_account(database) for _ in range(20)]
    await make_follow(database, ada, *others)
    await client.get(URL, headers=headers)  # remembers the token

    async def cost(count: int) -> int:
        statements.take()
        asked = [str(account.id) for account in others[:count]]
        answer = await client.get(URL, params={"id[]": asked}, headers=headers)
        assert len(answer.json()) == count
        return len(statements.take())

    assert await cost(1) == await cost(20) == 1


FAMILIAR = "/api/v1/accounts/familiar_followers"


async def test_familiar_followers(client: httpx.AsyncClient, database: Database) -> None:
    ada, bob, eve, joe = [await make_account(database) for _ in range(4)]
    private = await make_account(database, hide_collections=True)
    await make_follow(database, ada, bob, eve)
    for one in (bob, eve, joe):
        await make_follow(database, one, private)
    # Joe is not familiar; the latest follow comes first.
    for one in (bob, joe, eve):
        await make_follow(database, one, ada)
    headers = await as_account(database, ada)
    asked = [ada.id, private.id, joe.id, 1, ada.id]

    # One client sends the ids in a body.
    response = await client.request(
        "GET", FAMILIAR, json={"id": [str(id_) for id_ in asked]}, headers=headers
    )

    found = response.json()
    assert [(one["id"], ids(one["accounts"])) for one in found] == [
        (str(ada.id), [str(eve.id), str(bob.id)]),
        (str(private.id), []),
        (str(joe.id), []),
    ]
    assert (await client.get(FAMILIAR, headers=headers)).json() == []


async def test_familiar_followers_cost_the_same_for_many(
    client: httpx.AsyncClient, database: Database, statements: Statements
) -> None:
    ada, *people = [await make_account(database) for _ in range(5)]
    await make_follow(database, ada, *people)
    for one in people:
        await make_follow(database, one, *(other for other in people if other is not one))
    headers = await as_account(database, ada)
    await client.get(FAMILIAR, headers=headers)
    statements.take()

    asked = {"id[]": [str(one.id) for one in people]}
    response = await client.get(FAMILIAR, params=asked, headers=headers)

    assert [len(one["accounts"]) for one in response.json()] == [3] * 4
    assert len(statements.take()) == 2
