"""Notification policies: by whom somebody wants to be notified."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest

from app import clock
from app.database import Database
from app.models.accounts.accounts import Account
from app.models.statuses.statuses import Visibility
from tests.conftest import RunJobs
from tests.factories import as_account, make_account, make_follow, make_status

pytestmark = pytest.mark.anyio

V1, V2 = "/api/v1/notifications/policy", "/api/v2/notifications/policy"
NAMES = ("not_following", "not_followers", "new_accounts", "private_mentions", "limited_accounts")
LONG_AGO = timedelta(days=40)


@dataclass
class World:
    """Ada has a policy, Bob does something."""

    database: Database
    ada: Account
    bob: Account


async def nothing(world: World) -> None:
    pass


async def followed(world: World) -> None:
    await make_follow(world.database, world.ada, world.bob)


async def following(world: World) -> None:
    await make_follow(world.database, world.bob, world.ada)


async def following_for_long(world: World) -> None:
    await following(world)
    await world.database.fetch("UPDATE follows SET created_at = $1", clock.now() - LONG_AGO)


async def new(world: World) -> None:
    await world.database.fetch(
        "UPDATE accounts SET created_at = $1 WHERE id = $2", clock.now(), world.bob.id
    )


async def new_and_followed(world: World) -> None:
    await new(world)
    await followed(world)


async def a_bot(world: World) -> None:
    await world.database.fetch("UPDATE accounts SET bot = true WHERE id = $1", world.bob.id)


async def limited(world: World) -> None:
    await world.database.fetch(
        "UPDATE accounts SET silenced_at = now() WHERE id = $1", world.bob.id
    )


Prepare = Callable[[World], Awaitable[None]]


@pytest.mark.parametrize("verdict", ["accept", "filter", "drop"])
@pytest.mark.parametrize(
    ("policy", "prepare", "applies"),
    [
        ("for_not_following", nothing, True),
        ("for_not_following", followed, False),
        ("for_not_followers", nothing, True),
        ("for_not_followers", following, True),
        ("for_not_followers", following_for_long, False),
        ("for_new_accounts", nothing, False),
        ("for_new_accounts", new, True),
        ("for_new_accounts", new_and_followed, False),
        ("for_bots", nothing, False),
        ("for_bots", a_bot, True),
        ("for_limited_accounts", nothing, False),
        ("for_limited_accounts", limited, True),
    ],
)
async def test_each_verdict(
    client: httpx.AsyncClient,
    database: Database,
    run_jobs: RunJobs,
    policy: str,
    prepare: Prepare,
    applies: bool,
    verdict: str,
) -> None:
    ada = await make_account(database)
    bob = await make_account(database, created_at=clock.now() - LONG_AGO)
    await prepare(World(database, ada, bob))
    await run_jobs()
    headers = await as_account(database, ada)
    await client.post("/api/v1/notifications/clear", headers=headers)
    await client.patch(V2, json={policy: verdict}, headers=headers)

    await make_status(database, bob, f"@{ada.username} listen")
    await run_jobs()

    rows = await database.fetch("SELECT filtered FROM notifications WHERE type = 'mention'")
    becomes = {"accept": [False], "filter": [True], "drop": []}[verdict]
    assert [row["filtered"] for row in rows] == (becomes if applies else [False])


async def test_private_mentions(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    ada, bob, eve = [await make_account(database, name) for name in ("ada", "bob", "eve")]
    headers = await as_account(database, ada)
    await client.patch(V2, json={"for_private_mentions": "drop"}, headers=headers)

    async def say(account: Account, text: str, parent: int | None = None) -> int:
        return await make_status(
            database, account, text, visibility=Visibility.DIRECT, in_reply_to_id=parent
        )

    asked = await say(ada, "@bob what do you think?")
    answered = await say(bob, "@ada well", asked)
    again = await say(bob, "@ada besides", answered)
    await say(bob, "@ada by the way")
    await say(eve, "@ada who am I?")
    loud = await make_status(database, eve, "@ada hear me")
    await run_jobs()

    rows = await database.fetch(
        "SELECT status_id FROM notifications WHERE account_id = $1 ORDER BY status_id", ada.id
    )
    assert [row["status_id"] for row in rows] == [answered, again, loud]


async def test_what_somebody_asked_for_is_never_kept_from_them(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    headers = await as_account(database, ada)
    await client.patch(V2, json={f"for_{name}": "drop" for name in NAMES}, headers=headers)
    await client.post(f"/api/v1/accounts/{bob.id}/follow?notify=1", headers=headers)
    await make_status(database, bob, "Out loud")
    await run_jobs()

    told = (await client.get("/api/v1/notifications", headers=headers)).json()
    assert [entry["type"] for entry in told] == ["status"]


async def test_reading_and_changing(client: httpx.AsyncClient, database: Database) -> None:
    headers = await as_account(database, await make_account(database))

    async def send(method: str, url: str, **changes: Any) -> dict[str, Any]:
        response = await client.request(method, url, json=changes or None, headers=headers)
        assert response.status_code == 200, response.text
        body: dict[str, Any] = response.json()
        assert body.pop("summary") == {
            "pending_requests_count": 0,
            "pending_notifications_count": 0,
        }
        return body

    # Colleagues are heard; whom the moderators limited has to ask.
    default = dict.fromkeys([f"for_{name}" for name in NAMES], "accept")
    default |= {"for_limited_accounts": "filter", "for_bots": "accept"}
    assert await send("GET", V2) == default
    changed = await send("PUT", V2, for_bots="drop", for_not_following="filter")
    assert changed == {**default, "for_bots": "drop", "for_not_following": "filter"}
    assert await send("PATCH", V2) == changed
    assert await send("GET", V2) == changed
    filters = {f"filter_{name}": name == "not_following" for name in NAMES[:4]}
    assert await send("GET", V1) == filters
    assert await send("PUT", V1, filter_not_following=False, filter_new_accounts="1") == {
        **filters,
        "filter_not_following": False,
        "filter_new_accounts": True,
    }
    assert (await send("GET", V2))["for_new_accounts"] == "filter"
    wrong = await client.patch(V2, json={"for_bots": "ignore"}, headers=headers)
    assert wrong.status_code == 400
