"""Muting: for how long, and whether notifications are meant too. What it hides: hidden authors."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from app import clock
from app.database import Database
from app.workers import relationships
from tests.conftest import RunJobs
from tests.factories import as_account, ids, make_account, make_follow, make_status

pytestmark = pytest.mark.anyio


async def test_muting_and_unmuting(client: httpx.AsyncClient, database: Database) -> None:
    ada, bob = await make_account(database), await make_account(database)
    await make_follow(database, ada, bob)
    headers = await as_account(database, ada)
    url = f"/api/v1/accounts/{bob.id}"
    before = (
        await client.get(f"/api/v1/accounts/relationships?id[]={bob.id}", headers=headers)
    ).json()[0]

    for _ in range(2):  # twice is once
        muted = await client.post(f"{url}/mute", headers=headers)
        assert muted.json() == {**before, "muting": True, "muting_notifications": True}
    listed = (await client.get("/api/v1/mutes", headers=headers)).json()
    assert [(one["id"], one["mute_expires_at"]) for one in listed] == [(str(bob.id), None)]

    for _ in range(2):
        assert (await client.post(f"{url}/unmute", headers=headers)).json() == before
    assert (await client.get("/api/v1/mutes", headers=headers)).json() == []
    events = await database.fetch("SELECT name FROM events WHERE name LIKE 'mute%' ORDER BY id")
    assert [row["name"] for row in events] == ["mute.created", "mute.deleted"]


@pytest.mark.parametrize(
    ("sent", "notifications", "seconds"),
    [
        ({}, True, 0),
        ({"notifications": "0"}, False, 0),
        ({"notifications": True, "duration": "3600"}, True, 3600),
        ({"duration": 0}, True, 0),
    ],
)
async def test_choices(
    client: httpx.AsyncClient,
    database: Database,
    sent: dict[str, Any],
    notifications: bool,
    seconds: int,
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    headers = await as_account(database, ada)
    url = f"/api/v1/accounts/{bob.id}/mute"
    # Other choices than before: they are replaced.
    await client.post(url, json={"notifications": False, "duration": 60}, headers=headers)
    begun = clock.now()

    relationship = (await client.post(url, json=sent, headers=headers)).json()

    assert relationship["muting_notifications"] is notifications
    listed = (await client.get("/api/v1/mutes", headers=headers)).json()
    assert listed[0]["mute_expires_at"] == relationship["muting_expires_at"]
    if not seconds:
        assert relationship["muting_expires_at"] is None
    else:
        rows = await database.fetch("SELECT expires_at FROM mutes")
        lasts = rows[0]["expires_at"] - begun
        assert timedelta(seconds=seconds) <= lasts < timedelta(seconds=seconds + 60)


async def test_a_negative_duration_is_refused(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob = await make_account(database), await make_account(database)

    response = await client.post(
        f"/api/v1/accounts/{bob.id}/mute",
        json={"duration": -1},
        headers=await as_account(database, ada),
    )

    assert response.status_code == 400


async def test_an_expired_mute_is_none(client: httpx.AsyncClient, database: Database) -> None:
    ada, bob, eve = [await make_account(database) for _ in range(3)]
    headers = await as_account(database, ada)
    for one in (bob, eve):
        await client.post(f"/api/v1/accounts/{one.id}/mute?duration=600", headers=headers)
    await database.fetch(
        "UPDATE mutes SET expires_at = $2 WHERE target_account_id = $1",
        bob.id,
        clock.now() - timedelta(seconds=1),
    )

    found = await client.get(f"/api/v1/accounts/relationships?id[]={bob.id}", headers=headers)
    assert found.json()[0]["muting"] is found.json()[0]["muting_notifications"] is False
    assert found.json()[0]["muting_expires_at"] is None
    assert ids((await client.get("/api/v1/mutes", headers=headers)).json()) == [str(eve.id)]

    await relationships.end_mutes(database)
    left = await database.fetch("SELECT target_account_id FROM mutes")
    assert [row["target_account_id"] for row in left] == [eve.id]


async def test_a_mute_may_let_notifications_through(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    ada, bob, eve = [await make_account(database) for _ in range(3)]
    headers = await as_account(database, ada)
    await client.post(f"/api/v1/accounts/{bob.id}/mute?notifications=0", headers=headers)
    await client.post(f"/api/v1/accounts/{eve.id}/mute", headers=headers)
    for one in (bob, eve):
        await make_status(database, one, f"@{ada.username} listen")
    # About somebody she does not want to hear.
    await make_status(database, bob, f"@{ada.username} @{eve.username} listen")
    await run_jobs()

    told = (await client.get("/api/v1/notifications", headers=headers)).json()

    assert [one["account"]["id"] for one in told] == [str(bob.id)]
