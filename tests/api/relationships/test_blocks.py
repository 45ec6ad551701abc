"""Blocking: what it ends, what it forbids, and what happens at the same time."""

import asyncio

import httpx
import pytest

from app.database import Database
from app.models.accounts.accounts import Account
from app.models.statuses.statuses import Visibility
from tests.conftest import RunJobs
from tests.factories import as_account, ids, make_account, make_follow, make_status

pytestmark = pytest.mark.anyio


async def act(client: httpx.AsyncClient, database: Database, who: Account, path: str) -> int:
    headers = await as_account(database, who)
    return (await client.post(f"/api/v1/{path}", headers=headers)).status_code


async def test_blocking_and_unblocking(client: httpx.AsyncClient, database: Database) -> None:
    ada, bob = await make_account(database), await make_account(database)
    headers = await as_account(database, ada)
    url = f"/api/v1/accounts/{bob.id}"
    before = (
        await client.get(f"/api/v1/accounts/relationships?id[]={bob.id}", headers=headers)
    ).json()[0]

    for _ in range(2):  # twice is once
        response = await client.post(f"{url}/block", headers=headers)
        assert response.json() == {**before, "blocking": True}
    assert ids((await client.get("/api/v1/blocks", headers=headers)).json()) == [str(bob.id)]
    seen_by_bob = await client.get(
        f"/api/v1/accounts/relationships?id[]={ada.id}", headers=await as_account(database, bob)
    )
    assert seen_by_bob.json() == [{**before, "id": str(ada.id), "blocked_by": True}]

    for _ in range(2):
        assert (await client.post(f"{url}/unblock", headers=headers)).json() == before
    assert (await client.get("/api/v1/blocks", headers=headers)).json() == []
    events = await database.fetch("SELECT name FROM events WHERE name LIKE 'block%' ORDER BY id")
    assert [row["name"] for row in events] == ["block.created", "block.deleted"]


async def test_a_block_ends_follows_and_requests(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    ada = await make_account(database, locked=True)
    bob, eve = await make_account(database), await make_account(database)
    await make_follow(database, ada, bob, eve)
    await make_follow(database, bob, ada)  # asks
    await make_follow(database, eve, bob)
    await run_jobs()

    assert await act(client, database, ada, f"accounts/{bob.id}/block") == 200
    await run_jobs()

    left = await database.fetch("SELECT account_id, target_account_id FROM follows ORDER BY id")
    assert [tuple(row) for row in left] == [(ada.id, eve.id), (eve.id, bob.id)]
    counted = await database.fetch(
        "SELECT followers_count, following_count FROM accounts ORDER BY id"
    )
    assert [tuple(row) for row in counted] == [(0, 1), (1, 0), (1, 1)]
    told = await database.fetch(
        "SELECT FROM notifications WHERE account_id = ANY($1) AND from_account_id = ANY($1)",
        [ada.id, bob.id],
    )
    assert told == []


async def test_neither_may_follow_or_react(client: httpx.AsyncClient, database: Database) -> None:
    ada, bob = await make_account(database), await make_account(database)
    said = await make_status(database, ada, visibility=Visibility.PUBLIC)
    assert await act(client, database, ada, f"accounts/{bob.id}/block") == 200

    assert await act(client, database, bob, f"accounts/{ada.id}/follow") == 403
    assert await act(client, database, ada, f"accounts/{bob.id}/follow") == 403
    for verb in ("favourite", "reblog", "bookmark", "react/👍"):
        assert await act(client, database, bob, f"statuses/{said}/{verb}") == 404
    headers = await as_account(database, bob)
    reply = {"status": "But", "in_reply_to_id": str(said)}
    assert (await client.post("/api/v1/statuses", json=reply, headers=headers)).status_code == 404


async def test_blocking_oneself_does_nothing(client: httpx.AsyncClient, database: Database) -> None:
    ada = await make_account(database)
    headers = await as_account(database, ada)

    for verb in ("block", "mute"):
        response = await client.post(f"/api/v1/accounts/{ada.id}/{verb}", headers=headers)
        assert response.json()["blocking"] is response.json()["muting"] is False


async def test_somebody_who_is_not_there(client: httpx.AsyncClient, database: Database) -> None:
    ada = await make_account(database)

    for verb in ("block", "unblock", "mute", "unmute"):
        assert await act(client, database, ada, f"accounts/1/{verb}") == 404


async def test_who_follows_while_being_blocked_does_not_follow(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_account(database)
    people = [await make_account(database) for _ in range(6)]

    answers = await asyncio.gather(
        *(
            act(client, database, who, f"accounts/{whom.id}/{verb}")
            for one in people
            for who, verb, whom in ((one, "follow", ada), (ada, "block", one))
        )
    )

    assert set(answers) <= {200, 403}
    assert await database.fetch("SELECT FROM follows") == []
    counted = await database.fetch(
        "SELECT sum(followers_count + following_count) AS n FROM accounts"
    )
    assert counted[0]["n"] == 0
