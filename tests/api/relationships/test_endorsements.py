"""Featuring people on one's profile."""

import asyncio

import httpx
import pytest

from app.database import Database
from tests.factories import as_account, ids, make_account, make_follow

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(("verb", "opposite"), [("endorse", "unendorse"), ("pin", "unpin")])
async def test_endorsing_and_back(
    client: httpx.AsyncClient, database: Database, verb: str, opposite: str
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    await make_follow(database, ada, bob)
    headers = await as_account(database, ada)
    url = f"/api/v1/accounts/{bob.id}"

    for _ in range(2):  # twice is once
        assert (await client.post(f"{url}/{verb}", headers=headers)).json()["endorsed"] is True
    # Whom they feature is for everybody to see.
    for path in (f"accounts/{ada.id}/endorsements", "endorsements"):
        assert ids((await client.get(f"/api/v1/{path}", headers=headers)).json()) == [str(bob.id)]
    shown = await client.get(f"/api/v1/accounts/{ada.id}/endorsements")
    assert ids(shown.json()) == [str(bob.id)]

    for _ in range(2):
        response = await client.post(f"{url}/{opposite}", headers=headers)
        assert response.json()["endorsed"] is False
    assert (await client.get("/api/v1/endorsements", headers=headers)).json() == []


async def test_only_whom_one_follows(client: httpx.AsyncClient, database: Database) -> None:
    ada, bob = await make_account(database), await make_account(database, locked=True)
    await make_follow(database, ada, bob)  # asks
    headers = await as_account(database, ada)

    response = await client.post(f"/api/v1/accounts/{bob.id}/endorse", headers=headers)

    assert response.status_code == 422
    assert response.json()["error"] == (
        "Validation failed: You must be already following the person you want to endorse"
    )


async def test_it_ends_with_the_follow(client: httpx.AsyncClient, database: Database) -> None:
    ada, bob = await make_account(database), await make_account(database)
    headers = await as_account(database, ada)
    url = f"/api/v1/accounts/{bob.id}"

    for ending in ("unfollow", "block"):
        await make_follow(database, ada, bob)
        endorsed = await client.post(f"{url}/endorse", headers=headers)
        assert endorsed.json()["endorsed"] is True
        ended = await client.post(f"{url}/{ending}", headers=headers)
        assert ended.json()["endorsed"] is False


async def test_endorsing_while_unfollowing(client: httpx.AsyncClient, database: Database) -> None:
    ada, bob = await make_account(database), await make_account(database)
    headers = await as_account(database, ada)
    url = f"/api/v1/accounts/{bob.id}"

    for _ in range(4):
        await make_follow(database, ada, bob)
        answers = await asyncio.gather(
            *(client.post(f"{url}/{verb}", headers=headers) for verb in ("endorse", "unfollow") * 3)
        )
        assert {answer.status_code for answer in answers} <= {200, 422}
        assert await database.fetch("SELECT FROM endorsements") == []


async def test_nobody_for_nobody(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/v1/accounts/1/endorsements")).status_code == 404
