"""Requests to follow a locked account."""

import asyncio
from typing import Any

import httpx
import pytest

from app.database import Database
from app.models.accounts.accounts import Account
from tests.conftest import RunJobs
from tests.factories import as_account, ids, make_account, make_status

pytestmark = pytest.mark.anyio

URL = "/api/v1/follow_requests"


async def ask(client: httpx.AsyncClient, database: Database, target: Account) -> Account:
    """Somebody who asked to follow the target."""
    asker = await make_account(database)
    response = await client.post(
        f"/api/v1/accounts/{target.id}/follow", headers=await as_account(database, asker)
    )
    relationship = response.json()
    assert (relationship["following"], relationship["requested"]) == (False, True)
    return asker


async def relationship(
    client: httpx.AsyncClient, database: Database, viewer: Account, other: Account
) -> dict[str, Any]:
    headers = await as_account(database, viewer)
    found = await client.get(f"/api/v1/accounts/relationships?id={other.id}", headers=headers)
    one: dict[str, Any] = found.json()[0]
    return one


async def follow_counts(database: Database) -> list[tuple[int, int]]:
    rows = await database.fetch("SELECT followers_count, following_count FROM accounts ORDER BY id")
    return [tuple(row) for row in rows]


async def test_a_locked_account_is_asked(client: httpx.AsyncClient, database: Database) -> None:
    ada = await make_account(database, locked=True)
    first, second = await ask(client, database, ada), await ask(client, database, ada)
    headers = await as_account(database, ada)

    assert ids((await client.get(URL, headers=headers)).json()) == [str(second.id), str(first.id)]
    assert (await client.get(f"/api/v1/accounts/{ada.id}/followers")).json() == []
    assert (await relationship(client, database, ada, first))["requested_by"] is True
    assert await follow_counts(database) == [(0, 0)] * 3


async def test_allowing(client: httpx.AsyncClient, database: Database, run_jobs: RunJobs) -> None:
    ada = await make_account(database, locked=True)
    await make_status(database, ada)
    bob = await ask(client, database, ada)
    headers = await as_account(database, ada)

    allowed = await client.post(f"{URL}/{bob.id}/authorize", headers=headers)
    again = await client.post(f"{URL}/{bob.id}/authorize", headers=headers)
    await run_jobs()

    assert (allowed.json()["followed_by"], allowed.json()["requested_by"]) == (True, False)
    assert again.status_code == 404
    assert (await client.get(URL, headers=headers)).json() == []
    theirs = await relationship(client, database, bob, ada)
    assert (theirs["following"], theirs["requested"], theirs["showing_reblogs"]) == (
        True,
        False,
        True,
    )
    assert await follow_counts(database) == [(1, 0), (0, 1)]
    home = await client.get("/api/v1/timelines/home", headers=await as_account(database, bob))
    assert len(home.json()) == 1


async def test_what_was_asked_for_is_shown_before_it_is_allowed(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_account(database, locked=True)
    headers = await as_account(database, await make_account(database))

    asked = await client.post(
        f"/api/v1/accounts/{ada.id}/follow", headers=headers, json={"notify": True}
    )

    shown = {name for name, value in asked.json().items() if value is True}
    assert shown == {"requested", "notifying", "showing_reblogs"}


async def test_refusing(client: httpx.AsyncClient, database: Database) -> None:
    ada = await make_account(database, locked=True)
    bob = await ask(client, database, ada)
    headers = await as_account(database, ada)

    refused = await client.post(f"{URL}/{bob.id}/reject", headers=headers)
    again = await client.post(f"{URL}/{bob.id}/reject", headers=headers)

    assert (refused.json()["followed_by"], refused.json()["requested_by"]) == (False, False)
    assert again.status_code == 404
    assert (await relationship(client, database, bob, ada))["requested"] is False
    assert await follow_counts(database) == [(0, 0)] * 2


async def test_taking_a_request_back(client: httpx.AsyncClient, database: Database) -> None:
    ada = await make_account(database, locked=True)
    bob = await ask(client, database, ada)

    taken = await client.post(
        f"/api/v1/accounts/{ada.id}/unfollow", headers=await as_account(database, bob)
    )

    assert taken.json()["requested"] is False
    headers = await as_account(database, ada)
    assert (await client.get(URL, headers=headers)).json() == []
    assert (await client.post(f"{URL}/{bob.id}/authorize", headers=headers)).status_code == 404
    assert await follow_counts(database) == [(0, 0)] * 2


async def test_a_follower_is_no_request(client: httpx.AsyncClient, database: Database) -> None:
    """Rejecting somebody who was allowed already must not end the follow uncounted."""
    ada = await make_account(database, locked=True)
    bob = await ask(client, database, ada)
    headers = await as_account(database, ada)
    await client.post(f"{URL}/{bob.id}/authorize", headers=headers)

    assert (await client.post(f"{URL}/{bob.id}/reject", headers=headers)).status_code == 404

    assert await follow_counts(database) == [(1, 0), (0, 1)]


@pytest.mark.parametrize(
    ("verbs", "are_followed"),
    [(["authorize"] * 4, {True}), (["authorize", "reject"], {True, False})],
)
async def test_deciding_twice_at_once(
    client: httpx.AsyncClient,
    database: Database,
    run_jobs: RunJobs,
    verbs: list[str],
    are_followed: set[bool],
) -> None:
    ada = await make_account(database, locked=True)
    bob = await ask(client, database, ada)
    headers = await as_account(database, ada)

    answers = await asyncio.gather(
        *(client.post(f"{URL}/{bob.id}/{verb}", headers=headers) for verb in verbs)
    )
    await run_jobs()

    # Whoever came later finds no request.
    codes = [answer.status_code for answer in answers]
    assert sorted(codes) == [200] + [404] * (len(verbs) - 1)
    follows = verbs[codes.index(200)] == "authorize"
    assert follows in are_followed
    counted = (1, 0), (0, 1)
    assert await follow_counts(database) == (list(counted) if follows else [(0, 0)] * 2)
    told = await database.fetch("SELECT type FROM notifications")
    assert [row["type"] for row in told] == ["follow"] * follows
    events = await database.fetch("SELECT FROM events WHERE name = 'follow.created'")
    assert len(events) == follows
