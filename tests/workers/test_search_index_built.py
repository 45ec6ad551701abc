"""The indexes in Meilisearch are built anew, and compared with the database (SE-2)."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from app import clock
from app.database import Database
from app.workers import search_index
from app.workers.search_index import BusyBuilding, Drift, SearchIndex
from search import meilisearch_administration
from tests.factories import make_account, make_status
from tests.meilisearch.server import Meilisearch
from tests.meilisearch.store import Index
from tests.meilisearch.target import Target
from tests.meilisearch.world import World

pytestmark = pytest.mark.anyio


@pytest.fixture
async def world(stand_in: tuple[Meilisearch, Target], database: Database) -> World:
    world = World(*stand_in, database)
    await world.index.catch_up()
    return world


async def test_after_too_long_all_is_built_anew(world: World) -> None:
    await make_status(world.database, await make_account(world.database, "ada"), "Apples")
    await world.database.fetch(
        "UPDATE search_progress SET reached_at = $1", clock.now() - timedelta(days=2, minutes=1)
    )
    await world.database.fetch("DELETE FROM events")

    await world.index.catch_up()

    assert world.texts() == ["apples"]


async def test_a_position_of_another_server_is_not_believed(world: World) -> None:
    await make_status(world.database, await make_account(world.database, "ada"), "Apples")
    await world.database.fetch("UPDATE search_progress SET position = '999999999:999999999:'")

    await world.index.catch_up()

    assert world.texts() == ["apples"]


async def test_drift_is_found_and_put_right(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_index, "_BATCH", 3)
    monkeypatch.setattr(meilisearch_administration, "_PAGE", 2)
    ada = await make_account(world.database, "ada")
    ids = [await make_status(world.database, ada, f"apple{number}") for number in range(7)]
    await world.index.catch_up()
    # Tests make people without telling anybody.
    assert await world.index.repair() == Drift(1, 0)
    assert await world.index.repair() == Drift()

    kept = world.kept("statuses")
    kept.remove(str(ids[1]))
    kept.add([{**kept.documents[str(ids[2])], "version": 5, "text": "old"}])
    for stray in (ids[0] - 1, ids[6] + 1, ids[6] + (1 << 40)):
        moment, sequence = stray >> 16, stray & 0xFFFF
        kept.add([{"id": str(stray), "version": 0, "moment": moment, "sequence": sequence}])
    # Nobody was told of this one.
    await world.database.fetch("DELETE FROM statuses WHERE id = $1", ids[4])

    assert await world.index.repair() == Drift(2, 4)
    assert sorted(map(int, kept.documents)) == [ids[n] for n in (0, 1, 2, 3, 5, 6)]
    assert await world.index.repair() == Drift()


async def test_what_is_imported_is_compared(world: World) -> None:
    ada = await make_account(world.database, "ada")
    await make_status(world.database, ada, "Apples")
    await world.database.fetch(
        "UPDATE events SET name = 'people.imported', payload = '{}' WHERE name = 'status.created'"
    )

    await world.index.catch_up()

    assert (world.names(), world.texts()) == (["ada"], ["apples"])


async def test_what_happens_while_it_is_built_is_in_it(world: World) -> None:
    ada = await make_account(world.database, "ada")
    gone = await make_status(world.database, ada, "Apples")
    meanwhile: list[Callable[[], Awaitable[Any]]] = [
        lambda: make_status(world.database, ada, "Pears"),
        lambda: world.database.fetch("DELETE FROM statuses WHERE id = $1", gone),
    ]
    shown: list[tuple[str, int, int]] = []
    put = world.index._indexes.put

    async def put_while_things_happen(*given: Any, **named: Any) -> None:
        await put(*given, **named)
        while meanwhile:
            await meanwhile.pop(0)()
            await world.database.fetch(
                "UPDATE events SET name = 'status.deleted' "
                "WHERE (payload->>'status_id')::bigint = $1",
                gone if not meanwhile else 0,
            )

    world.index._indexes.put = put_while_things_happen  # type: ignore[method-assign]
    built = await world.index.rebuild(lambda *stage: shown.append(stage))

    assert built == {"people": 1, "statuses": 1}
    assert world.texts() == ["pears"]
    assert ("Statuses", 1, 1) in shown
    assert set(world.double.store.indexes) == {"hardop_people_v1", "hardop_statuses_v1"}


async def test_a_build_that_is_interrupted_leaves_the_old_index(world: World) -> None:
    await make_status(world.database, await make_account(world.database, "ada"), "Apples")
    await world.index.catch_up()
    before = dict(world.double.store.indexes)

    def interrupt(stage: str, done: int, total: int) -> None:
        if stage == "Statuses":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await world.index.rebuild(interrupt)

    assert world.double.store.indexes == before
    assert world.texts() == ["apples"]


async def test_what_was_half_built_by_one_that_was_killed_is_replaced(world: World) -> None:
    world.double.store.indexes["hardop_statuses_v1_new"] = half = Index("id")
    half.add([{"id": "1"}])

    await world.index.rebuild()

    assert world.texts() == []
    assert set(world.double.store.indexes) == {"hardop_people_v1", "hardop_statuses_v1"}


async def test_only_one_builds_and_only_one_follows(world: World) -> None:
    other = SearchIndex(world.database, world.index._indexes)
    await make_status(world.database, await make_account(world.database, "ada"), "Apples")
    writes = world.writes()

    async with world.index._alone(search_index._BUILDING):
        with pytest.raises(BusyBuilding):
            await other.rebuild()
    async with world.index._alone(search_index._WRITING):
        await other.catch_up()
        repairing = asyncio.create_task(other.repair())
        await asyncio.sleep(0)
        assert world.writes() == writes
    assert (await repairing).stale == 2
