"""`hardop doctor`, `migrate`, `jobs`, `openapi`: what an administrator runs."""

import asyncio
import http.server
import json
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator

import asyncpg
import httpx
import pytest

from app.database import Database
from app.migrate import head, migrate
from app.settings import Settings
from tests.cli.commands import Hardop, make_hardop
from tests.factories import make_account
from tests.postgres import create_from_template

pytestmark = pytest.mark.anyio

JOB = """
INSERT INTO jobs.pgqueuer
    (priority, created, updated, heartbeat, execute_after, status, entrypoint, payload)
VALUES (0, now(), now(), now(), now() + $1::interval, $2::jobs.pgqueuer_status, 'index', '{}')
"""


@pytest.fixture
def hardop(settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch) -> Hardop:
    return make_hardop(settings, monkeypatch)


@pytest.fixture
async def other_url(
    cluster: str, worker_id: str, hardop: Hardop, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[str]:
    """A migrated database that a test may spoil; the commands use it."""
    name = f"operations_{worker_id}"
    url = await create_from_template(cluster, name, migrate)
    monkeypatch.setenv("HARDOP_DATABASE_URL", url)
    yield url
    connection = await asyncpg.connect(cluster)
    await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await connection.close()


@pytest.fixture
def healthy_search() -> Iterator[str]:
    """The URL of something that says what a Meilisearch in good health says."""

    class Health(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/health" else 404)
            self.end_headers()
            self.wfile.write(b'{"status": "available"}')

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with http.server.HTTPServer(("127.0.0.1", 0), Health) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


async def execute(url: str, sql: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


async def test_doctor_finds_nothing_wrong(hardop: Hardop, settings: Settings) -> None:
    done = await hardop("doctor")

    assert (done.code, done.err) == (0, "")
    assert f"schema: up to date ({head()})" in done.out
    assert "queue: 0 jobs due, 0 failed" in done.out
    assert "search: by PostgreSQL" in done.out
    assert settings.secret_key is not None
    assert settings.secret_key not in done.out


async def test_doctor_reports_another_schema(hardop: Hardop, other_url: str) -> None:
    await execute(other_url, "UPDATE alembic_version SET version_num = '0001_initial'")

    done = await hardop("doctor")

    assert done.code == 1
    assert f"PROBLEM  schema: 0001_initial instead of {head()}" in done.out
    assert "Run: hardop migrate" in done.out


async def test_doctor_reports_a_queue_that_nobody_works_on(
    hardop: Hardop, database: Database
) -> None:
    await database.fetch(JOB.replace("$1", "'-1 hour'").replace("$2", "'queued'"))

    done = await hardop("doctor")

    assert done.code == 1
    assert "PROBLEM  queue: 1 jobs due, 0 failed" in done.out
    assert "Run: hardop worker" in done.out


async def test_doctor_reports_failed_jobs(hardop: Hardop, database: Database) -> None:
    await database.fetch(JOB.replace("$1", "'0 s'").replace("$2", "'failed'"))

    done = await hardop("doctor")

    assert done.code == 1
    assert "PROBLEM  queue: 0 jobs due, 1 failed" in done.out


async def test_doctor_asks_meilisearch(
    hardop: Hardop, healthy_search: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARDOP_MEILISEARCH_URL", healthy_search)
    done = await hardop("doctor")
    assert done.code == 1
    assert "PROBLEM  search: Meilisearch refuses our index key" in done.out
    assert "hardop keys search" in done.out

    monkeypatch.setenv("HARDOP_MEILISEARCH_URL", f"{healthy_search}/nothing")
    done = await hardop("doctor")
    assert done.code == 1
    assert "PROBLEM  search: Meilisearch does not answer" in done.out
    assert "HARDOP_MEILISEARCH_URL" in done.out


async def test_doctor_reports_a_database_that_is_away(
    hardop: Hardop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARDOP_DATABASE_URL", "postgresql://ada:geheim@127.0.0.1:1/x")

    done = await hardop("doctor")

    assert done.code == 1
    assert "127.0.0.1:1/x does not answer: Connection refused" in done.out
    assert "geheim" not in done.out


async def _be_postgresql_14(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """The first words of an old server: no TLS, welcome, my version, go ahead."""
    await reader.readexactly(8)
    writer.write(b"N")
    await reader.readexactly(int.from_bytes(await reader.readexactly(4)) - 4)
    version = b"server_version\x0014.9\x00"
    for kind, body in ((b"R", bytes(4)), (b"S", version), (b"Z", b"I")):
        writer.write(kind + (len(body) + 4).to_bytes(4) + body)
    await writer.drain()
    await reader.read()
    writer.close()


async def test_an_old_postgresql_is_refused(
    hardop: Hardop, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with await asyncio.start_server(_be_postgresql_14, "127.0.0.1", 0) as old:
        port = old.sockets[0].getsockname()[1]
        monkeypatch.setenv("HARDOP_DATABASE_URL", f"postgresql://ada:geheim@127.0.0.1:{port}/x")
        done = await hardop("migrate")

    assert done.code == 1
    assert done.err == (
        f"hardop: The database at 127.0.0.1:{port}/x is PostgreSQL 14; "
        "version 15 or newer is needed."
    )


async def test_migrate_says_what_it_did(hardop: Hardop, cluster: str, other_url: str) -> None:
    assert (await hardop("migrate")).out == f"The schema is up to date ({head()}).\n"

    await execute(other_url, "UPDATE alembic_version SET version_num = 'from_the_future'")
    done = await hardop("migrate")

    assert done.code == 1
    assert "newer than this version of hardop" in done.err
    assert len(done.err.splitlines()) == 1


async def test_commands_do_not_change_the_schema_of_a_database_that_is_named(
    hardop: Hardop, other_url: str
) -> None:
    await execute(other_url, "UPDATE alembic_version SET version_num = '0001_initial'")

    done = await hardop("jobs", "run-pending")

    assert done.code == 1
    assert done.err == (
        "hardop: The database has another schema than this version. Run: hardop migrate"
    )


async def test_run_pending_runs_what_is_due_and_leaves_the_rest(
    client: httpx.AsyncClient, hardop: Hardop, database: Database
) -> None:
    ada, bob = await make_account(database, "ada"), await make_account(database, "bob")
    await database.fetch(JOB.replace("$1", "'1 hour'").replace("$2", "'queued'"))
    token = (await hardop("token", "create", bob.username)).out.strip()
    headers = {"Authorization": f"Bearer {token}"}
    await client.post(f"/api/v1/accounts/{ada.id}/follow", headers=headers)
    posted = (
        await client.post(
            "/api/v1/statuses",
            json={"status": "hardop"},
            headers={
                "Authorization": f"Bearer {(await hardop('token', 'create', 'ada')).out.strip()}"
            },
        )
    ).json()

    done = await hardop("jobs", "run-pending")

    assert done.code == 0
    home = (await client.get("/api/v1/timelines/home", headers=headers)).json()
    assert [status["id"] for status in home] == [posted["id"]]
    left = await database.fetch("SELECT execute_after > now() AS later FROM jobs.pgqueuer")
    assert [row["later"] for row in left] == [True]


async def test_openapi_prints_what_the_server_shows(
    client: httpx.AsyncClient, hardop: Hardop
) -> None:
    done = await hardop("openapi")

    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out) == (await client.get("/openapi.json")).json()


async def test_the_command_names_its_version_and_its_commands(hardop: Hardop) -> None:
    assert (await hardop("--version")).out.startswith("hardop 0.")

    listed = (await hardop("--help")).out
    for command in ("serve", "worker", "account", "import", "doctor"):
        assert f" {command} " in listed

    unknown = await hardop("frobnicate")
    assert unknown.code == 2
    assert "No such command" in unknown.err


async def test_a_fresh_database_is_no_problem_for_doctor_yet(
    hardop: Hardop, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.delenv("HARDOP_DATABASE_URL")
    monkeypatch.setenv("HARDOP_DATA_DIR", str(tmp_path_factory.mktemp("fresh")))

    done = await hardop("doctor")

    assert done.code == 0
    assert "database: none yet" in done.out


_INTERRUPTED = """
import os, signal, sys

class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "typer":
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Finder())
from app.cli import main
main()
"""


def test_ctrl_c_while_libraries_are_read_ends_it_without_a_word() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _INTERRUPTED], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")
