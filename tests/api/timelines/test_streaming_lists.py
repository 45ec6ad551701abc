"""Streams of lists: what its members say, told to the owner alone (ST-3)."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from app.database import Database
from app.models.statuses.statuses import Visibility
from app.models.timelines.lists import RepliesPolicy
from tests.factories import (
    as_account,
    ids,
    make_account,
    make_follow,
    make_list,
    make_reblog,
    make_status,
)
from tests.streams import event_source, say_over, socket

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("policy", RepliesPolicy)
async def test_it_hears_what_the_timeline_of_the_list_shows(
    live: str, client: httpx.AsyncClient, database: Database, policy: RepliesPolicy
) -> None:
    ada, bob, cem, eve, owner = [await make_account(database) for _ in range(5)]
    await make_follow(database, owner, ada, bob, cem)
    list_id = await make_list(database, owner, ada, bob, owner, replies_policy=policy)
    headers = await as_account(database, owner)
    said = [await make_status(database, each, "Before") for each in (ada, cem, eve)]
    async with event_source(live, "list", headers, list=str(list_id)) as source:
        for status_id in said:
            await make_status(database, bob, "Reply", in_reply_to_id=status_id)
        for visibility in Visibility:
            await make_status(database, ada, "Said", visibility=visibility)
        await make_status(database, bob, f"@{owner.username} psst", visibility=Visibility.DIRECT)
        await make_status(database, cem, "No member")
        await make_status(database, eve, "Nobody")
        await make_status(database, owner, "Mine")
        await make_reblog(database, ada, said[2])
        end = await make_status(database, ada, "The end")

        heard = [await source.next()]
        while heard[-1]["data"]["id"] != str(end):
            heard.append(await source.next())

    shown = await client.get(
        f"/api/v1/timelines/list/{list_id}", params={"since_id": said[2]}, headers=headers
    )
    assert {each["event"] for each in heard} == {"update"}
    assert [each["data"]["id"] for each in heard] == ids(shown.json())[::-1]
    # To a member, to somebody followed only, to nobody of these.
    replies = sum(each["data"]["in_reply_to_id"] is not None for each in heard)
    assert replies == {"none": 0, "list": 1, "followed": 2}[policy]


async def test_edits_and_deletions_are_heard(
    live: str,
    client: httpx.AsyncClient,
    database: Database,
    run_jobs: Callable[[], Awaitable[None]],
) -> None:
    ada, bob, eve, owner = [await make_account(database) for _ in range(4)]
    await make_follow(database, owner, ada, bob)
    # With an exclusive one nothing comes home.
    list_id = await make_list(database, owner, ada, bob, exclusive=True)
    status_id = await make_status(database, ada, "A first try", visibility=Visibility.PRIVATE)
    original = await make_status(database, eve, "Worth passing on")
    first, second = [await make_reblog(database, each, original) for each in (ada, bob)]
    psst = await make_status(database, ada, f"@{owner.username} psst", visibility=Visibility.DIRECT)
    secret = await make_status(database, ada, f"@{eve.username} psst", visibility=Visibility.DIRECT)
    await run_jobs()
    headers = await as_account(database, ada)
    async with event_source(
        live, "list", await as_account(database, owner), list=str(list_id)
    ) as source:
        await client.put(
            f"/api/v1/statuses/{status_id}", json={"status": "Another try"}, headers=headers
        )
        edit = await source.until("status.update")
        await client.delete(f"/api/v1/statuses/{status_id}", headers=headers)
        await client.post(f"/api/v1/statuses/{original}/unreblog", headers=headers)
        await client.delete(f"/api/v1/statuses/{secret}", headers=headers)
        await client.delete(f"/api/v1/statuses/{psst}", headers=headers)
        await client.delete(f"/api/v1/statuses/{original}", headers=await as_account(database, eve))
        gone = [await source.next() for _ in range(4)]

    assert edit["id"] == str(status_id)
    assert "Another try" in edit["content"]
    assert gone == [{"event": "delete", "data": each} for each in (status_id, first, psst, second)]


async def test_hidden_members_and_those_who_left_are_not_heard(
    live: str, client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob, cem, dia, owner = [await make_account(database) for _ in range(5)]
    await make_follow(database, owner, ada, bob, cem, dia)
    list_id = await make_list(database, owner, ada, bob, cem, dia)
    headers = await as_account(database, owner)
    async with event_source(live, "list", headers, list=str(list_id)) as source:
        await client.post(f"/api/v1/accounts/{ada.id}/mute", headers=headers)
        await client.post(f"/api/v1/accounts/{bob.id}/unfollow", headers=headers)
        await client.request(
            "DELETE",
            f"/api/v1/lists/{list_id}/accounts",
            json={"account_ids": [str(cem.id)]},
            headers=headers,
        )
        for each in (ada, bob, cem):
            await make_status(database, each, "Not for you")
        last = await make_status(database, dia, "Still here")

        assert (await source.next())["data"]["id"] == str(last)


async def test_many_lists_share_a_socket(live: str, database: Database) -> None:
    ada, bob, owner = [await make_account(database) for _ in range(3)]
    await make_follow(database, owner, ada, bob)
    both = str(await make_list(database, owner, ada, bob))
    one = str(await make_list(database, owner, ada))
    headers = await as_account(database, owner)
    async with socket(live, f"?stream=list&list={both}", headers) as open_socket:
        await open_socket.subscribe("list", list=one)
        await open_socket.subscribe("list", list=one)
        await make_status(database, ada, "In both")
        twice = [await open_socket.next() for _ in range(2)]
        await open_socket.say(type="unsubscribe", stream="list", list=both)
        await open_socket.subscribe("user")
        await make_status(database, bob, "In none any more")
        await say_over(database, owner.id)
        last = await open_socket.next()

    assert sorted(each["stream"] for each in twice) == sorted([["list", both], ["list", one]])
    assert last["event"] == "filters_changed"


async def test_the_list_of_somebody_else_is_not_told(live: str, database: Database) -> None:
    ada, bob = await make_account(database), await make_account(database)
    list_id = await make_list(database, ada)
    async with socket(live, headers=await as_account(database, bob)) as open_socket:
        await open_socket.say(type="subscribe", stream="list", list=list_id)

        assert await open_socket.next() == {
            "error": "Not authorized to stream this list",
            "status": 401,
        }
