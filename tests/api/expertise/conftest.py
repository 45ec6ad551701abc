"""Search is tested with each engine: the same answers, and the same filters."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from app.database import Database
from app.main import create_app
from app.settings import Settings
from tests import contract
from tests.conftest import ORIGIN, Statements, let_statements_be_logged
from tests.meilisearch.target import Target


@pytest.fixture(scope="session")
async def searching_app(
    settings: Settings, meilisearch: Target, statements: Statements
) -> AsyncIterator[FastAPI]:
    """The application, searching with Meilisearch."""
    app = create_app(meilisearch.settings(settings), log_statement=statements.sent.append)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture(scope="session")
async def searching_client(searching_app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=searching_app)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        client.event_hooks["response"] += [contract.hook(searching_app), let_statements_be_logged]
        yield client


@pytest.fixture(params=["postgresql", "meilisearch"])
async def client(
    request: pytest.FixtureRequest,
    shared_client: httpx.AsyncClient,
    app: FastAPI,
    searching_client: httpx.AsyncClient,
    searching_app: FastAPI,
    meilisearch: Target,
    database: Database,
) -> AsyncIterator[httpx.AsyncClient]:
    """The client of the suite, with each engine in turn; what it asks for is indexed."""
    if request.param == "postgresql":
        shared_client.cookies.clear()
        yield shared_client
        app.state.services.authenticator.forget()
        return
    index = meilisearch.index(database)
    if not await index.is_built():
        await index.rebuild()

    async def bring_up_to_date(asked: httpx.Request) -> None:
        if asked.method == "GET":
            await index.repair()

    searching_client.event_hooks["request"] = [bring_up_to_date]
    yield searching_client
    assert searching_app.state.services.engine.answers_by == "meilisearch"
    searching_app.state.services.authenticator.forget()
