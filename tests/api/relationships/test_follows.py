"""Following and being followed."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from app import clock
from app.database import Database
from app.models.accounts.accounts import Account
from tests.conftest import RunJobs
from tests.factories import as_account, ids, make_account, make_follow

pytestmark = pytest.mark.anyio


async def follow(
    client: httpx.AsyncClient, headers: dict[str, str], target: Account, **options: Any
) -> dict[str, Any]:
    response = await client.post(
        f"/api/v1/accounts/{target.id}/follow", json=options or None, headers=headers
    )
    assert response.status_code == 200, response.text
    relationship: dict[str, Any] = response.json()
    return relationship


async def counts(database: Database, account: Account) -> tuple[int, int]:
    """Followers and following, as everybody sees them."""
    [row] = await database.fetch(
        "SELECT followers_count, following_count FROM accounts WHERE id = $1", account.id
    )
    return row["followers_count"], row["following_count"]


async def test_following_and_unfollowing(client: httpx.AsyncClient, database: Database) -> None:
    ada, bob = await make_account(database), await make_account(database)
    headers = await as_account(database, ada)
    before = (
        await client.get(f"/api/v1/accounts/relationships?id[]={bob.id}", headers=headers)
    ).json()

    for _ in range(2):  # twice is once
        followed = await follow(client, headers, bob)
        assert followed == {
            **before[0],
            "following": True,
            "showing_reblogs": True,
        }
        assert await counts(database, bob) == (1, 0)
        assert await counts(database, ada) == (0, 1)
    for _ in range(2):
        unfollowed = await client.post(f"/api/v1/accounts/{bob.id}/unfollow", headers=headers)
        assert unfollowed.json() == before[0]
        assert await counts(database, bob) == (0, 0)
        assert await counts(database, ada) == (0, 0)

    events = await database.fetch("SELECT name FROM events WHERE name LIKE 'follow%' ORDER BY id")
    assert [row["name"] for row in events] == ["follow.created", "follow.deleted"]


async def test_following_again_changes_the_options(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    headers = await as_account(database, ada)

    def options(relationship: dict[str, Any]) -> tuple[Any, ...]:
        return tuple(relationship[name] for name in ("showing_reblogs", "notifying", "languages"))

    assert options(await follow(client, headers, bob)) == (True, False, None)
    changed = await follow(client, headers, bob, reblogs="0", notify="1", languages=["nl", "en"])
    assert options(changed) == (False, True, ["nl", "en"])
    assert options(await follow(client, headers, bob, notify=False)) == (False, False, ["nl", "en"])
    # As statuses say theirs; what is none is left out.
    written = await follow(client, headers, bob, languages=["EN", "nl-NL", "en", "?"])
    assert options(written) == (False, False, ["en", "nl"])
    assert options(await follow(client, headers, bob, languages=[])) == (False, False, None)
    assert await counts(database, bob) == (1, 0)


async def test_nobody_follows_themselves(client: httpx.AsyncClient, database: Database) -> None:
    ada = await make_account(database)

    answer = await client.post(
        f"/api/v1/accounts/{ada.id}/follow", headers=await as_account(database, ada)
    )

    assert answer.status_code == 403
    assert answer.json()["error"] == "This action is not allowed"
    assert await counts(database, ada) == (0, 0)


@pytest.mark.parametrize(
    "columns",
    [{"suspended_at": clock.now()}, {"approved": False}, {"confirmed_at": None}],
    ids=["suspended", "pending", "unconfirmed"],
)
async def test_who_is_not_there_is_not_followed(
    client: httpx.AsyncClient, database: Database, columns: dict[str, Any]
) -> None:
    ada, gone = await make_account(database), await make_account(database, **columns)
    headers = await as_account(database, ada)

    for id_ in (gone.id, 1):
        answer = await client.post(f"/api/v1/accounts/{id_}/follow", headers=headers)
        assert answer.status_code == 404
    assert await database.fetch("SELECT id FROM follows") == []


async def test_simultaneous_requests_count_once(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    as_ada, as_bob = await as_account(database, ada), await as_account(database, bob)

    await asyncio.gather(
        *(follow(client, as_ada, bob) for _ in range(4)),
        *(follow(client, as_bob, ada) for _ in range(4)),
    )

    assert await counts(database, ada) == await counts(database, bob) == (1, 1)
    events = await database.fetch("SELECT name FROM events")
    assert [row["name"] for row in events] == ["follow.created"] * 2


async def test_lists_begin_with_the_latest(client: httpx.AsyncClient, database: Database) -> None:
    ada, bob, eve = [await make_account(database) for _ in range(3)]
    await make_follow(database, eve, ada)
    await make_follow(database, bob, ada, eve)

    async def listed(account: Account, kind: str) -> list[str]:
        return ids((await client.get(f"/api/v1/accounts/{account.id}/{kind}")).json())

    assert await listed(ada, "followers") == [str(bob.id), str(eve.id)]
    assert await listed(bob, "following") == [str(eve.id), str(ada.id)]
    assert await listed(bob, "followers") == await listed(ada, "following") == []


async def test_a_list_kept_private_is_empty_for_others(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_account(database, hide_collections=True)
    bob = await make_account(database)
    await make_follow(database, bob, ada)
    await make_follow(database, ada, bob)
    as_ada, as_bob = await as_account(database, ada), await as_account(database, bob)

    for kind in ("followers", "following"):
        url = f"/api/v1/accounts/{ada.id}/{kind}"
        assert (await client.get(url)).json() == []
        assert (await client.get(url, headers=as_bob)).json() == []
        assert ids((await client.get(url, headers=as_ada)).json()) == [str(bob.id)]


async def test_the_suspended_stand_in_no_list(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    await make_follow(database, bob, ada)
    await database.fetch(
        "UPDATE accounts SET suspended_at = $2 WHERE id = $1",
        bob.id,
        clock.now() - timedelta(days=1),
    )

    assert (await client.get(f"/api/v1/accounts/{ada.id}/followers")).json() == []


async def test_the_suspended_can_be_unfollowed(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    await make_follow(database, ada, bob)
    await database.fetch("UPDATE accounts SET suspended_at = $2 WHERE id = $1", bob.id, clock.now())

    ended = await client.post(
        f"/api/v1/accounts/{bob.id}/unfollow", headers=await as_account(database, ada)
    )

    assert ended.status_code == 200
    assert ended.json()["following"] is False
    assert await counts(database, ada) == await counts(database, bob) == (0, 0)


@pytest.mark.parametrize("kind", ["followers", "following", "statuses"])
async def test_lists_of_nobody_are_not_there(
    client: httpx.AsyncClient, database: Database, kind: str
) -> None:
    assert (await client.get(f"/api/v1/accounts/1/{kind}")).status_code == 404


async def test_removing_a_follower(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    eve = await make_account(database, locked=True)
    await make_follow(database, bob, ada)
    await make_follow(database, bob, eve)  # asks

    for one in (ada, eve):
        for _ in range(2):  # twice is once
            response = await client.post(
                f"/api/v1/accounts/{bob.id}/remove_from_followers",
                headers=await as_account(database, one),
            )
            assert response.json()["followed_by"] is False

    # A request is answered, not removed.
    assert response.json()["requested_by"] is True
    assert await counts(database, ada) == (0, 0)
    assert await counts(database, bob) == (0, 0)
    await run_jobs()
    told = await database.fetch("SELECT type FROM notifications")
    assert [row["type"] for row in told] == ["follow_request"]
