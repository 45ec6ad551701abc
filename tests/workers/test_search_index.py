"""The indexes in Meilisearch follow the database, whatever happens in between (SE-2)."""

import asyncio
from typing import Any

import httpx
import pytest

from app import workers
from app.database import Database
from app.models.statuses.statuses import Visibility
from app.settings import Settings
from search import meilisearch_administration
from search.meilisearch_administration import NotAccepted
from tests.factories import as_account, make_account, make_reblog, make_status
from tests.meilisearch.server import Meilisearch
from tests.meilisearch.target import Target
from tests.meilisearch.world import World

pytestmark = pytest.mark.anyio


@pytest.fixture
async def world(stand_in: tuple[Meilisearch, Target], database: Database) -> World:
    world = World(*stand_in, database)
    await world.index.catch_up()
    return world


async def test_without_indexes_they_are_built(world: World) -> None:
    assert world.texts() == []
    assert set(world.double.store.indexes) == {"hardop_people_v1", "hardop_statuses_v1"}
    assert await world.index.is_built()


async def test_what_is_posted_edited_and_deleted_follows(
    world: World, client: httpx.AsyncClient
) -> None:
    ada = await make_account(world.database, "ada")
    own = await as_account(world.database, ada)
    posted = await client.post(
        "/api/v1/statuses",
        json={"status": "Äpfel: https://x.example #fruit", "language": "de", "sensitive": True},
        headers=own,
    )
    await world.index.catch_up()
    (document,) = world.kept("statuses").documents.values()
    assert document == {
        "id": posted.json()["id"],
        "version": 0,
        "moment": int(posted.json()["id"]) >> 16,
        "sequence": int(posted.json()["id"]) & 0xFFFF,
        "account_id": str(ada.id),
        "text": "apfel https x example fruit",
        "words_count": 5,
        "language": "de",
        "media": [],
        "is_reply": False,
        "is_sensitive": True,
        "has_link": True,
        "has_poll": False,
        "is_evidence": True,
    }

    url = f"/api/v1/statuses/{posted.json()['id']}"
    await client.put(url, json={"status": "Pears"}, headers=own)
    await world.index.catch_up()
    assert world.texts() == ["pears"]
    assert next(iter(world.kept("statuses").documents.values()))["version"] > 0

    await client.delete(url, headers=own)
    await world.index.catch_up()
    assert world.texts() == []


async def test_what_is_not_public_or_not_their_own_stays_out(world: World) -> None:
    ada = await make_account(world.database, "ada")
    for visibility in Visibility:
        await make_status(world.database, ada, f"{visibility} words", visibility=visibility)
    (public,) = await world.database.fetch("SELECT id FROM statuses WHERE visibility = 'public'")
    await make_reblog(world.database, ada, public["id"])

    await world.index.catch_up()

    assert world.texts() == ["public words"]


@pytest.mark.parametrize(
    ("wish", "texts"), [("indexable", []), ("discoverable", ["apples"]), ("bot", ["apples"])]
)
async def test_who_does_not_want_to_be_found_is_taken_out_and_comes_back(
    world: World, client: httpx.AsyncClient, wish: str, texts: list[str]
) -> None:
    ada = await make_account(world.database, "ada", note="Grows pears")
    own = await as_account(world.database, ada)
    await make_status(world.database, ada, "Apples")
    await world.index.catch_up()
    for value in (wish == "bot", wish != "bot"):
        await client.patch(
            "/api/v1/accounts/update_credentials", data={wish: str(value).lower()}, headers=own
        )
        await world.index.catch_up()
        is_out = value == (wish == "bot")
        assert world.texts() == (texts if is_out else ["apples"])
        for document in world.kept("statuses").documents.values():
            assert document["is_evidence"] != is_out
        (person,) = world.kept("people").documents.values()
        assert person["profile"] == ("" if is_out and wish == "discoverable" else "grows pears")


async def test_suspended_and_erased_people_are_taken_out(
    world: World, client: httpx.AsyncClient
) -> None:
    moderator = await make_account(world.database, "root", role="admin")
    headers = await as_account(world.database, moderator, "admin:read admin:write")
    ada = await make_account(world.database, "ada")
    await make_status(world.database, ada, "Apples")
    await client.post(f"/api/v1/admin/accounts/{ada.id}/unsilence", json={}, headers=headers)
    await world.index.repair()
    assert (world.names(), world.texts()) == (["ada", "root"], ["apples"])

    for action, names, texts in (
        ("action", ["root"], []),
        ("unsuspend", ["ada", "root"], ["apples"]),
        ("action", ["root"], []),
    ):
        answer = await client.post(
            f"/api/v1/admin/accounts/{ada.id}/{action}",
            json={"type": "suspend"} if action == "action" else {},
            headers=headers,
        )
        assert answer.status_code == 200, answer.text
        await world.index.catch_up()
        assert (world.names(), world.texts()) == (names, texts)

    await client.delete(f"/api/v1/admin/accounts/{ada.id}", headers=headers)
    await world.index.catch_up()
    assert world.names() == ["root"]


async def test_following_twice_changes_nothing(world: World) -> None:
    ada = await make_account(world.database, "ada")
    await make_status(world.database, ada, "Apples")
    before = (await world.database.fetch("SELECT position FROM search_progress"))[0]["position"]
    await world.index.catch_up()
    documents, writes = dict(world.kept("statuses").documents), world.writes()

    await world.index.catch_up()
    assert world.writes() == writes

    # As if whoever did it was killed before writing down that it did.
    await world.database.fetch("UPDATE search_progress SET position = $1", before)
    await world.index.catch_up()
    assert world.writes() > writes
    assert world.kept("statuses").documents == documents


async def test_nothing_is_lost_while_meilisearch_is_away(world: World) -> None:
    ada = await make_account(world.database, "ada")
    await make_status(world.database, ada, "Apples")
    world.double.stop()
    assert not await world.index.try_to_catch_up()
    assert not await world.index.try_to_catch_up(is_quiet=True)
    await make_status(world.database, ada, "Pears")
    world.double.start()

    assert await world.index.try_to_catch_up()

    assert world.texts() == ["apples", "pears"]


@pytest.mark.parametrize("code", ["internal", "no_space_left_on_device"])
async def test_a_task_that_fails_is_done_again(world: World, code: str) -> None:
    await make_status(world.database, await make_account(world.database, "ada"), "Apples")
    world.double.store.failing["documentAdditionOrUpdate"] = code
    with pytest.raises(NotAccepted, match=code):
        await world.index.catch_up()
    assert world.texts() == []

    world.double.store.failing.clear()
    await world.index.catch_up()
    assert world.texts() == ["apples"]


async def test_one_bad_document_costs_only_itself(world: World) -> None:
    ada = await make_account(world.database, "ada")
    ids = [await make_status(world.database, ada, f"apple{number}") for number in range(7)]
    world.double.store.bad_ids = {str(ids[3])}

    await world.index.catch_up()

    assert world.texts() == [f"apple{number}" for number in (0, 1, 2, 4, 5, 6)]


async def test_too_much_at_once_is_sent_in_halves(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = await make_account(world.database, "ada")
    for number in range(5):
        await make_status(world.database, ada, f"apple{number}")
    answer = world.double.answer

    def refuse_many(*asked: Any) -> tuple[int, bytes]:
        return (
            (413, b"{}")
            if asked[1].endswith("/documents") and len(asked[3]) > 900
            else (answer(*asked))
        )

    monkeypatch.setattr(world.double, "answer", refuse_many)
    await world.index.catch_up()

    assert len(world.texts()) == 5


async def test_lost_indexes_are_built_again(world: World) -> None:
    await make_status(world.database, await make_account(world.database, "ada"), "Apples")
    world.double.store.indexes.clear()

    await world.index.catch_up()

    assert (world.names(), world.texts()) == (["ada"], ["apples"])


async def test_an_index_lost_in_the_middle_is_built_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make_status(world.database, await make_account(world.database, "ada"), "Apples")
    put = meilisearch_administration.MeilisearchIndexes.put

    async def lose_first(self: Any, *given: Any, **named: Any) -> None:
        monkeypatch.undo()
        world.double.store.indexes.clear()
        world.double.store.failing["documentAdditionOrUpdate"] = "index_not_found"
        try:
            await put(self, *given, **named)
        finally:
            world.double.store.failing.clear()

    monkeypatch.setattr(meilisearch_administration.MeilisearchIndexes, "put", lose_first)
    await world.index.catch_up()

    assert world.texts() == ["apples"]


async def test_the_worker_follows(
    stand_in: tuple[Meilisearch, Target], database: Database, settings: Settings
) -> None:
    world = World(*stand_in, database)
    stop = asyncio.Event()
    working = asyncio.create_task(workers.run(world.target.settings(settings), stop=stop))
    await make_status(database, await make_account(database, "ada"), "Apples")

    async with asyncio.timeout(30):
        # A worker does not say when it is done.
        while "hardop_statuses_v1" not in world.double.store.indexes or not world.texts():  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    stop.set()
    await working
    assert world.texts() == ["apples"]


async def test_running_the_pending_jobs_brings_the_index_up_to_date(
    stand_in: tuple[Meilisearch, Target], database: Database, settings: Settings
) -> None:
    world = World(*stand_in, database)
    await make_status(database, await make_account(database, "ada"), "Apples")

    await workers.run(world.target.settings(settings), stop=asyncio.Event(), drain=True)

    assert world.texts() == ["apples"]
