"""Notification requests: what is kept aside, until somebody decides."""

from typing import Any

import httpx
import pytest

from app.database import Database
from tests.conftest import RunJobs
from tests.factories import as_account, ids, make_account, make_requests, make_status

pytestmark = pytest.mark.anyio

URL = "/api/v1/notifications/requests"
POLICY = "/api/v2/notifications/policy"


class Reader:
    """Somebody who keeps aside what comes from those they do not follow."""

    def __init__(self, client: httpx.AsyncClient, headers: dict[str, str]) -> None:
        self.client, self.headers = client, headers

    async def get(self, url: str) -> Any:
        response = await self.client.get(url, headers=self.headers)
        assert response.status_code == 200, response.text
        return response.json()

    async def post(self, url: str, **sent: Any) -> None:
        response = await self.client.post(url, json=sent or None, headers=self.headers)
        assert (response.status_code, response.json()) == (200, {}), response.text

    async def told(self, query: str = "") -> list[str]:
        notifications = await self.get(f"/api/v1/notifications?{query}")
        groups = (await self.get(f"/api/v2/notifications?{query}"))["notification_groups"]
        counts = [
            (await self.get(f"/api/v{version}/notifications/unread_count?{query}"))["count"]
            for version in (1, 2)
        ]
        assert counts == [len(notifications), len(groups)] == [len(groups)] * 2
        return [entry["type"] for entry in notifications]

    async def summary(self) -> tuple[int, int]:
        found = (await self.get(POLICY))["summary"]
        return found["pending_requests_count"], found["pending_notifications_count"]


@pytest.fixture
async def ada(client: httpx.AsyncClient, database: Database) -> Reader:
    headers = await as_account(database, await make_account(database, "ada"))
    await client.patch(POLICY, json={"for_not_following": "filter"}, headers=headers)
    return Reader(client, headers)


async def test_what_is_kept_aside_is_merged_when_it_is_accepted(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs, ada: Reader
) -> None:
    bob, eve = await make_account(database, "bob"), await make_account(database, "eve")
    mine = int(
        (
            await client.post("/api/v1/statuses", json={"status": "Mine"}, headers=ada.headers)
        ).json()["id"]
    )
    await make_status(database, bob, "@ada first")
    last = await make_status(database, bob, "@ada second")
    as_bob = await as_account(database, bob)
    await client.post(f"/api/v1/statuses/{mine}/favourite", headers=as_bob)
    await run_jobs()
    await make_status(database, eve, "@ada third")
    await run_jobs()

    assert await ada.told() == []
    assert len(await ada.told("include_filtered=1")) == 4
    # Who asks for one account's wants to see all of it.
    assert len(await ada.told(f"account_id={bob.id}")) == 3
    by_eve, by_bob = await ada.get(URL)
    assert [by_eve["account"]["username"], by_bob["account"]["username"]] == ["eve", "bob"]
    assert by_bob["notifications_count"] == "3"
    assert by_bob["last_status"]["id"] == str(last)
    assert by_bob["created_at"] <= by_bob["updated_at"]
    assert await ada.get(f"{URL}/{by_bob['id']}") == by_bob
    assert await ada.summary() == (2, 4)
    [first, *_] = await ada.get("/api/v1/notifications?include_filtered=1")
    assert first["filtered"] is True

    await ada.post(f"{URL}/{by_bob['id']}/accept")

    assert await ada.get(f"{URL}/merged") == {"merged": True}
    assert sorted(await ada.told()) == ["favourite", "mention", "mention"]
    assert ids(await ada.get(URL)) == [by_eve["id"]]
    assert await ada.summary() == (1, 1)
    [merged] = await database.fetch(
        "SELECT payload FROM events WHERE name = 'notifications.merged'"
    )
    assert merged
    # From now on Bob is heard.
    await make_status(database, bob, "@ada fourth")
    await run_jobs()
    assert len(await ada.told()) == 4
    again = await client.post(f"{URL}/{by_bob['id']}/accept", headers=ada.headers)
    assert again.status_code == 404


async def test_what_is_dismissed_is_dropped_until_more_comes(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs, ada: Reader
) -> None:
    bob = await make_account(database, "bob")
    await make_status(database, bob, "@ada first")
    await run_jobs()
    [request] = await ada.get(URL)

    await ada.post(f"{URL}/{request['id']}/dismiss")

    assert await ada.get(URL) == []
    assert await ada.told("include_filtered=1") == []
    gone = f"{URL}/{request['id']}"
    assert (await client.get(gone, headers=ada.headers)).status_code == 404
    assert (await client.post(f"{gone}/dismiss", headers=ada.headers)).status_code == 404
    await make_status(database, bob, "@ada second")
    await run_jobs()
    assert [entry["notifications_count"] for entry in await ada.get(URL)] == ["1"]


async def test_several_at_once(database: Database, ada: Reader) -> None:
    account = await ada.get("/api/v1/accounts/verify_credentials")
    me = await make_account(database)
    [somebody_elses] = await make_requests(database, me, 1)
    me.id = int(account["id"])
    first, second, third = await make_requests(database, me, 3)

    await ada.post(f"{URL}/accept", id=[first, second, 1, somebody_elses])
    assert ids(await ada.get(URL)) == [str(third)]
    assert len(await ada.told()) == 2
    await ada.post(f"{URL}/dismiss", id=[str(third), str(somebody_elses)])
    await ada.post(f"{URL}/dismiss")
    assert await ada.get(URL) == []
    assert await database.fetch("SELECT id FROM notification_requests") == [(somebody_elses,)]


async def test_a_request_of_which_nothing_is_left_is_none(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs, ada: Reader
) -> None:
    bob = await make_account(database)
    headers = await as_account(database, bob)
    ada_id = (await ada.get("/api/v1/accounts/verify_credentials"))["id"]
    await client.post(f"/api/v1/accounts/{ada_id}/follow", headers=headers)
    await run_jobs()
    [request] = await ada.get(URL)
    assert request["last_status"] is None

    await client.post(f"/api/v1/accounts/{ada_id}/unfollow", headers=headers)
    await run_jobs()

    assert await ada.get(URL) == []
    assert await ada.summary() == (0, 0)
    gone = await client.get(f"{URL}/{request['id']}", headers=ada.headers)
    assert gone.status_code == 404
