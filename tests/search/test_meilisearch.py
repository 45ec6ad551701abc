"""Searching with Meilisearch while it is well, away, slow, wrong or behind (SE-1)."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from app.database import Database
from app.models.accounts.accounts import Account
from app.workers.search_index import SearchIndex
from search import meilisearch
from search.breaker import Breaker
from search.engines import ExpertQuery, PeopleQuery, StatusQuery
from search.meilisearch import MeilisearchEngine
from search.meilisearch_administration import ACTIONS, MeilisearchIndexes, NotAccepted
from search.meilisearch_queries import MeilisearchQueries
from tests.factories import make_account, make_follow, make_status
from tests.meilisearch.server import Meilisearch
from tests.meilisearch.target import Target

pytestmark = pytest.mark.anyio

APPLES = StatusQuery(viewer=0, terms=(("apples",),))
MULTI = "multi_search_with_post"


@dataclass
class World:
    """A stand-in that knows what the database holds: one public status of Ada's about apples."""

    double: Meilisearch
    target: Target
    index: SearchIndex
    engine: MeilisearchEngine
    database: Database
    ada: Account
    apples: int
    clock: list[float]

    async def knows(self) -> list[int]:
        """Who knows about apples."""
        found = await self.engine.search_experts(ExpertQuery(0, "apples"))
        return [each.account_id for each in found.found]

    def searches(self) -> int:
        return len(self.double.asked(MULTI))


@pytest.fixture
async def world(stand_in: tuple[Meilisearch, Target], database: Database) -> AsyncIterator[World]:
    double, target = stand_in
    ada = await make_account(database, "ada", display_name="Ada Byron", note="Grows pears")
    apples = await make_status(database, ada, "Apples are green")
    index = target.index(database)
    await index.rebuild()
    clock = [0.0]
    queries = MeilisearchQueries(
        target.url,
        target.keys.search,
        breaker=Breaker(now=lambda: clock[0]),
        deadline_seconds=5.0,
    )
    engine = MeilisearchEngine(database, queries, prefix=target.prefix)
    yield World(double, target, index, engine, database, ada, apples, clock)
    await engine.close()


async def test_it_is_asked_once_for_each_search(world: World) -> None:
    assert await world.engine.search_statuses(APPLES) == [world.apples]
    assert await world.engine.search_people(PeopleQuery(0, "ad", (("ad",),))) == [world.ada.id]
    assert await world.knows() == [world.ada.id]

    assert world.searches() == 3
    assert world.engine.answers_by == "meilisearch"


async def test_each_spelling_of_each_word_is_asked_for_by_itself(world: World) -> None:
    await world.engine.search_experts(ExpertQuery(0, "green apples"))

    (asked,) = world.double.asked(MULTI)
    assert [(each["q"], each["matchingStrategy"]) for each in asked["queries"]] == [
        ('"green"', "all"),
        ('"greenapples"', "all"),
        ('"apples"', "all"),
        ("green apples", "frequency"),
    ]


@pytest.mark.parametrize("trouble", [500, 503, 400, b"nonsense", b'{"results": []}', b"{}"])
async def test_postgresql_answers_what_meilisearch_does_not(
    world: World, trouble: int | bytes
) -> None:
    world.double.trouble[MULTI] = trouble

    assert await world.engine.search_statuses(APPLES) == [world.apples]
    assert await world.engine.search_people(PeopleQuery(0, "ad", (("ad",),))) == [world.ada.id]
    assert await world.knows() == [world.ada.id]
    assert world.engine.answers_by == "postgresql"


async def test_one_that_is_away_is_left_alone_and_tried_again_later(world: World) -> None:
    world.double.stop()
    for _ in range(7):
        assert await world.engine.search_statuses(APPLES) == [world.apples]
    world.double.start()

    assert await world.engine.search_statuses(APPLES) == [world.apples]
    assert world.searches() == 0
    world.clock[0] += 30
    assert await world.engine.search_statuses(APPLES) == [world.apples]
    assert world.searches() == 1
    world.double.stop()
    assert await world.engine.search_statuses(APPLES) == [world.apples]
    world.double.start()
    # It was forgiven: one failure more does not open it again.
    assert await world.engine.search_statuses(APPLES) == [world.apples]
    assert world.searches() == 2
    assert world.engine.answers_by == "meilisearch"


async def test_nobody_waits_longer_than_the_deadline(world: World) -> None:
    impatient = MeilisearchQueries(world.target.url, world.target.keys.search, deadline_seconds=0.2)
    engine = MeilisearchEngine(world.database, impatient, prefix=world.target.prefix)
    world.double.answers.clear()

    assert await engine.search_statuses(APPLES) == [world.apples]
    assert engine.answers_by == "postgresql"
    await engine.close()
    world.double.answers.set()


async def test_an_index_that_is_lost_or_made_by_itself_does_not_answer(world: World) -> None:
    world.double.store.indexes.clear()
    assert await world.engine.search_statuses(APPLES) == [world.apples]
    assert world.engine.answers_by == "postgresql"

    # Somebody adds a document, and Meilisearch makes an index for it.
    other = await make_status(world.database, world.ada, "Other apples")
    indexes = MeilisearchIndexes(world.target.url, world.target.keys.index, world.target.prefix)
    for kind in ("people", "statuses"):
        world.double.store.add(
            f"{world.target.prefix}{kind}_v1", [{"id": str(other)}], may_create=True
        )

    assert not await indexes.are_ready()
    assert await world.engine.search_statuses(APPLES) == [other, world.apples]
    assert await world.knows() == [world.ada.id]
    assert await world.engine.search_people(PeopleQuery(0, "ad", (("ad",),))) == [world.ada.id]
    assert world.engine.answers_by == "postgresql"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE statuses SET visibility = 'private'",
        "UPDATE statuses SET text = 'Pears', edited_at = now()",
        "DELETE FROM statuses",
        "UPDATE accounts SET indexable = false",
        "UPDATE accounts SET suspended_at = now()",
    ],
)
async def test_what_is_stale_in_the_index_is_neither_shown_nor_counted(
    world: World, change: str
) -> None:
    await world.database.fetch(change)

    assert await world.engine.search_statuses(APPLES) == []
    assert await world.knows() == []
    assert world.engine.answers_by == "meilisearch"


async def test_a_late_update_is_ignored(world: World) -> None:
    uid = f"{world.target.prefix}statuses_v1"
    late = world.double.store.index(uid).documents[str(world.apples)].copy()
    await world.database.fetch("UPDATE statuses SET text = 'Pears', edited_at = now()")
    await world.index.repair()

    world.double.store.index(uid).add([late])

    assert await world.engine.search_statuses(APPLES) == []
    assert await world.knows() == []
    # And it is found out.
    assert (await world.index.repair()).stale == 1
    assert world.double.store.index(uid).documents[str(world.apples)]["text"] == "pears"


async def test_a_renamed_person_is_not_found_by_the_old_name(world: World) -> None:
    await world.database.fetch("UPDATE accounts SET display_name = 'Countess', note = ''")

    assert await world.engine.search_people(PeopleQuery(0, "byron", (("byron",),))) == []
    assert await world.engine.search_people(PeopleQuery(0, "pears", (("pears",),))) == []


async def test_what_only_the_database_knows_is_asked_of_it_alone(world: World) -> None:
    bob = await make_account(world.database, "bob")
    await make_follow(world.database, bob, world.ada)

    assert await world.engine.search_people(
        PeopleQuery(bob.id, "ad", (("ad",),), following=True)
    ) == [world.ada.id]
    found = await world.engine.search_experts(ExpertQuery(bob.id, "apples", following=True))
    assert [each.account_id for each in found.found] == [world.ada.id]
    library = StatusQuery(world.ada.id, (("apples",),), among="library")
    assert await world.engine.search_statuses(library) == [world.apples]
    deep = StatusQuery(0, (("apples",),), offset=1000)
    assert await world.engine.search_statuses(deep) == []

    assert world.searches() == 0


async def test_nobody_is_missing_where_a_list_is_cut_off(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meilisearch, "MAX_HITS", 1)
    bob = await make_account(world.database, "bob", unit="Orchard")
    await make_status(world.database, bob, "A long story about apples and pears and quinces")
    await world.index.repair()

    found = await world.engine.search_experts(ExpertQuery(0, "apples", unit="orchard"))

    assert [each.account_id for each in found.found] == [bob.id]


async def test_nothing_but_public_texts_is_in_the_index(world: World) -> None:
    for visibility in ("unlisted", "private", "direct"):
        await world.database.fetch("UPDATE statuses SET visibility = $1", visibility)
        await world.index.repair()
        assert not world.double.store.index(f"{world.target.prefix}statuses_v1").documents


async def test_a_language_cannot_break_out_of_its_filter(world: World) -> None:
    odd = StatusQuery(0, (("apples",),), languages=('x"] OR version = 0 OR language IN ["\\',))

    assert await world.engine.search_statuses(odd) == []
    assert world.engine.answers_by == "meilisearch"


async def test_keys_can_do_no_more_than_they_have_to(world: World) -> None:
    store = world.double.store
    assert {key["name"]: set(key["actions"]) for key in store.keys.values()} == {
        f"{world.target.prefix}{name}": set(actions) for name, actions in ACTIONS.items()
    }
    assert {tuple(key["indexes"]) for key in store.keys.values()} == {("hardop_*",)}

    with_search_key = MeilisearchIndexes(world.target.url, world.target.keys.search, "hardop_")
    with pytest.raises(NotAccepted):
        await with_search_key.give_up()
    with pytest.raises(NotAccepted):
        await MeilisearchIndexes(world.target.url, world.target.keys.index, "other_").give_up()
    for key in (world.target.keys.index, "unknown", None):
        queries = MeilisearchQueries(world.target.url, key)
        assert await queries.ask([{"indexUid": "hardop_people_v1"}]) is None
        await queries.close()


async def test_many_ask_at_once(world: World) -> None:
    found = await asyncio.gather(*(world.engine.search_statuses(APPLES) for _ in range(20)))

    assert found == [[world.apples]] * 20
