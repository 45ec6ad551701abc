"""What clients are told of rate limits, and who is counted (RL-1, RL-2)."""

from collections.abc import AsyncIterator

import httpx
import pytest

from app import clock
from app.database import Database
from app.main import create_app
from app.settings import Settings
from tests.api.test_rate_limits import MIDNIGHT
from tests.factories import as_account, make_account

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    """All happens in one window."""
    monkeypatch.setattr(clock, "now", lambda: MIDNIGHT)


@pytest.fixture
async def limited_client(
    settings: Settings, database: Database
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a server that enforces its limits."""
    app = create_app(settings.model_copy(update={"rate_limits": "on"}))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://hardop.test") as client:
            yield client


async def test_clients_are_told(limited_client: httpx.AsyncClient, database: Database) -> None:
    """RL-1, RL-2."""
    ada = await as_account(database, await make_account(database))
    for _ in range(300):
        answer = await limited_client.get("/api/v1/timelines/home/", headers=ada)
        assert answer.status_code == 200
    assert answer.headers["X-RateLimit-Remaining"] == "0"

    refused = await limited_client.get("/api/v1/timelines/home", headers=ada)

    assert refused.status_code == 429
    assert refused.json()["error"] == "Too many requests"
    assert refused.json()["type"].endswith("/http-problem-types#quota-exceeded")
    assert refused.json()["violated-policies"] == ["api-token"]
    assert refused.headers["Retry-After"] == "300"
    assert refused.headers["X-RateLimit-Reset"] == "2026-11-20T00:05:00.000Z"
    assert refused.headers["Access-Control-Allow-Origin"] == "*"
    assert (await limited_client.get("/livez")).status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/statuses/12345", 404),
        ("/api/v1/statuses/no-number", 404),
        ("/api/v1/timelines/home", 401),
    ],
)
async def test_errors_tell_too(limited_client: httpx.AsyncClient, path: str, status: int) -> None:
    answer = await limited_client.get(path)

    assert answer.status_code == status
    assert answer.headers.get_list("X-RateLimit-Remaining") == ["299"]


async def test_who_guesses_is_counted(
    limited_client: httpx.AsyncClient, database: Database
) -> None:
    ada = await as_account(database, await make_account(database))
    for number in range(300):
        wrong = {"Authorization": f"Bearer x{number}"}
        answer = await limited_client.get("/api/v1/timelines/home", headers=wrong)
        assert answer.status_code == 401

    refused = await limited_client.get("/api/v1/timelines/home", headers=wrong)
    welcome = await limited_client.get("/api/v1/timelines/home", headers=ada)

    assert refused.status_code == 429
    assert refused.headers.get_list("X-RateLimit-Remaining") == ["0"]
    assert welcome.status_code == 200
