"""Health and figures: OP-1, LO-3."""

import asyncio
import shutil
from collections import namedtuple
from collections.abc import AsyncIterator

import httpx
import pytest
from alembic.script import ScriptDirectory
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families

from app import migrate, readiness
from app.database import Database
from app.main import create_app
from app.readiness import Readiness
from app.settings import Settings
from search.postgres import PostgresEngine
from tests.factories import make_account, make_status

pytestmark = pytest.mark.anyio

TOKEN = "a token for the metrics only"
USAGE = namedtuple("USAGE", "total used free")


@pytest.fixture(autouse=True)
def unkept(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every question is looked up."""
    monkeypatch.setattr(readiness, "KEPT_SECONDS", 0.0)


@pytest.fixture
async def away(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a server whose database is not there."""
    app = create_app(
        settings.model_copy(update={"database_url": "postgresql://nobody@127.0.0.1:1/x"})
    )
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://any.name") as client:
            yield client


async def test_op1_a_healthy_server(client: httpx.AsyncClient) -> None:
    ready = await client.get("/readyz")

    assert (await client.get("/livez")).json() == {"status": "alive"}
    assert ready.status_code == 200
    assert ready.json() == {
        "status": "ready",
        "checks": {"db": "ok", "schema": "ok", "queue": "ok", "disk": "ok", "search": "ok"},
        "degraded": [],
        "search_engine": "postgresql",
    }
    health = await client.get("/health")
    assert (health.text, health.headers["content-type"]) == ("OK", "text/plain; charset=utf-8")


async def test_op1_without_a_database(away: httpx.AsyncClient) -> None:
    ready = await away.get("/readyz")

    assert (await away.get("/livez")).status_code == 200
    assert ready.status_code == 503
    assert ready.json()["checks"]["db"] == "failed"
    assert ready.headers["retry-after"] == "1"
    assert (await away.get("/health")).status_code == 503


@pytest.mark.parametrize(
    ("revision", "status", "schema"),
    [("9999_later", 200, "newer"), ("0001_initial", 503, "older")],
)
async def test_op1_with_another_schema(
    client: httpx.AsyncClient, database: Database, revision: str, status: int, schema: str
) -> None:
    """MG-1: while servers are replaced one by one, those of before go on."""
    await database.fetch("UPDATE alembic_version SET version_num = $1", revision)
    try:
        ready = await client.get("/readyz")
    finally:
        await database.fetch("UPDATE alembic_version SET version_num = $1", migrate.head())

    assert ready.status_code == status
    assert ready.json()["checks"]["schema"] == schema


def test_the_revisions_are_alembics() -> None:
    alembics = ScriptDirectory(str(migrate.FOLDER)).walk_revisions()

    assert readiness.revisions() == [script.revision for script in alembics][::-1]


async def test_op1_while_draining(client: httpx.AsyncClient, app: FastAPI) -> None:
    app.state.draining = True
    try:
        assert (await client.get("/readyz")).status_code == 503
        assert (await client.get("/livez")).status_code == 200
        # Who still comes is still answered.
        assert (await client.get("/api/v1/timelines/public")).status_code == 200
    finally:
        app.state.draining = False
    assert (await client.get("/readyz")).status_code == 200


async def test_op1_degraded_is_ready(
    client: httpx.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make_status(database, await make_account(database))
    await database.fetch("UPDATE jobs.pgqueuer SET execute_after = now() - interval '2 minutes'")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: USAGE(10**12, 10**12, 1000))

    ready = await client.get("/readyz")

    assert ready.status_code == 200
    assert ready.json()["degraded"] == ["queue", "disk"]


async def test_op1_looked_up_once_a_second(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "KEPT_SECONDS", 60.0)
    looks = Readiness(database, settings, PostgresEngine(database))

    reports = await asyncio.gather(*(looks.report() for _ in range(20)))

    assert len({id(report) for report in reports}) == 1
    assert not (await looks.report(draining=True)).is_ready


@pytest.fixture
async def closed(settings: Settings, database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a server whose figures need a token."""
    app = create_app(settings.model_copy(update={"metrics_token": TOKEN}))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            yield client


async def test_lo3_with_a_token(closed: httpx.AsyncClient) -> None:
    wrong = await closed.get("/metrics", headers={"Authorization": "Bearer another"})
    right = await closed.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})

    assert (await closed.get("/metrics")).status_code == 401
    assert wrong.status_code == 401
    assert right.status_code == 200
    assert right.headers["content-type"].startswith("text/plain; version=0.0.4")


async def test_lo3_without_a_token_from_this_machine_only(app: FastAPI) -> None:
    async def ask(address: str, **headers: str) -> int:
        transport = httpx.ASGITransport(app=app, client=(address, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            return (await client.get("/metrics", headers=headers)).status_code

    assert await ask("127.0.0.1") == 200
    assert await ask("::1") == 200
    assert await ask("192.0.2.1") == 403
    # Through a proxy on this machine that nobody told us to trust.
    assert await ask("127.0.0.1", **{"X-Forwarded-For": "127.0.0.1"}) == 403


async def test_lo3_figures(closed: httpx.AsyncClient, database: Database) -> None:
    await make_status(database, await make_account(database))
    for _ in range(3):
        await closed.get("/api/v1/statuses/12345")
    await closed.get("/api/v1/timelines/home")

    answer = await closed.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})

    found = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }
    status = "/api/v1/statuses/{status_id}"
    assert found["hardop_requests_total", status, "404", "GET"] == 3
    assert found["hardop_request_seconds_count", status, "GET"] == 3
    assert found["hardop_request_seconds_bucket", "+Inf", status, "GET"] == 3
    assert found["hardop_auth_failures_total",] == 1
    assert found["hardop_queue_jobs", "fan_out", "queued"] == 1
    assert found["hardop_queue_oldest_seconds", "fan_out", "queued"] >= 0
    assert found["hardop_database_up",] == 1
    assert found["hardop_database_connections", "limit"] == 10
    assert "12345" not in answer.text


async def test_lo3_figures_without_a_database(away: httpx.AsyncClient) -> None:
    answer = await away.get("/metrics")

    assert answer.status_code == 200
    assert "hardop_database_up 0" in answer.text
