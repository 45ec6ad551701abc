"""One real server for the clients, with its rate limits on, and people who use it."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count

import pytest
import requests
from mastodon import Mastodon

from app.database import Database
from app.migrate import migrate
from app.models.accounts.accounts import Account
from app.settings import Settings
from app.workers import trends
from tests.clients.browsers import Person, authorize
from tests.clients.seen import Watch, client_of
from tests.factories import make_shared_link
from tests.postgres import create_from_template
from tests.processes import Server, running_server

# A worker brings statuses home and notifications along; clients wait for it as people do.
LAG_SECONDS = 30.0


@pytest.fixture(scope="session")
def server(cluster: str, worker_id: str) -> Iterator[Server]:
    url = asyncio.run(create_from_template(cluster, f"clients_{worker_id}", migrate))
    with running_server(
        HARDOP_DATABASE_URL=url,
        HARDOP_TITLE="Voorbeeld",
        HARDOP_REGISTRATION="approval",
        # So many people at one address are a building.
        HARDOP_RATE_LIMITS_EXEMPT="127.0.0.1",
    ) as running:
        yield running
        # Shown when the last test failed.
        print(running.printed())


@pytest.fixture(scope="session")
def watch(server: Server) -> Watch:
    return Watch(server)


@pytest.fixture(autouse=True)
def seen(request: pytest.FixtureRequest) -> Iterator[None]:
    """Hold what a client uses against what it was seen to use."""
    client = client_of(request.path.stem)
    watch: Watch | None = request.getfixturevalue("watch") if client else None
    if watch:
        watch.begin()
    yield
    if client and watch:
        watch.over(client, request.node.name)


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


LogIn = Callable[..., Mastodon]

EVERYTHING = ["read", "write", "follow", "push", "profile", "admin:read", "admin:write"]


@pytest.fixture(scope="session")
def log_in(server: Server) -> Iterator[LogIn]:
    """Mastodon.py, logged in as somebody, with the scopes that are asked for."""
    app = Mastodon.create_app("Voorbeeld", scopes=EVERYTHING, api_base_url=server.url)
    with ExitStack() as stack:

        def make(person: Person, *scopes: str) -> Mastodon:
            mastodon = Mastodon(
                client_id=app[0],
                client_secret=app[1],
                api_base_url=server.url,
                session=stack.enter_context(requests.Session()),
                ratelimit_method="throw",
                version_check_mode="created",
            )
            wanted = list(scopes) or ["read", "write", "follow", "push", "profile"]
            url = mastodon.auth_request_url(scopes=wanted, allow_http=True)
            mastodon.log_in(code=authorize(url, person), scopes=wanted, allow_http=True)
            return mastodon

        yield make


@pytest.fixture(scope="session")
def owner(server: Server, log_in: LogIn, make_person: MakePerson) -> Mastodon:
    """The client of somebody who may do everything."""
    person = make_person("owner")
    server.hardop("account", "modify", person.username, "--role", "owner")
    return log_in(person, *EVERYTHING)


@pytest.fixture(scope="session")
def cor(log_in: LogIn, make_person: MakePerson) -> Mastodon:
    """The client of somebody who tries everything."""
    return log_in(make_person("cor"))


@pytest.fixture(scope="session")
def dee(log_in: LogIn, make_person: MakePerson) -> Mastodon:
    """The client of somebody else."""
    return log_in(make_person("dee"))


@pytest.fixture(scope="session")
def link(server: Server, owner: Mastodon, cor: Mastodon) -> str:
    """A page that two people wrote about, which makes it a trend.

    No test reads pages of others, and none waits until the worker counts again.
    """
    url = "https://news.example.org/dijken"

    async def share() -> None:
        async with Database(server.environment["HARDOP_DATABASE_URL"]) as database:
            async with database.session() as session:
                authors = [
                    await session.get_one(Account, int(each.me().id)) for each in (owner, cor)
                ]
            await make_shared_link(database, *authors, url=url)
            await trends.compute(database, Settings(_env_file=None))

    asyncio.run(share())
    return url
