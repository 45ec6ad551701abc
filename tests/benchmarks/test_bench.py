"""The benchmark itself works, on a very small organisation; nothing is timed."""

import asyncio
from pathlib import Path

import asyncpg
import httpx
import pytest

from app.domain.timelines import home_entries
from app.main import create_app
from app.migrate import migrate
from app.settings import Settings
from benchmarks import floor, generator, load, measuring, reporting
from benchmarks.load import Measured
from benchmarks.scenarios import HOME, recorded, scenarios
from benchmarks.seed import Organisation, Sizes, seed
from tests.postgres import create_from_template

pytestmark = pytest.mark.anyio

SIZES = Sizes(accounts=12, follows=5, statuses=400, home=30, tokens=6)
ORIGIN = "http://bench.test"


@pytest.fixture(scope="module")
def dsn(cluster: str, worker_id: str) -> str:
    """A database of the benchmark's own: the suite empties its own after each test."""
    return asyncio.run(create_from_template(cluster, f"bench_{worker_id}", migrate))


@pytest.fixture(scope="module")
def organisation(dsn: str) -> Organisation:
    return asyncio.run(seed(dsn, SIZES))


@pytest.fixture(scope="module")
def bench_settings(settings: Settings, dsn: str) -> Settings:
    return settings.model_copy(update={"database_url": dsn, "base_url": ORIGIN})


async def test_homes_hold_what_the_worker_would_lay_out(
    dsn: str, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Seeding brings home what several people pass on as often as they do.
    monkeypatch.setattr(home_entries, "LATELY", 0)
    connection = await asyncpg.connect(dsn)
    try:
        seeded = await connection.fetch("SELECT account_id, status_id FROM home_entries")
        undone = connection.transaction()
        await undone.start()
        try:
            await connection.execute("DELETE FROM home_entries")
            await connection.execute("INSERT INTO home_entries SELECT account_id, id FROM statuses")
            for row in await connection.fetch("SELECT id FROM statuses"):
                await home_entries.fan_out(connection, row["id"])
            laid_out = await connection.fetch(
                """
                SELECT account_id, status_id FROM (
                    SELECT *, row_number() OVER (PARTITION BY account_id ORDER BY status_id DESC)
                        AS place FROM home_entries
                ) placed WHERE place <= $1
                """,
                SIZES.home,
            )
        finally:
            await undone.rollback()
    finally:
        await connection.close()

    assert len(organisation.people) == SIZES.tokens
    assert set(map(tuple, seeded)) == set(map(tuple, laid_out))


async def test_counters_are_right(dsn: str, organisation: Organisation) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        wrong = await connection.fetch(
            """
            SELECT s.id FROM statuses s WHERE
                favourites_count <> (SELECT count(*) FROM favourites WHERE status_id = s.id)
                OR bookmarks_count <> (SELECT count(*) FROM bookmarks WHERE status_id = s.id)
                OR reactions_count <> (SELECT count(*) FROM reactions WHERE status_id = s.id)
                OR reblogs_count <> (SELECT count(*) FROM statuses WHERE reblog_of_id = s.id)
                OR replies_count <> (SELECT count(*) FROM statuses WHERE in_reply_to_id = s.id)
            UNION ALL
            SELECT a.id FROM accounts a WHERE
                statuses_count <> (SELECT count(*) FROM statuses WHERE account_id = a.id)
                OR followers_count <>
                    (SELECT count(*) FROM follows WHERE target_account_id = a.id)
                OR following_count <> (SELECT count(*) FROM follows WHERE account_id = a.id)
            """
        )
    finally:
        await connection.close()

    assert wrong == []


async def test_the_floor_answers_exactly_what_the_server_answers(
    dsn: str, organisation: Organisation, bench_settings: Settings
) -> None:
    found = scenarios(organisation)
    # A search among twelve people may find nobody, but not each one.
    empty = {scenario.name for scenario in found}
    app, beside = create_app(bench_settings), floor.Floor(dsn)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=ORIGIN) as server,
    ):
        await floor.fill(dsn, server, organisation.people, recorded(found))
        async with (
            beside.open(),
            httpx.AsyncClient(transport=httpx.ASGITransport(app=beside), base_url=ORIGIN) as bare,
        ):
            for scenario in found:
                for asked, copy in zip(scenario.server[:6], scenario.floor[:6], strict=True):
                    answers = [
                        await measuring.send(client, request)
                        for client, request in ((server, asked), (bare, copy))
                    ]
                    assert [answer.status_code for answer in answers] == [200, 200]
                    if not scenario.writes:
                        assert answers[0].content == answers[1].content
                    if len(answers[0].content) > 100:
                        empty.discard(scenario.name)
    assert not empty


async def test_a_warm_home_timeline_takes_one_statement(
    organisation: Organisation, bench_settings: Settings
) -> None:
    counts = await measuring.statements(bench_settings, scenarios(organisation))

    assert counts["home"] == 1
    assert counts["posting"] > counts["conversation"]


async def test_a_load_can_be_driven_and_reported(
    organisation: Organisation, tmp_path: Path
) -> None:
    scenario = scenarios(organisation)[0]
    kept = tmp_path / "organisation.json"
    organisation.write(kept)
    measured = Measured(requests=300, seconds=2, p50_ms=1, p99_ms=2, errors=0)
    result = measuring.Result(scenario, measured, measured, 1.0, 0, (1, 2), (3, 4))

    report = reporting.table([result], {"home": 1})

    assert Organisation.read(kept) == organisation
    assert "| Home timeline of 20 | 150 | 1.0 | 2.0 | 150 |" in report
    assert f'"{HOME}"' in load.script(scenario.server, 0)
    assert HOME.encode() in generator.encode("bench.test", scenario.server[0])
