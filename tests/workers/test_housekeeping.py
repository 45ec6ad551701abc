"""What is kept only for a while, and home timelines cut to their length."""

from datetime import timedelta

import pytest

from app import clock
from app.database import Database
from app.domain.timelines import home_entries
from app.workers import home, housekeeping
from tests.factories import make_account, make_status

pytestmark = pytest.mark.anyio


async def test_old_events_and_keys_are_deleted_and_new_ones_kept(database: Database) -> None:
    ada = await make_account(database)
    await make_status(database, ada)
    old = clock.now() - timedelta(days=4)
    await database.fetch(
        "INSERT INTO events (id, created_at, name, payload) VALUES (1, $1, 'status.created', '{}')",
        old,
    )
    await database.fetch(
        "INSERT INTO idempotency_keys (created_at, account_id, application_id, route, key, "
        "fingerprint) VALUES ($1, 1, 1, '/', 'old', ''), ($2, 1, 1, '/', 'new', '')",
        old,
        clock.now(),
    )

    await housekeeping.sweep(database)

    events = await database.fetch("SELECT id FROM events")
    keys = await database.fetch("SELECT key FROM idempotency_keys")
    assert len(events) == 1
    assert events[0]["id"] != 1
    assert [row["key"] for row in keys] == ["new"]


async def test_a_home_timeline_keeps_the_newest(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home_entries, "LENGTH", 2)
    ada = await make_account(database)
    newest = [await make_status(database, ada) for _ in range(4)][2:]
    gone = (1, ada.id)
    await database.fetch("INSERT INTO home_entries (status_id, account_id) VALUES ($1, $2)", *gone)

    await home.trim(database)

    kept = await database.fetch("SELECT status_id FROM home_entries ORDER BY 1")
    assert [row["status_id"] for row in kept] == newest
