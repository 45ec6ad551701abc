"""One real server for the clients, with its rate limits on, and people who use it."""

import asyncio
from collections.abc import Callable, Iterator
from itertools import count

import pytest

from app.migrate import migrate
from tests.clients.browsers import Person
from tests.postgres import create_from_template
from tests.processes import Server, running_server

# A worker brings statuses home and notifications along; clients wait for it as people do.
LAG_SECONDS = 30.0


@pytest.fixture(scope="session")
def server(cluster: str, worker_id: str) -> Iterator[Server]:
    url = asyncio.run(create_from_template(cluster, f"clients_{worker_id}", migrate))
    with running_server(HARDOP_DATABASE_URL=url, HARDOP_TITLE="Voorbeeld") as running:
        yield running
        # Shown when the last test failed.
        print(running.printed())


MakePerson = Callable[[str], Person]

_numbers = count(1)


@pytest.fixture(scope="session")
def make_person(server: Server) -> MakePerson:
    """Somebody with an account, as an administrator makes it."""

    def make(name: str) -> Person:
        username = f"{name}{next(_numbers)}"
        password = f"{username} likes long walks"
        server.hardop(
            *("account", "create", username, "--email", f"{username}@example.org"),
            *("--display-name", name.title(), "--password", password),
        )
        return Person(username, password)

    return make


@pytest.fixture(scope="session")
def eva(make_person: MakePerson) -> Person:
    """Somebody for tests that do not care who it is: making people takes long."""
    return make_person("eva")


@pytest.fixture(scope="session")
def fay(make_person: MakePerson) -> Person:
    """Somebody else."""
    return make_person("fay")
