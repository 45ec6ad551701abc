"""The API reference, which needs no network."""

import re

import httpx
import pytest

from app.main import create_app
from app.settings import Settings
from tests import contract
from tests.conftest import ORIGIN

pytestmark = pytest.mark.anyio


async def test_the_page_is_complete_without_a_network(client: httpx.AsyncClient) -> None:
    page = await client.get("/docs")

    loaded = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(loaded) >= 5
    for path in loaded:
        assert path.startswith("/")
        assert (await client.get(path)).status_code == 200
    script = (await client.get("/static/reference.js")).text
    assert '"/openapi.json"' in script
    # The policy of the page lets it load its parts, and nothing of elsewhere.
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "http" not in policy


async def test_the_document_is_the_contract(client: httpx.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()

    assert document == contract.committed()
    assert document["openapi"].startswith("3.1")
    assert "/api/v2/instance" in document["paths"]


async def test_both_can_be_switched_off(settings: Settings) -> None:
    app = create_app(settings.model_copy(update={"api_docs": "off"}))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=ORIGIN) as client,
    ):
        statuses = [(await client.get(path)).status_code for path in ("/docs", "/openapi.json")]
        instance = (await client.get("/api/v2/instance")).json()

    assert statuses == [404, 404]
    # Nor is anybody sent there.
    assert {instance["source_url"], instance["configuration"]["urls"]["about"]} == {ORIGIN}
