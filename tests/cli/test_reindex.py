"""`hardop reindex`, and the keys it needs."""

import io

import pytest

from app.database import Database
from app.settings import Settings
from app.workers import search_index
from tests.cli.commands import Hardop, make_hardop
from tests.factories import make_account, make_status
from tests.meilisearch.server import MASTER_KEY, Meilisearch
from tests.meilisearch.target import Target

pytestmark = pytest.mark.anyio


@pytest.fixture
def hardop(settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch) -> Hardop:
    return make_hardop(settings, monkeypatch)


@pytest.fixture
async def double(
    stand_in: tuple[Meilisearch, Target], database: Database, monkeypatch: pytest.MonkeyPatch
) -> Meilisearch:
    """A stand-in that the commands use, and a status about apples."""
    double, target = stand_in
    monkeypatch.setenv("HARDOP_MEILISEARCH_URL", target.url)
    monkeypatch.setenv("HARDOP_MEILISEARCH_INDEX_KEY", target.keys.index)
    await make_status(database, await make_account(database, "ada"), "Apples")
    return double


def texts(double: Meilisearch) -> list[str]:
    documents = double.store.indexes["hardop_statuses_v1"].documents
    return [each["text"] for each in documents.values()]


async def test_it_builds_the_indexes_and_says_so(hardop: Hardop, double: Meilisearch) -> None:
    assert "PROBLEM  search: Meilisearch has no indexes of ours" in (await hardop("doctor")).out

    done = await hardop("reindex")

    assert done.code == 0, done.err
    assert done.out.startswith("Indexed 1 statuses and 1 people in ")
    assert "Statuses" in done.err
    assert texts(double) == ["apples"]
    assert "ok       search: by Meilisearch" in (await hardop("doctor")).out


async def test_interrupted_it_leaves_the_old_ones(
    hardop: Hardop, double: Meilisearch, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await hardop("reindex")
    before = dict(double.store.indexes)

    async def interrupt(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(search_index.SearchIndex, "_fill", interrupt)
    done = await hardop("reindex")

    assert done.code == 130
    assert "The old indexes stay." in done.err
    assert double.store.indexes == before


async def test_it_says_what_is_in_the_way(
    hardop: Hardop, double: Meilisearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    double.stop()
    done = await hardop("reindex")
    assert done.code == 1
    assert "Meilisearch does not do it: MeilisearchCommunicationError." in done.err

    monkeypatch.delenv("HARDOP_MEILISEARCH_URL")
    done = await hardop("reindex")
    assert done.code == 1
    assert "Set HARDOP_MEILISEARCH_URL" in done.err


async def test_one_is_building_already(
    hardop: Hardop, double: Meilisearch, database: Database, stand_in: tuple[Meilisearch, Target]
) -> None:
    async with stand_in[1].index(database)._alone(search_index._BUILDING):
        done = await hardop("reindex")

    assert done.code == 1
    assert "being built already" in done.err


async def test_keys_are_made_once_with_the_master_key(
    hardop: Hardop, double: Meilisearch, stand_in: tuple[Meilisearch, Target]
) -> None:
    printed = [
        (await hardop("keys", "search", typed=io.StringIO(f"{MASTER_KEY}\n"))).out for _ in range(2)
    ]

    keys = stand_in[1].keys
    assert (
        printed
        == [
            f"HARDOP_MEILISEARCH_SEARCH_KEY={keys.search}\n"
            f"HARDOP_MEILISEARCH_INDEX_KEY={keys.index}\n"
        ]
        * 2
    )
    assert len(double.store.keys) == 2


async def test_keys_are_refused_without_it(
    hardop: Hardop, double: Meilisearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = await hardop("keys", "search")
    assert done.code == 1
    assert "Meilisearch makes no keys: invalid_api_key" in done.err

    monkeypatch.delenv("HARDOP_MEILISEARCH_URL")
    assert "Set HARDOP_MEILISEARCH_URL first." in (await hardop("keys", "search")).err


async def test_a_person_is_asked_for_the_master_key(
    hardop: Hardop,
    double: Meilisearch,
    stand_in: tuple[Meilisearch, Target],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("typer.prompt", lambda *_, **__: MASTER_KEY)
    printed = (await hardop("keys", "search", typed=Terminal())).out

    assert stand_in[1].keys.search in printed
