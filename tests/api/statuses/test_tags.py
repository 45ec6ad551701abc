"""Hashtags by name."""

import httpx
import pytest

from app.database import Database
from tests.factories import as_account, make_account, make_status

pytestmark = pytest.mark.anyio


async def test_a_tag_counts_people_and_uses_of_the_last_days(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    for account in (ada, ada, bob):
        await make_status(database, account, "About #WaterQuality")

    tag = (await client.get("/api/v1/tags/waterquality")).json()

    assert tag["name"] == "WaterQuality"
    assert tag["url"] == "http://hardop.test/tags/waterquality"
    assert len(tag["history"]) == 7
    assert (tag["history"][0]["accounts"], tag["history"][0]["uses"]) == ("2", "3")
    assert "following" not in tag


async def test_a_tag_that_nobody_used_is_there_and_an_impossible_one_is_not(
    client: httpx.AsyncClient, database: Database
) -> None:
    headers = await as_account(database, await make_account(database))

    new = await client.get("/api/v1/tags/brandnew", headers=headers)

    assert (new.json()["id"], new.json()["following"]) == ("", False)
    assert (await client.get("/api/v1/tags/123", headers=headers)).status_code == 404
