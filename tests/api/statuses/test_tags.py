"""Hashtags by name."""

from typing import Any

import httpx
import pytest

from app import clock
from app.database import Database
from app.models.statuses.statuses import Visibility
from tests.conftest import RunJobs
from tests.factories import as_account, ids, make_account, make_follow, make_reblog, make_status

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


async def tag(client: httpx.AsyncClient, headers: dict[str, str], path: str) -> dict[str, Any]:
    method = "GET" if path.count("/") == 0 else "POST"
    response = await client.request(method, f"/api/v1/tags/{path}", headers=headers)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


@pytest.mark.parametrize(
    ("verb", "opposite", "mark"),
    [("follow", "unfollow", "following"), ("feature", "unfeature", "featuring")],
)
async def test_following_and_featuring_a_tag(
    client: httpx.AsyncClient, database: Database, verb: str, opposite: str, mark: str
) -> None:
    headers = await as_account(database, await make_account(database))

    # Also one that nobody used yet; in any spelling it is the same.
    for name in ("Böhne", "BOHNE"):
        assert (await tag(client, headers, f"{name}/{verb}"))[mark] is True
    found = await tag(client, headers, "bohne")
    assert found["id"]
    assert (found["name"], found[mark]) == ("Böhne", True)
    stranger = await as_account(database, await make_account(database))
    assert (await tag(client, stranger, "bohne"))[mark] is False

    for _ in range(2):
        assert (await tag(client, headers, f"bohne/{opposite}"))[mark] is False
    nobody = await client.post(f"/api/v1/tags/no-tag/{verb}", headers=headers)
    assert nobody.status_code == 404


async def test_followed_tags(client: httpx.AsyncClient, database: Database) -> None:
    headers = await as_account(database, await make_account(database))
    for name in ("Quiet", "loud"):
        await tag(client, headers, f"{name}/follow")

    found = (await client.get("/api/v1/followed_tags", headers=headers)).json()

    assert [(one["name"], one["following"]) for one in found] == [("loud", True), ("Quiet", True)]


async def test_a_followed_tag_comes_home(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    ada, bob, eve, joe = [await make_account(database) for _ in range(4)]
    await make_follow(database, ada, eve)
    headers = await as_account(database, ada)

    async def home() -> list[int]:
        await run_jobs()
        return [
            int(id_)
            for id_ in ids((await client.get("/api/v1/timelines/home", headers=headers)).json())
        ]

    before = await make_status(database, bob, "#loud #clear")
    followed = await make_status(database, eve, "#loud")
    await client.post(f"/api/v1/accounts/{joe.id}/mute", headers=headers)
    for _ in range(2):
        await tag(client, headers, "loud/follow")
    # What was said lately comes, too.
    assert await home() == [followed, before]

    later = await make_status(database, bob, "#Loud again", in_reply_to_id=before)
    # Not: for a few only, of somebody hidden, about them, of somebody silenced, passed on.
    for visibility in (Visibility.UNLISTED, Visibility.PRIVATE):
        await make_status(database, bob, "#loud", visibility=visibility)
    await make_status(database, joe, "#loud")
    await make_status(database, bob, f"#loud @{joe.username}")
    await make_status(database, await make_account(database, silenced_at=clock.now()), "#loud")
    await make_reblog(database, joe, later)
    assert await home() == [later, followed, before]

    # What came for another reason stays.
    await tag(client, headers, "clear/follow")
    await tag(client, headers, "loud/unfollow")
    assert await home() == [followed, before]
    await tag(client, headers, "clear/unfollow")
    assert await home() == [followed]
    await tag(client, headers, "loud/follow")
    await client.post(f"/api/v1/accounts/{eve.id}/unfollow", headers=headers)
    assert await home() == [later, followed, before]
