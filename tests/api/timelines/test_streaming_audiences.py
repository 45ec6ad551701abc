"""Who hears what: each viewer their own, and nobody what is not for them (ST-3)."""

import asyncio
import io
import json
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import httpx
import pytest
from PIL import Image

from app import clock
from app.database import Database
from app.domain.statuses import rows
from app.models.statuses.statuses import Visibility
from tests.factories import (
    as_account,
    make_account,
    make_follow,
    make_requests,
    make_status,
)
from tests.streams import event_source, heard_until_over, say_over

pytestmark = pytest.mark.anyio

STREAMING = "/api/v1/streaming"
ANNOUNCEMENTS = "/api/hardop/v1/admin/announcements"


async def test_what_a_viewer_may_see_is_decided_at_each_event(
    live: str,
    client: httpx.AsyncClient,
    database: Database,
    run_jobs: Callable[[], Awaitable[None]],
) -> None:
    """ST-3."""
    ada, bob = await make_account(database), await make_account(database)
    await make_follow(database, bob, ada)
    status_id = await make_status(database, ada, "To followers", visibility=Visibility.PRIVATE)
    await run_jobs()
    async with event_source(live, "user", await as_account(database, bob)) as home:
        # Their home still has it: clearing it is a job.
        await client.post(
            f"/api/v1/accounts/{ada.id}/unfollow", headers=await as_account(database, bob)
        )
        await client.put(
            f"/api/v1/statuses/{status_id}",
            json={"status": "No longer for everybody"},
            headers=await as_account(database, ada),
        )
        await say_over(database, bob.id)

        assert await heard_until_over(home) == []


async def test_hidden_authors_are_heard_by_others_only(
    live: str, client: httpx.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "_PAIRS_AT_ONCE", 3)
    ada, bob, cem, dia, eve = [await make_account(database) for _ in range(5)]
    for asking, verb in ((bob, "mute"), (cem, "block")):
        await client.post(
            f"/api/v1/accounts/{ada.id}/{verb}", headers=await as_account(database, asking)
        )
    await client.post(f"/api/v1/accounts/{dia.id}/block", headers=await as_account(database, ada))
    listeners = (bob, cem, dia, eve)
    async with AsyncExitStack() as stack:
        sources = [
            await stack.enter_async_context(
                event_source(live, "public", await as_account(database, each))
            )
            for each in listeners
        ]
        hidden = await make_status(database, ada, "Not for everybody")
        shown = await make_status(database, eve, "For everybody")

        heard = [(await source.until("update"))["id"] for source in sources]

    assert heard == [str(shown)] * 3 + [str(hidden)]


@pytest.mark.parametrize("path", ["public", "hashtag"])
async def test_the_silenced_are_heard_by_those_who_follow_them(
    live: str, database: Database, path: str
) -> None:
    """ST-3."""
    ada = await make_account(database, silenced_at=clock.now())
    bob, eve = await make_account(database), await make_account(database)
    await make_follow(database, bob, ada)
    async with (
        event_source(live, path, await as_account(database, bob), tag="loud") as follower,
        event_source(live, path, await as_account(database, eve), tag="loud") as stranger,
    ):
        said = [await make_status(database, each, "Listen #loud") for each in (ada, bob)]
        heard = [int((await follower.until("update"))["id"]) for _ in said]

        assert heard == said
        assert (await stranger.until("update"))["id"] == str(said[1])


async def test_each_viewer_gets_their_own_marks(
    live: str, client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob, eve = [await make_account(database) for _ in range(3)]
    status_id = await make_status(database, ada, "Like this #loud")
    url = f"/api/v1/statuses/{status_id}"
    await client.post(f"{url}/favourite", headers=await as_account(database, bob))
    async with (
        event_source(live, "public", await as_account(database, bob)) as fond,
        event_source(live, "public", await as_account(database, eve)) as cool,
    ):
        await client.put(url, json={"status": "Mended"}, headers=await as_account(database, ada))

        seen = [(await each.until("status.update"))["favourited"] for each in (fond, cool)]

    assert seen == [True, False]


async def test_notifications_are_heard_by_those_who_may_read_them(
    live: str,
    client: httpx.AsyncClient,
    database: Database,
    run_jobs: Callable[[], Awaitable[None]],
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    praise = {"account_id": str(bob.id), "topic": "tea", "statement": "Knows all about tea."}
    everything, only_statuses, only_notifications = [
        await as_account(database, bob, scopes)
        for scopes in ("read", "read:statuses", "read:notifications")
    ]
    async with (
        event_source(live, "user", everything) as home,
        event_source(live, "user/notification", only_notifications) as own,
        event_source(live, "user", only_statuses) as deaf,
    ):
        status_id = await make_status(database, ada, f"@{bob.username} look")
        await make_follow(database, ada, bob)
        said = await client.post(
            "/api/hardop/v1/endorsements", json=praise, headers=await as_account(database, ada)
        )
        await run_jobs()
        heard = [[await each.until("notification") for _ in range(3)] for each in (home, own)]
        await say_over(database, bob.id)

        assert await heard_until_over(deaf) == []

    told = {each["type"]: each for each in heard[0]}
    assert sorted(told) == ["endorsement", "follow", "mention"]
    assert heard[0] == heard[1]
    assert told["endorsement"]["endorsement"] == said.json()
    mention = told["mention"]
    assert (mention["account"]["id"], mention["status"]["id"]) == (str(ada.id), str(status_id))


async def test_accepted_requests_are_told_to_those_who_may_read_notifications(
    live: str, client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_account(database)
    [request_id] = await make_requests(database, ada, 1)
    everything, only_statuses, only_notifications = [
        await as_account(database, ada, scopes)
        for scopes in ("read write", "read:statuses", "read:notifications")
    ]
    async with (
        event_source(live, "user", everything) as home,
        event_source(live, "user/notification", only_notifications) as own,
        event_source(live, "user", only_statuses) as deaf,
    ):
        accepted = await client.post(
            f"/api/v1/notifications/requests/{request_id}/accept", headers=everything
        )
        heard = [await each.next() for each in (home, own)]
        await say_over(database, ada.id)

        assert await heard_until_over(deaf) == []

    assert accepted.status_code == 200
    assert heard == [{"event": "notifications_merged", "data": {}}] * 2


async def test_a_job_that_runs_twice_tells_once(
    live: str, database: Database, run_jobs: Callable[[], Awaitable[None]]
) -> None:
    ada = await make_account(database)
    async with event_source(live, "user", await as_account(database, ada)) as home:
        status_id = await make_status(database, ada)
        await database.fetch(
            "INSERT INTO jobs.pgqueuer (priority, entrypoint, payload, status, execute_after) "
            "SELECT priority, entrypoint, payload, status, execute_after FROM jobs.pgqueuer"
        )
        await run_jobs()
        await say_over(database, ada.id)

        assert await heard_until_over(home) == [("update", str(status_id))]


async def test_filters_changed_is_json(live: str, database: Database) -> None:
    ada = await make_account(database)
    async with event_source(live, "user", await as_account(database, ada)) as home:
        await say_over(database, ada.id)

        assert await home.next() == {"event": "filters_changed", "data": {}}


async def test_announcements_are_heard_by_everybody(
    live: str, client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    admin = await make_account(database, role="admin")
    headers = await as_account(database, admin, "read write admin:read admin:write")
    async with (
        event_source(live, "user", await as_account(database, ada)) as one,
        event_source(live, "user", await as_account(database, bob)) as other,
    ):
        made = await client.post(
            ANNOUNCEMENTS,
            json={"text": f"Listen, @{bob.username}: #loud"},
            headers=headers,
        )
        announced = [await each.until("announcement") for each in (one, other)]
        path = f"/api/v1/announcements/{announced[0]['id']}"
        emoji = await client.put(f"{path}/reactions/👍", headers=await as_account(database, ada))
        added = await other.until("announcement.reaction")
        await client.delete(f"{path}/reactions/👍", headers=await as_account(database, ada))
        taken = await other.until("announcement.reaction")
        await client.delete(
            f"/api/hardop/v1/admin/announcements/{announced[0]['id']}", headers=headers
        )
        gone = await one.until("announcement.delete")

    assert (made.status_code, emoji.status_code) == (200, 200)
    assert announced[0] == announced[1]
    assert f"@<span>{bob.username}</span>" in announced[0]["content"]
    assert added == {"name": "👍", "count": 1, "announcement_id": announced[0]["id"]}
    assert taken == {"name": "👍", "count": 0, "announcement_id": announced[0]["id"]}
    assert str(gone) == announced[0]["id"]
    json.dumps(announced)


async def test_what_is_said_among_a_few_is_heard_by_them(
    live: str, client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob, eve = [await make_account(database) for _ in range(3)]
    async with (
        event_source(live, "direct", await as_account(database, ada)) as author,
        event_source(live, "direct", await as_account(database, bob)) as reader,
        event_source(live, "direct", await as_account(database, eve)) as stranger,
        event_source(live, "user", await as_account(database, eve)) as end,
    ):
        status_id = await make_status(
            database, ada, f"@{bob.username} psst", visibility=Visibility.DIRECT
        )
        heard = [await each.until("conversation") for each in (author, reader)]
        await say_over(database, eve.id)
        await end.until("filters_changed")
        listed = await client.get("/api/v1/conversations", headers=await as_account(database, bob))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await stranger.next()

    assert heard[1] == listed.json()[0]
    assert [each["unread"] for each in heard] == [False, True]
    assert [each["accounts"][0]["id"] for each in heard] == [str(bob.id), str(ada.id)]
    assert {each["last_status"]["id"] for each in heard} == {str(status_id)}


async def test_media_streams_hear_of_media_only(
    live: str,
    client: httpx.AsyncClient,
    database: Database,
    run_jobs: Callable[[], Awaitable[None]],
) -> None:
    ada = await make_account(database)
    headers = await as_account(database, ada)
    pictures = [await upload(client, headers) for _ in range(2)]
    await run_jobs()

    async def show(picture: str) -> str:
        sent = {"status": "Look", "media_ids": [picture]}
        return str((await client.post("/api/v1/statuses", json=sent, headers=headers)).json()["id"])

    async with (
        event_source(live, "public", headers, only_media="true") as media,
        event_source(live, "public/local", headers, only_media="1") as local,
    ):
        await make_status(database, ada, "Words alone")
        first = await show(pictures[0])
        await client.put(f"/api/v1/statuses/{first}", json={"status": "Gone"}, headers=headers)
        second = await show(pictures[1])
        heard = [(await each.next())["data"]["id"] for each in (media, local) for _ in range(2)]

    assert heard == [first, second] * 2


async def upload(client: httpx.AsyncClient, headers: dict[str, str]) -> str:
    """The id of a picture."""
    picture = io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    uploaded = await client.post(
        "/api/v2/media", files={"file": ("dot.png", picture.getvalue())}, headers=headers
    )
    return str(uploaded.json()["id"])
