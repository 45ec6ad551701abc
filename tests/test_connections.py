"""The loans of connections for reading: every way in which one may end."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from app import database
from app.connections import Connections
from app.database import Database, SessionReader

pytestmark = pytest.mark.anyio


@pytest.fixture
async def connections(database_url: str) -> AsyncIterator[Connections]:
    made = Connections(lambda: asyncpg.connect(database_url), limit=2, patience_seconds=0.2)
    yield made
    assert made.in_use == 0
    made.terminate()


async def backend(connections: Connections) -> int:
    number: int = (await connections.fetch("SELECT pg_backend_pid()", ()))[0][0]
    return number


async def test_the_connection_used_last_is_used_next(connections: Connections) -> None:
    await asyncio.gather(*(backend(connections) for _ in range(2)))

    assert len({await backend(connections) for _ in range(5)}) == 1


async def test_no_more_than_the_limit_and_each_waits_its_turn(connections: Connections) -> None:
    async def asked(number: int) -> tuple[int, int]:
        rows = await connections.fetch(
            "SELECT $1::int, pg_backend_pid(), pg_sleep(0.01)", (number,)
        )
        served.setdefault(rows[0][1], []).append(number)
        return rows[0][0], rows[0][1]

    served: dict[int, list[int]] = {}
    answers = await asyncio.gather(*(asked(number) for number in range(8)))

    assert [number for number, _ in answers] == list(range(8))
    assert len({pid for _, pid in answers}) == 2
    # Which connection is faster is chance; that nobody overtakes on one is not.
    assert all(numbers == sorted(numbers) for numbers in served.values())


async def test_what_is_written_goes_over_no_old_connection(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "RECYCLE_SECONDS", 0)
    used: set[int] = set()

    async with database.Database(database_url) as opened:
        for _ in range(2):
            async with opened.session() as session:
                (row,) = await SessionReader(session).fetch("SELECT pg_backend_pid()")
                used.add(row[0])

    assert len(used) == 2


async def test_who_waits_too_long_is_told_so(connections: Connections) -> None:
    busy = [asyncio.create_task(connections.fetch("SELECT pg_sleep(0.5)", ())) for _ in range(2)]
    await asyncio.sleep(0)

    with pytest.raises(TimeoutError, match="in use"):
        await backend(connections)
    await asyncio.gather(*busy)


async def test_an_error_of_the_statement_costs_no_connection(connections: Connections) -> None:
    before = await backend(connections)

    with pytest.raises(asyncpg.UndefinedTableError):
        await connections.fetch("SELECT * FROM nowhere", ())

    assert await backend(connections) == before


async def test_a_statement_given_up_gives_its_place_to_the_next(connections: Connections) -> None:
    sleeping = [asyncio.create_task(connections.fetch("SELECT pg_sleep(60)", ())) for _ in range(2)]
    await asyncio.sleep(0.05)
    waiting = [asyncio.create_task(backend(connections)) for _ in range(4)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    for task in sleeping:
        task.cancel()

    answers = await asyncio.gather(*waiting[1:])

    assert all(answers)
    running = await connections.fetch(
        "SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)' "
        "AND state = 'active'",
        (),
    )
    deadline = asyncio.get_running_loop().time() + 5
    while running[0][0] and asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(0.02)
        running = await connections.fetch(
            "SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)' "
            "AND state = 'active'",
            (),
        )
    assert running[0][0] == 0


async def test_whoever_leaves_with_a_connection_in_hand_passes_it_on(
    connections: Connections,
) -> None:
    for _ in range(20):
        tasks = [asyncio.create_task(backend(connections)) for _ in range(8)]
        await asyncio.sleep(0.001)
        for task in tasks[1::2]:
            task.cancel()
        answers = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(answer, int) for answer in answers[::2])


async def test_connections_that_died_idle_are_replaced(
    connections: Connections, database_url: str
) -> None:
    pids = await asyncio.gather(*(backend(connections) for _ in range(2)))
    other = await asyncpg.connect(database_url)
    for pid in pids:
        await other.execute("SELECT pg_terminate_backend($1, 1000)", pid)
    await other.close()
    await asyncio.sleep(0.05)

    assert not {await backend(connections) for _ in range(3)} & set(pids)


async def test_connecting_in_vain_takes_no_place() -> None:
    async def refuse() -> asyncpg.Connection:
        raise ConnectionRefusedError

    connections = Connections(refuse, limit=1, patience_seconds=0.2)

    for _ in range(3):
        with pytest.raises(ConnectionRefusedError):
            await backend(connections)
    assert connections.in_use == 0


async def test_long_statements_are_planned_once_too(database_url: str) -> None:
    """Some of ours come near to 15 kB, above which the driver keeps none unless it is told to."""
    database = Database(database_url)
    connection = await database.connect()
    try:
        long = f"SELECT 1 AS long_{'/* more */' * 2000}"
        for _ in range(2):
            await connection.fetch(long)
        kept = await connection.fetchval(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT 1 AS long%'"
        )
    finally:
        connection.terminate()
    assert kept == 1
