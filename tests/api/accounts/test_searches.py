"""Completing the names of people."""

import httpx
import pytest

from app.database import Database
from tests.factories import as_account, ids, make_account, make_follow, make_status

pytestmark = pytest.mark.anyio


async def found(client: httpx.AsyncClient, headers: dict[str, str], **params: object) -> list[str]:
    response = await client.get(
        "/api/v1/accounts/search",
        params={name: str(value) for name, value in params.items()},
        headers=headers,
    )
    assert response.status_code == 200, response.text
    return [account["username"] for account in response.json()]


async def test_the_exact_name_first_then_beginnings_then_other_words_of_names(
    client: httpx.AsyncClient, database: Database
) -> None:
    await make_account(database, "xavier", display_name="Xavier Jansen")
    await make_account(database, "shown", display_name="Jan van Dijk")
    await make_account(database, "jansje")
    await make_account(database, "janna")
    me = await make_account(database, "jan")
    await make_account(database, "other", note="Works with jan")
    headers = await as_account(database, me)

    everybody = ["jan", "janna", "jansje", "shown", "xavier"]
    for typed in ("jan", "@jan", "JAN", " jan "):
        assert await found(client, headers, q=typed) == everybody, typed
    assert await found(client, headers, q="jan@hardop.test") == everybody
    assert await found(client, headers, q="jan@elsewhere.test") == []


async def test_words_of_profiles_and_statuses_are_not_names(
    client: httpx.AsyncClient, database: Database
) -> None:
    me = await make_account(database, "me", note="pumps")
    await make_status(database, me, "pumps")

    assert await found(client, await as_account(database, me), q="pumps") == []


async def test_several_words_may_be_a_question(
    client: httpx.AsyncClient, database: Database
) -> None:
    knows = await make_account(database, "knows")
    await make_status(database, knows, "The nitrate sensors are in the water")
    await make_account(database, "named", display_name="Nitrate Sensors")
    headers = await as_account(database, await make_account(database))

    assert await found(client, headers, q="nitrate sensors") == ["named", "knows"]
    assert await found(client, headers, q="nitrate") == ["named"]
    assert await found(client, headers, q="@nitrate sensors") == ["named"]


async def test_only_the_followed_and_pages_by_offset(
    client: httpx.AsyncClient, database: Database
) -> None:
    me, first, second = [
        await make_account(database, name) for name in ("me", "colleague_a", "colleague_b")
    ]
    await make_follow(database, me, second)
    headers = await as_account(database, me)
    url = "/api/v1/accounts/search?q=coll"

    everybody = await client.get(url, headers=headers)
    followed = await client.get(f"{url}&following=true", headers=headers)
    later = await client.get(f"{url}&limit=1&offset=1", headers=headers)

    assert ids(everybody.json()) == [str(first.id), str(second.id)]
    assert ids(followed.json()) == ids(later.json()) == [str(second.id)]


async def test_a_search_needs_words_and_a_user(
    client: httpx.AsyncClient, database: Database
) -> None:
    headers = await as_account(database, await make_account(database))

    missing = await client.get("/api/v1/accounts/search?q=", headers=headers)

    assert missing.json()["error"] == "param is missing or the value is empty: q"
    assert missing.status_code == 400
    assert (await client.get("/api/v1/accounts/search?q=a")).status_code == 401
