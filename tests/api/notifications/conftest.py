"""Ada, Bob, and a push service."""

from functools import partial

import httpx
import pytest
from pytest_httpserver import HTTPServer

from app.database import Database
from app.models.accounts.accounts import Account
from app.settings import Settings
from tests.api.notifications.push_services import Client, PushService
from tests.conftest import RunJobs, Work
from tests.factories import as_account, make_account


@pytest.fixture
def service(httpserver: HTTPServer) -> PushService:
    return PushService(httpserver)


@pytest.fixture
def run_pushes(settings: Settings, work: Work, httpserver: HTTPServer) -> RunJobs:
    """The worker, which may go to the push service of this machine."""
    allowing = settings.model_copy(
        update={"outgoing_allow": ["127.0.0.0/8"], "outgoing_ports": [httpserver.port]}
    )
    return partial(work, allowing)


@pytest.fixture
async def people(database: Database) -> tuple[Account, Account]:
    return await make_account(database, "ada"), await make_account(database, "bob", note="Bob")


@pytest.fixture
async def subscriber(
    client: httpx.AsyncClient, database: Database, people: tuple[Account, Account]
) -> Client:
    return Client(client, await as_account(database, people[0]))
