"""What is kept only for a while, and home timelines cut to their length."""

from datetime import timedelta

import pytest

from app import clock
from app.database import Database
from app.domain.identity import tokens
from app.domain.timelines import home_entries
from app.settings import Settings
from app.workers import home, housekeeping
from tests.factories import make_account, make_status, make_token

pytestmark = pytest.mark.anyio


async def test_old_events_and_keys_are_deleted_and_new_ones_kept(
    database: Database, settings: Settings
) -> None:
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

    await housekeeping.sweep(database, settings=settings)

    events = await database.fetch("SELECT id FROM events")
    keys = await database.fetch("SELECT key FROM idempotency_keys")
    assert len(events) == 1
    assert events[0]["id"] != 1
    assert [row["key"] for row in keys] == ["new"]


async def test_what_lets_nobody_in_any_more_is_deleted(
    database: Database, settings: Settings
) -> None:
    """GD-4: also of people who never come back."""
    ada = await make_account(database)
    now = clock.now()
    (user,) = await database.fetch("SELECT id FROM users WHERE account_id = $1", ada.id)
    for number, age in enumerate((timedelta(days=91), timedelta(minutes=1), None)):
        token = await make_token(database, ada)
        if age is not None:
            await database.fetch(
                "UPDATE access_tokens SET revoked_at = $1 WHERE token_hash = $2",
                now - age,
                tokens.digest(token),
            )
            await database.fetch(
                "INSERT INTO sessions (id, created_at, token_hash, user_id, last_used_at) "
                "VALUES ($1, $2, $3, $4, $2)",
                number,
                now - age,
                bytes([number]),
                user["id"],
            )
    await database.fetch(
        "INSERT INTO one_time_links (token_hash, user_id, purpose, email, expires_at, created_at) "
        "VALUES ('old', $1, 'set_password', 'a@b.c', $2, $2), ('new', $1, 'set_password', "
        "'a@b.c', $3, $2)",
        user["id"],
        now - timedelta(minutes=1),
        now + timedelta(minutes=1),
    )

    await housekeeping.sweep(database, settings=settings)

    for table, left in (("access_tokens", 2), ("sessions", 1), ("one_time_links", 1)):
        assert len(await database.fetch(f"SELECT FROM {table}")) == left


async def test_oa10_a_private_feed_that_nobody_reads_ends(
    database: Database, settings: Settings
) -> None:
    ada = await make_account(database)
    today = clock.now().date()
    # Of three that were made long ago two were read, one of them lately; and a new one.
    long_ago = clock.now() - timedelta(days=settings.token_idle_days + 2)
    for id_, created_at, last_used_on in (
        (1, long_ago, None),
        (2, long_ago, today - timedelta(days=settings.token_idle_days + 1)),
        (3, long_ago, today - timedelta(days=settings.token_idle_days)),
        (4, clock.now(), None),
    ):
        await database.fetch(
            "INSERT INTO private_feeds (id, token_hash, account_id, kind, created_at, "
            "last_used_on) VALUES ($1, $2, $3, 'home', $4, $5)",
            id_,
            bytes([id_]),
            ada.id,
            created_at,
            last_used_on,
        )

    await housekeeping.sweep(database, settings=settings)

    left = await database.fetch("SELECT id FROM private_feeds ORDER BY id")
    assert [row["id"] for row in left] == [3, 4]


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
