"""Pins: what somebody shows on top of their profile."""

import asyncio

import httpx
import pytest

from app.database import Database
from app.models.statuses.statuses import Visibility
from tests.factories import as_account, ids, make_account, make_follow, make_reblog, make_status

pytestmark = pytest.mark.anyio

URL = "/api/v1/statuses"
TOO_MANY = "Validation failed: You have already pinned the maximum number of posts"


async def test_the_latest_pin_comes_first(client: httpx.AsyncClient, database: Database) -> None:
    ada = await make_account(database)
    headers = await as_account(database, ada)
    first, second, _ = [await make_status(database, ada, f"Said {n}") for n in range(3)]
    listing = f"/api/v1/accounts/{ada.id}/statuses?pinned=true"

    for status_id in (second, first, second):  # twice is once
        pinned = await client.post(f"{URL}/{status_id}/pin", headers=headers)
        assert pinned.json()["pinned"] is True, pinned.text

    assert ids((await client.get(listing)).json()) == [str(first), str(second)]
    page = await client.get(f"{listing}&limit=1")
    assert ids(page.json()) == [str(first)]
    assert ids((await client.get(page.links["next"]["url"])).json()) == [str(second)]

    for _ in range(2):
        unpinned = await client.post(f"{URL}/{first}/unpin", headers=headers)
        assert unpinned.json()["pinned"] is False
    assert ids((await client.get(listing)).json()) == [str(second)]

    await client.delete(f"{URL}/{second}", headers=headers)
    assert (await client.get(listing)).json() == []


async def test_only_the_owner_is_told_whether_it_is_pinned(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    owner, other = await as_account(database, ada), await as_account(database, bob)
    status_id = await make_status(database, ada)
    direct = await make_status(database, ada, visibility=Visibility.DIRECT)
    wrapper = await make_reblog(database, ada, status_id)
    await client.post(f"{URL}/{status_id}/pin", headers=owner)

    assert (await client.get(f"{URL}/{status_id}", headers=owner)).json()["pinned"] is True
    assert "pinned" not in (await client.get(f"{URL}/{status_id}", headers=other)).json()
    assert "pinned" not in (await client.get(f"{URL}/{status_id}")).json()
    assert "pinned" not in (await client.get(f"{URL}/{direct}", headers=owner)).json()
    passed_on = (await client.get(f"{URL}/{wrapper}", headers=owner)).json()
    assert "pinned" not in passed_on
    assert passed_on["reblog"]["pinned"] is True


async def test_private_pins_are_for_followers(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    status_id = await make_status(database, ada, visibility=Visibility.PRIVATE)
    await client.post(f"{URL}/{status_id}/pin", headers=await as_account(database, ada))
    headers = await as_account(database, bob)
    listing = f"/api/v1/accounts/{ada.id}/statuses?pinned=true"

    assert (await client.get(listing, headers=headers)).json() == []
    await make_follow(database, bob, ada)
    assert ids((await client.get(listing, headers=headers)).json()) == [str(status_id)]


async def test_what_cannot_be_pinned(client: httpx.AsyncClient, database: Database) -> None:
    ada, bob = await make_account(database), await make_account(database)
    headers = await as_account(database, ada)
    others = await make_status(database, bob)
    refused = {
        others: "Validation failed: Someone else's post cannot be pinned",
        await make_reblog(database, ada, others): "Validation failed: A boost cannot be pinned",
        await make_status(database, ada, visibility=Visibility.DIRECT): (
            "Validation failed: Posts that are only visible to mentioned users cannot be pinned"
        ),
    }

    for status_id, text in refused.items():
        response = await client.post(f"{URL}/{status_id}/pin", headers=headers)
        assert (response.status_code, response.json()["error"]) == (422, text)
    hidden = await make_status(database, bob, visibility=Visibility.PRIVATE)
    assert (await client.post(f"{URL}/{hidden}/pin", headers=headers)).status_code == 404


async def test_five_can_be_pinned_whatever_happens_at_once(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_account(database)
    headers = await as_account(database, ada)
    statuses = [await make_status(database, ada, f"Said {n}") for n in range(8)]

    answers = await asyncio.gather(
        *(client.post(f"{URL}/{status_id}/pin", headers=headers) for status_id in statuses)
    )

    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [422] * 3
    assert {answer.json()["error"] for answer in answers if answer.is_error} == {TOO_MANY}
    listing = await client.get(f"/api/v1/accounts/{ada.id}/statuses?pinned=true")
    assert len(listing.json()) == 5
