"""DB-4: whoever reads on from where they were finds every event exactly once."""

import asyncio
from datetime import timedelta

import pytest

from app import clock
from app.database import Database
from app.domain import events
from tests.factories import make_account, make_status

pytestmark = pytest.mark.anyio


async def test_an_event_that_is_committed_late_is_found_once(database: Database) -> None:
    before = await events.position(database)
    async with database.session() as slow, database.session() as fast:
        await events.record(slow, "filters.changed", account_id=1)
        await events.record(fast, "filters.changed", account_id=2)
        await fast.commit()

        first, found_first = await events.since(database, before, ["filters.changed"])
        again, found_again = await events.since(database, first, ["filters.changed"])
        await slow.commit()

    second, found_second = await events.since(database, again, ["filters.changed"])
    _, found_last = await events.since(database, second, ["filters.changed"])
    assert [each.payload for each in found_first] == [{"account_id": 2}]
    assert found_again == []
    # Its id is the lower one.
    assert [each.payload for each in found_second] == [{"account_id": 1}]
    assert found_last == []


async def test_what_was_rolled_back_did_not_happen(database: Database) -> None:
    before = await events.position(database)
    async with database.session() as session:
        await events.record(session, "filters.changed", account_id=1)
        await session.rollback()

    assert (await events.since(database, before, ["filters.changed"]))[1] == []


async def test_only_what_is_asked_for_is_read_the_oldest_first(database: Database) -> None:
    before = await events.position(database)
    ada = await make_account(database)
    written = [await make_status(database, ada) for _ in range(3)]
    async with database.session() as session:
        await events.record(session, "filters.changed", account_id=1)
        await session.commit()

    _, found = await events.since(database, before, ["status.created", "status.deleted"])

    assert [each.payload["status_id"] for each in found] == written


async def test_events_of_a_restored_backup_are_not_news(database: Database) -> None:
    before = await events.position(database)
    await database.fetch(
        "INSERT INTO events (id, created_at, name, payload, transaction) "
        "VALUES (1, now(), 'filters.changed', '{}', 1000000000000)"
    )
    await database.fetch(
        "INSERT INTO events (id, created_at, name, payload) "
        "VALUES (2, $1, 'filters.changed', '{}')",
        clock.now() - timedelta(hours=1),
    )

    assert (await events.since(database, before, ["filters.changed"]))[1] == []


async def test_whoever_listens_hears_that_something_happened(database: Database) -> None:
    heard: asyncio.Queue[object] = asyncio.Queue()
    connection = await database.connect()
    try:
        await connection.add_listener(events.CHANNEL, lambda *told: heard.put_nowait(told[-1]))
        async with database.session() as session:
            await events.record(session, "filters.changed", account_id=1)
            await session.commit()

        async with asyncio.timeout(30):
            assert await heard.get() == ""
    finally:
        await connection.close()
