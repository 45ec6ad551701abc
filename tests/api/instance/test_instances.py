"""What this server is, and what it can do."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from app import clock
from app.database import Database
from app.main import create_app
from app.models.statuses.statuses import Visibility
from app.settings import Settings
from tests import contract
from tests.conftest import ORIGIN
from tests.factories import make_account, make_status

pytestmark = pytest.mark.anyio


async def asked(settings: Settings, path: str) -> Any:
    """The answer of a server with other settings."""
    app = create_app(settings)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=ORIGIN) as client,
    ):
        client.event_hooks["response"].append(contract.hook(app))
        return (await client.get(path)).json()


async def test_clients_find_what_they_need(client: httpx.AsyncClient) -> None:
    instance = (await client.get("/api/v2/instance/")).json()

    assert instance["domain"] == "hardop.test"
    # Clients parse the level of the API from the beginning.
    assert instance["version"] == "4.6.0 (compatible; Hardop 0.1.0)"
    assert instance["api_versions"] == {"mastodon": 9, "hardop": 1}
    configuration = instance["configuration"]
    assert configuration["urls"]["streaming"] == "ws://hardop.test"
    assert configuration["statuses"]["max_characters"] == 500
    assert configuration["accounts"]["max_featured_tags"] == 10
    assert configuration["reactions"]["max_reactions"] == 8
    assert configuration["translation"] == {"enabled": False}
    assert instance["contact"]["account"] is None


async def test_older_clients_find_the_same(client: httpx.AsyncClient) -> None:
    response = await client.get("/api/v1/instance/")

    instance = response.json()
    assert instance["uri"] == "hardop.test"
    assert instance["urls"]["streaming_api"] == "ws://hardop.test"
    assert instance["max_toot_chars"] == 500
    newer = (await client.get("/api/v2/instance")).json()
    for part, limits in instance["configuration"].items():
        assert newer["configuration"][part] == limits
    assert response.headers["deprecation"].startswith("@")


async def test_pictures_of_the_server_are_there(client: httpx.AsyncClient) -> None:
    instance = (await client.get("/api/v2/instance")).json()

    for url in (instance["thumbnail"]["url"], instance["icon"][0]["src"]):
        assert (await client.get(url)).headers["content-type"] == "image/png"


async def test_settings_show(settings: Settings, database: Database) -> None:
    ada = await make_account(database, "Ada")
    chosen = {
        "base_url": "https://out.loud:8443",
        "title": "Waterboard",
        "contact_account": "@ada",
        "contact_email": "help@example.org",
        "registration": "approval",
        "anonymous_reads": "off",
        "max_status_characters": 2000,
    }
    others = Settings(_env_file=None, **{**settings.model_dump(), **chosen})

    instance = await asked(others, "/api/v2/instance")
    older = await asked(others, "/api/v1/instance")

    assert (instance["domain"], older["uri"]) == ("out.loud:8443", "out.loud:8443")
    assert (instance["title"], older["title"]) == ("Waterboard", "Waterboard")
    configuration = instance["configuration"]
    assert configuration["urls"]["streaming"] == "wss://out.loud:8443"
    assert configuration["statuses"]["max_characters"] == older["max_toot_chars"] == 2000
    assert configuration["timelines_access"]["live_feeds"]["local"] == "authenticated"
    registrations = instance["registrations"]
    assert (registrations["enabled"], registrations["approval_required"]) == (True, True)
    assert (older["registrations"], older["approval_required"]) == (True, True)
    contact = instance["contact"]
    assert contact["email"] == "help@example.org"
    assert contact["account"]["id"] == str(ada.id)
    assert older["contact_account"] == contact["account"]


async def test_figures_are_counted_once_for_a_while(settings: Settings, database: Database) -> None:
    await make_account(database)
    app = create_app(settings)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=ORIGIN) as client,
    ):
        first = (await client.get("/api/v1/instance")).json()
        await make_account(database)
        second = (await client.get("/api/v1/instance")).json()

    assert first["stats"] == second["stats"]
    assert first["stats"] == {"user_count": 1, "status_count": 0, "domain_count": 1}


@pytest.mark.parametrize(
    ("part", "answer"),
    [
        ("rules", []),
        ("peers", []),
        ("domain_blocks", []),
        ("translation_languages", {}),
        ("extended_description", {"updated_at": None, "content": ""}),
        ("privacy_policy", {"updated_at": None, "content": ""}),
    ],
)
async def test_what_nobody_wrote_is_empty(
    client: httpx.AsyncClient, part: str, answer: object
) -> None:
    assert (await client.get(f"/api/v1/instance/{part}")).json() == answer


async def test_languages_have_names(client: httpx.AsyncClient) -> None:
    languages = (await client.get("/api/v1/instance/languages")).json()

    assert {"code": "nl", "name": "Dutch"} in languages
    assert {"code": "cu", "name": "Church Slavonic"} in languages


async def test_weeks_are_counted(settings: Settings, database: Database) -> None:
    ada, bob = await make_account(database), await make_account(database)
    for account, visibility in (
        (ada, Visibility.PUBLIC),
        (ada, Visibility.UNLISTED),
        (bob, Visibility.PUBLIC),
        (bob, Visibility.PRIVATE),
    ):
        await make_status(database, account, visibility=visibility)
    await make_account(database, approved=False)

    weeks = await asked(settings, "/api/v1/instance/activity")

    assert len(weeks) == 12
    now = int(clock.now().timestamp())
    assert 0 <= now - int(weeks[0]["week"]) < 7 * 86_400
    monday = datetime.fromtimestamp(int(weeks[0]["week"]), UTC)
    assert (monday.weekday(), monday.hour) == (0, 0)
    counted = {key: value for key, value in weeks[0].items() if key != "week"}
    assert counted == {"statuses": "3", "logins": "2", "registrations": "2"}
    assert int(weeks[0]["week"]) - int(weeks[1]["week"]) == 7 * 86_400
    assert weeks[1]["statuses"] == "0"


async def test_weeks_are_counted_once_for_a_while(settings: Settings, database: Database) -> None:
    app = create_app(settings)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=ORIGIN) as client,
    ):
        first = (await client.get("/api/v1/instance/activity")).json()
        await make_account(database)

        assert (await client.get("/api/v1/instance/activity")).json() == first


async def test_nobody_is_proved_and_no_other_server_found(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_account(database)

    assert (await client.get("/api/v1/peers/search?q=x")).json() == []
    proofs = await client.get(f"/api/v1/accounts/{ada.id}/identity_proofs")
    assert proofs.json() == []
    assert (await client.get("/api/v1/accounts/1/identity_proofs")).status_code == 404
