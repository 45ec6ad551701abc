"""Reading the profiles of others."""

import httpx
import pytest

from app import clock
from app.database import Database
from tests.factories import as_account, ids, make_account

pytestmark = pytest.mark.anyio


async def test_an_account_is_read_by_anybody(client: httpx.AsyncClient, database: Database) -> None:
    ada = await make_account(
        database,
        "Ada",
        display_name="Ada L.",
        note="Ask me about #engines",
        fields=[{"name": "Site", "value": "https://example.org"}],
    )

    found = (await client.get(f"/api/v1/accounts/{ada.id}")).json()

    assert (found["id"], found["acct"], found["display_name"]) == (str(ada.id), "Ada", "Ada L.")
    assert 'href="http://hardop.test/tags/engines"' in found["note"]
    assert found["fields"][0]["value"].startswith('<a href="https://example.org"')
    assert found["avatar"] == "http://hardop.test/static/avatar.png"
    assert "source" not in found


@pytest.mark.parametrize("id_", ["1", "ada", "99999999999999999999", "-1", "1.0"])
async def test_an_unknown_account_is_not_found(client: httpx.AsyncClient, id_: str) -> None:
    response = await client.get(f"/api/v1/accounts/{id_}")

    assert response.status_code == 404
    assert response.json()["error"] == "Record not found"


@pytest.mark.parametrize("state", [{"approved": False}, {"confirmed_at": None}])
async def test_who_may_not_log_in_yet_is_nobody(
    client: httpx.AsyncClient, database: Database, state: dict[str, object]
) -> None:
    ada = await make_account(database, "ada", **state)

    assert (await client.get(f"/api/v1/accounts/{ada.id}")).status_code == 404
    assert (await client.get("/api/v1/accounts/lookup?acct=ada")).status_code == 404
    assert (await client.get(f"/api/v1/accounts?id[]={ada.id}")).json() == []


async def test_a_suspended_account_says_nothing_of_itself(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_account(database, note="Hello", avatar="a.webp", suspended_at=clock.now())

    found = (await client.get(f"/api/v1/accounts/{ada.id}")).json()

    assert found["suspended"] is True
    assert (found["note"], found["display_name"], found["fields"]) == ("", "", [])
    assert found["avatar"].endswith("/static/avatar.png")


async def test_several_accounts_come_in_the_order_of_their_ids(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob = await make_account(database), await make_account(database)

    found = await client.get(f"/api/v1/accounts?id[]={bob.id}&id[]=1&id[]={ada.id}")
    one = await client.get(f"/api/v1/accounts?id={ada.id}")
    none = await client.get("/api/v1/accounts")

    assert ids(found.json()) == [str(bob.id), str(ada.id)]
    assert ids(one.json()) == [str(ada.id)]
    assert none.json() == []


async def test_more_than_forty_ids_are_refused(client: httpx.AsyncClient) -> None:
    most = "&".join(f"id[]={number}" for number in range(1, 41))

    assert (await client.get(f"/api/v1/accounts?{most}")).status_code == 200
    assert (await client.get(f"/api/v1/accounts?{most}&id[]=41")).status_code == 422


@pytest.mark.parametrize(
    "acct", ["ada", "@ADA", "Ada@hardop.test", "@ada@HARDOP.test", "ada@hardop.test"]
)
async def test_looking_up_a_name(client: httpx.AsyncClient, database: Database, acct: str) -> None:
    ada = await make_account(database, "Ada")

    found = await client.get("/api/v1/accounts/lookup", params={"acct": acct})

    assert found.json()["id"] == str(ada.id)


@pytest.mark.parametrize("acct", ["bob", "ada@elsewhere.test", "@", "ada bob", "ad%"])
async def test_looking_up_what_is_not_here(
    client: httpx.AsyncClient, database: Database, acct: str
) -> None:
    await make_account(database, "ada")

    assert (await client.get("/api/v1/accounts/lookup", params={"acct": acct})).status_code == 404


async def test_looking_up_nothing_is_a_mistake(client: httpx.AsyncClient) -> None:
    response = await client.get("/api/v1/accounts/lookup")

    assert response.status_code == 400
    assert response.json()["error"] == "param is missing or the value is empty: acct"


async def test_a_token_needs_the_scope(client: httpx.AsyncClient, database: Database) -> None:
    ada = await make_account(database)

    headers = await as_account(database, ada, "read:statuses")

    assert (await client.get(f"/api/v1/accounts/{ada.id}", headers=headers)).status_code == 403
