"""What the suite stands on: one PostgreSQL, one migrated template, one database per worker.

Tests commit for real, as the server does; afterwards every table that was written to is emptied.
"""

import asyncio
import os
import re
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path

import asyncpg
import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from app import workers
from app.cli.api import configuration
from app.database import Database
from app.embedded_postgres import running
from app.main import create_app
from app.migrate import migrate
from app.settings import Settings
from tests import contract
from tests.meilisearch.server import MASTER_KEY, Meilisearch
from tests.meilisearch.target import Target
from tests.meilisearch.target import running as meilisearch_server
from tests.meilisearch.target import stand_in as meilisearch_stand_in
from tests.meilisearch.target import target as meilisearch_target
from tests.postgres import create_from_template, empty

ORIGIN = "http://hardop.test"

_SHARED = "HARDOP_TEST_SHARED"

_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@pytest.fixture(scope="session")
def anyio_backend() -> tuple[str, dict[str, object]]:
    return "asyncio", {"use_uvloop": True}


def pytest_configure(config: pytest.Config) -> None:
    """Make a folder that all xdist workers share; the first of them starts the cluster in it.

    Not one of pytest's own: whenever another run starts, pytest shuts its folders to everybody
    else, and PostgreSQL runs as somebody else when the suite runs as root.
    """
    if not hasattr(config, "workerinput"):
        os.environ[_SHARED] = tempfile.mkdtemp(prefix="hardop-test-")
        Path(os.environ[_SHARED]).chmod(0o711)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove it again."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.pop(_SHARED), ignore_errors=True)


class Together(LoadScopeScheduling):  # type: ignore[misc]  # it has no types
    """Keeps together what shares a server, and begins with it: starting one takes long.

    xdist's own groups do nothing with the node ids of pytest 9.
    """

    def _split_scope(self, nodeid: str) -> str:
        _, folder, *_ = nodeid.split("/")
        if folder in ("clients", "sdks"):
            return folder
        return nodeid.partition("::")[0] if folder == "faults" else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Together:
    """Hand out tests one by one, but for those."""
    return Together(config, log)


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of this run."""
    return Path(os.environ[_SHARED])


@pytest.fixture(scope="session")
def cluster(data_dir: Path) -> Iterator[str]:
    """The DSN of a running PostgreSQL."""
    with running(data_dir / "postgres", options=_FAST) as dsn:
        yield dsn


@pytest.fixture(scope="session")
def database_url(cluster: str, worker_id: str) -> str:
    """A migrated database of this xdist worker's own."""
    return asyncio.run(create_from_template(cluster, f"test_{worker_id}", migrate))


@pytest.fixture(scope="session")
def settings(data_dir: Path, database_url: str, worker_id: str) -> Settings:
    for name in [name for name in os.environ if name.startswith("HARDOP_")]:
        if not name.startswith("HARDOP_TEST_"):
            del os.environ[name]
    return Settings(
        _env_file=None,
        data_dir=data_dir / worker_id,
        database_url=database_url,
        base_url=ORIGIN,
        secret_key="a secret that only this suite knows, and long enough",
        rate_limits="off",
        registration="open",
        confirm_email="off",
        # Whether this machine could play films is none of the tests' business.
        ffmpeg="/nowhere/ffmpeg",
        # Nor what links in tests lead to.
        preview_cards="off",
    )


@pytest.fixture(scope="session")
async def app(settings: Settings, statements: "Statements") -> AsyncIterator[FastAPI]:
    """The application, open for the whole session."""
    application = create_app(settings, log_statement=statements.sent.append)
    async with application.router.lifespan_context(application):
        yield application


@pytest.fixture(scope="session")
async def shared_client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        client.event_hooks["response"] += [contract.hook(app), let_statements_be_logged]
        yield client


async def let_statements_be_logged(_: httpx.Response) -> None:
    # asyncpg tells its loggers in the next round of the event loop.
    await asyncio.sleep(0)


@pytest.fixture
async def client(
    shared_client: httpx.AsyncClient, app: FastAPI, database: Database
) -> AsyncIterator[httpx.AsyncClient]:
    """A client whose every answer is held against the contract; it starts without a session."""
    shared_client.cookies.clear()
    yield shared_client
    app.state.services.authenticator.forget()


@pytest.fixture(scope="session")
async def meilisearch(worker_id: str) -> AsyncIterator[Target]:
    """A Meilisearch with indexes of this xdist worker's own."""
    prefix = f"hardop_test_{os.getpid()}_{worker_id}_"
    with meilisearch_server(prefix) as (url, master_key):
        yield await meilisearch_target(url, master_key, prefix)


@pytest.fixture
async def stand_in(database: Database) -> AsyncIterator[tuple[Meilisearch, Target]]:
    """A stand-in for Meilisearch of this test's own, to be ill-treated."""
    with meilisearch_stand_in() as double:
        yield double, await meilisearch_target(double.url, MASTER_KEY, "hardop_")


@pytest.fixture(scope="session")
async def live_server(app: FastAPI) -> AsyncIterator[str]:
    """The URL of the same application behind a real port: streams never end, and httpx's transport
    waits for the end."""
    config = configuration(app)
    config.lifespan = "off"
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        # Not serve(): that is for those who want their signals handled.
        serving = asyncio.create_task(server._serve([listening]))
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        await serving


@pytest.fixture
async def live(live_server: str, app: FastAPI, database: Database) -> AsyncIterator[str]:
    """The URL of the real port, for one test."""
    yield live_server
    app.state.services.authenticator.forget()


@pytest.fixture(scope="session")
async def open_database(database_url: str) -> AsyncIterator[Database]:
    async with Database(database_url, worker=True) as database:
        yield database


@pytest.fixture
async def database(open_database: Database, database_url: str) -> AsyncIterator[Database]:
    """The database the application uses, empty before each test."""
    yield open_database
    await empty(open_database)


Work = Callable[[Settings], Awaitable[None]]
RunJobs = Callable[[], Awaitable[None]]


@pytest.fixture(scope="session")
async def work(database_url: str, open_database: Database) -> AsyncIterator[Work]:
    """Runs every due job with the real worker, set like this, then returns.

    Its connections stay open: making them takes longer than most jobs.
    """
    async with asyncpg.create_pool(database_url, min_size=2, max_size=6) as pool:

        async def drain(settings: Settings) -> None:
            await workers.work(settings, open_database, pool, stop=asyncio.Event(), drain=True)

        yield drain


@pytest.fixture
def run_jobs(work: Work, settings: Settings, database: Database) -> RunJobs:
    """Runs every due job, for one test."""
    return partial(work, settings)


async def at_once(_: float) -> None:
    """Who guesses passwords is kept waiting; the suite has no time for that."""


class Statements:
    """The SQL the application sent, newest last."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def take(self) -> list[str]:
        """What was sent since the last call.

        Transaction brackets are left out, and asking who holds a token and which networks are
        blocked: the answers are kept for some seconds, so that it is a matter of time whether a
        request asks.
        """
        taken = [sql for sql in self.sent if not _IS_ASIDE.match(sql.lstrip())]
        self.sent.clear()
        return taken


_IS_ASIDE = re.compile(
    r"(BEGIN|COMMIT|ROLLBACK)\b|SELECT t.id AS token_id\b|SELECT network\b|UPDATE access_tokens"
    # The driver, about types.
    r"|WITH RECURSIVE typeinfo_tree\b|SELECT\s+current_setting\('jit'\)"
)


@pytest.fixture(scope="session")
def statements() -> Statements:
    return Statements()
