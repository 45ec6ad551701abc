"""Server-sent events: what is told, to whom, and when it ends (ST-1 to ST-5)."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import httpx
import pytest
from fastapi import FastAPI

from app.database import Database
from app.models.statuses.statuses import Visibility
from app.streaming import event_streams, hub
from tests.factories import (
    as_account,
    make_account,
    make_follow,
    make_reblog,
    make_status,
    make_token,
)
from tests.streams import event_source, heard_until_over, say_over

pytestmark = pytest.mark.anyio

STREAMING = "/api/v1/streaming"
ANNOUNCEMENTS = "/api/hardop/v1/admin/announcements"


async def test_health(client: httpx.AsyncClient) -> None:
    response = await client.get(f"{STREAMING}/health")

    assert (response.status_code, response.text) == (200, "OK")
    assert response.headers["content-type"].startswith("text/plain")


async def test_home_hears_what_comes_home(
    live: str, database: Database, run_jobs: Callable[[], Awaitable[None]]
) -> None:
    ada, bob, eve = [await make_account(database) for _ in range(3)]
    await make_follow(database, bob, ada)
    await run_jobs()
    headers = await as_account(database, bob)
    async with (
        event_source(live, "user", headers) as home,
        httpx.AsyncClient(base_url=live, trust_env=False) as client,
    ):
        first = await make_status(database, ada, "To followers", visibility=Visibility.PRIVATE)
        await make_status(database, eve, "To nobody here")
        own = await make_status(database, bob, "Mine")
        await run_jobs()

        heard = [await home.until("update") for _ in range(2)]
        shown = (await client.get(f"/api/v1/statuses/{first}", headers=headers)).json()

    assert {status["id"] for status in heard} == {str(first), str(own)}
    assert shown in heard


async def test_edits_and_deletions_are_heard_where_the_status_is(
    live: str,
    client: httpx.AsyncClient,
    database: Database,
    run_jobs: Callable[[], Awaitable[None]],
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    await make_follow(database, bob, ada)
    status_id = await make_status(database, ada, "A first try #loud")
    await run_jobs()
    headers, url = await as_account(database, ada), f"/api/v1/statuses/{status_id}"
    async with (
        event_source(live, "user", await as_account(database, bob)) as home,
        event_source(live, "public", await as_account(database, bob)) as public,
        event_source(live, "hashtag", await as_account(database, bob), tag="Loud") as tag,
    ):
        await client.put(url, json={"status": "Another try #loud"}, headers=headers)
        edits = [await each.until("status.update") for each in (home, public, tag)]
        await client.delete(url, headers=headers)
        deletions = [await each.next() for each in (home, public, tag)]

    assert all("Another try" in edit["content"] for edit in edits)
    assert [edit["id"] for edit in edits] == [str(status_id)] * 3
    # Clients that read JSON need digits.
    assert deletions == [{"event": "delete", "data": status_id}] * 3


async def test_a_quote_that_is_taken_back_and_a_policy_are_heard(
    live: str,
    client: httpx.AsyncClient,
    database: Database,
    run_jobs: Callable[[], Awaitable[None]],
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    quoted = await make_status(database, ada)
    quoting = await make_status(database, bob, quoted_status_id=quoted)
    await run_jobs()
    headers, url = await as_account(database, ada), f"/api/v1/statuses/{quoted}"
    policy = {"quote_approval_policy": "nobody"}
    async with (
        event_source(live, "user", await as_account(database, bob)) as home,
        event_source(live, "public", headers) as public,
    ):
        for _ in range(2):
            await client.post(f"{url}/quotes/{quoting}/revoke", headers=headers)
            await client.put(f"{url}/interaction_policy", json=policy, headers=headers)
        # Before the next change: streams tell what is true when they tell it.
        revoked, closed = [await public.until("status.update") for _ in range(2)]
        edit = {"status": "Something said out loud", "quote_approval_policy": "followers"}
        await client.put(url, json=edit, headers=headers)
        await say_over(database, bob.id)
        heard = await heard_until_over(home)
        opened = await public.until("status.update")
    await run_jobs()

    assert heard == [("status.update", str(quoting))]
    assert (revoked["id"], revoked["quote"]["state"]) == (str(quoting), "revoked")
    assert [each["id"] for each in (closed, opened)] == [str(quoted)] * 2
    assert closed["quote_approval"]["automatic"] == []
    assert opened["quote_approval"]["automatic"] == ["followers"]
    # Nobody said anything new.
    assert [each["edited_at"] for each in (revoked, closed, opened)] == [None] * 3
    updates = "SELECT FROM notifications WHERE type IN ('update', 'quoted_update')"
    assert await database.fetch(updates) == []


async def test_a_boost_is_heard_at_home_only_and_so_is_its_end(
    live: str,
    client: httpx.AsyncClient,
    database: Database,
    run_jobs: Callable[[], Awaitable[None]],
) -> None:
    ada, bob, eve = [await make_account(database) for _ in range(3)]
    await make_follow(database, bob, ada)
    status_id = await make_status(database, eve, "Worth passing on")
    await run_jobs()
    async with (
        event_source(live, "user", await as_account(database, bob)) as home,
        event_source(live, "public", await as_account(database, bob)) as public,
    ):
        wrapper = await make_reblog(database, ada, status_id)
        await run_jobs()
        update = await home.until("update")
        await client.post(
            f"/api/v1/statuses/{status_id}/unreblog", headers=await as_account(database, ada)
        )
        undone = await home.until("delete")
        second = await make_reblog(database, ada, status_id)
        await run_jobs()
        await home.until("update")
        await client.delete(
            f"/api/v1/statuses/{status_id}", headers=await as_account(database, eve)
        )
        # The original is nowhere in this home, but its reblog is.
        gone = await home.until("delete")
        in_public = await public.next()

    assert (update["id"], update["reblog"]["id"]) == (str(wrapper), str(status_id))
    assert (undone, gone) == (wrapper, second)
    assert in_public == {"event": "delete", "data": status_id}


async def test_public_streams_hear_what_public_timelines_show(
    live: str, database: Database
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    headers = await as_account(database, bob)
    async with (
        event_source(live, "public", headers) as public,
        event_source(live, "public/local", headers) as local,
        event_source(live, "hashtag", headers, tag="#LÖUD") as tag,
        event_source(live, "hashtag/local", headers, tag="loud") as local_tag,
        event_source(live, "public/remote", headers) as remote,
        event_source(live, "user", headers) as end,
    ):
        said = await make_status(database, ada, "Everybody #loud")
        await make_status(database, ada, "Hidden #loud", visibility=Visibility.UNLISTED)
        await make_status(database, ada, "Followers #loud", visibility=Visibility.PRIVATE)
        reply = await make_status(database, bob, "Indeed #loud", in_reply_to_id=said)
        thread = await make_status(database, ada, "And", in_reply_to_id=said)
        await say_over(database, bob.id)
        await end.until("filters_changed")

        heard = [(await public.next())["data"]["id"] for _ in range(2)]
        heard_locally = [(await local.next())["data"]["id"] for _ in range(2)]
        tagged = [(await tag.next())["data"]["id"] for _ in range(2)]
        tagged_locally = [(await local_tag.next())["data"]["id"] for _ in range(2)]
        silent = asyncio.create_task(remote.next())
        await asyncio.wait([silent], timeout=0.05)
        assert not silent.done()
        silent.cancel()

    assert heard == heard_locally == [str(said), str(thread)]
    assert tagged == tagged_locally == [str(said), str(reply)]


async def test_who_comes_back_hears_what_they_missed(
    live: str, database: Database, run_jobs: Callable[[], Awaitable[None]]
) -> None:
    """ST-2: `Last-Event-ID`."""
    ada = await make_account(database)
    headers = await as_account(database, ada)
    async with event_source(live, "user", headers) as home:
        await make_status(database, ada, "Heard")
        await run_jobs()
        await home.until("update")
        position = home.last_event_id
    missed = [await make_status(database, ada, f"Missed {number}") for number in range(3)]
    await run_jobs()

    again = {**headers, "Last-Event-ID": position}
    async with event_source(live, "user", again) as home:
        heard = [await home.until("update") for _ in missed]
        last = await make_status(database, ada, "Live again")
        await run_jobs()
        live_again = await home.until("update")
    async with event_source(live, "user", {**headers, "Last-Event-ID": home.last_event_id}) as home:
        await say_over(database, ada.id)
        nothing = await heard_until_over(home)

    # They came home in any order.
    assert sorted(int(status["id"]) for status in heard) == missed
    assert live_again["id"] == str(last)
    assert nothing == []


@pytest.mark.parametrize("position", ["41", "9:1:/5", "1:2:3/4/5", "1:1:" + "1," * 500 + "/1", "é"])
async def test_a_position_that_is_none_of_ours_is_no_position(
    live: str, database: Database, position: str
) -> None:
    ada = await make_account(database)
    headers = {**await as_account(database, ada), "Last-Event-ID": position.encode()}
    async with event_source(live, "user", headers) as home:  # type: ignore[arg-type]
        await say_over(database, ada.id)

        assert await heard_until_over(home) == []


async def test_the_answer_is_made_for_streams(
    live: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_streams, "HEARTBEAT_SECONDS", 0.01)
    ada = await make_account(database)
    async with event_source(live, "user", await as_account(database, ada)) as home:
        headers = home.response.headers
        heartbeat = await home.comment()

    assert headers["content-type"] == "text/event-stream; charset=utf-8"
    assert headers["cache-control"] == "private, no-store"
    assert headers["x-accel-buffering"] == "no"
    assert headers["access-control-allow-origin"] == "*"
    assert 1_000 <= home.retry <= 15_000
    assert heartbeat == ":thump"


async def test_the_token_may_stand_in_the_url(live: str, database: Database) -> None:
    ada = await make_account(database)
    token = await make_token(database, ada)
    async with event_source(live, "user", {}, access_token=token) as home:
        await say_over(database, ada.id)
        await home.until("filters_changed")


@pytest.mark.parametrize(
    ("path", "status", "error"),
    [
        ("user", 401, "Missing access token"),
        ("user?access_token=nobody", 401, "Invalid access token"),
        ("hashtag?access_token={token}", 400, "Missing tag name parameter"),
        ("hashtag?tag=%23%23&access_token={token}", 400, "Missing tag name parameter"),
        ("list?access_token={token}", 400, "Missing list name parameter"),
        ("list?list=12&access_token={token}", 401, "Not authorized to stream this list"),
        ("list?list=mine&access_token={token}", 401, "Not authorized to stream this list"),
        (
            "list?list=9999999999999999999&access_token={token}",
            401,
            "Not authorized to stream this list",
        ),
        ("weather?access_token={token}", 400, "Unknown channel requested"),
        ("public?access_token={app}", 401, "Invalid access token"),
        ("public?access_token={writer}", 403, "This action is outside the authorized scopes"),
    ],
)
async def test_refusals_have_the_words_clients_know(
    client: httpx.AsyncClient, database: Database, path: str, status: int, error: str
) -> None:
    ada = await make_account(database)
    given = {
        "token": await make_token(database, ada),
        "app": await make_token(database, None),
        "writer": await make_token(database, ada, "write"),
    }

    response = await client.get(f"{STREAMING}/{path.format_map(given)}")

    assert (response.status_code, response.json()["error"]) == (status, error)


async def test_only_so_many_streams_for_one_account(live: str, database: Database) -> None:
    """ST-4."""
    ada, bob = await make_account(database), await make_account(database)
    headers = await as_account(database, ada)
    async with (
        AsyncExitStack() as stack,
        httpx.AsyncClient(base_url=live, trust_env=False) as client,
    ):
        for _ in range(hub.MAX_STREAMS_PER_ACCOUNT):
            await stack.enter_async_context(event_source(live, "user", headers))
        refused = await client.get(f"{STREAMING}/user", headers=headers)
        async with event_source(live, "user", await as_account(database, bob)):
            pass

    assert refused.status_code == 429
    assert refused.json()["error"] == "Too many requests"
    async with event_source(live, "user", headers):
        pass


@pytest.mark.parametrize(
    "end",
    [
        "UPDATE access_tokens SET revoked_at = now()",
        "DELETE FROM access_tokens",
        "UPDATE users SET disabled = true",
        "UPDATE users SET tokens_not_before = now()",
        "UPDATE accounts SET suspended_at = now()",
    ],
)
async def test_streams_end_with_what_let_them_in(
    live: str, database: Database, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    """OA-14, OA-19."""
    monkeypatch.setattr(hub, "CHECK_SECONDS", 0.01)
    ada = await make_account(database)
    async with event_source(live, "user", await as_account(database, ada)) as home:
        await say_over(database, ada.id)
        await home.until("filters_changed")

        await database.fetch(end)

        assert await home.ended()


async def test_open_streams_are_no_work(
    live: str, client: httpx.AsyncClient, app: FastAPI, database: Database
) -> None:
    """RL-4, LO-3."""
    ada = await make_account(database)
    async with event_source(live, "user", await as_account(database, ada)):
        figures = (await client.get("/metrics")).text

    assert 'hardop_streams{kind="events"} 1.0' in figures
    assert "hardop_requests_in_work 0.0" in figures


async def test_head_says_what_get_would(client: httpx.AsyncClient, database: Database) -> None:
    ada = await make_account(database)

    response = await client.head(f"{STREAMING}/user", headers=await as_account(database, ada))

    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/event-stream")
