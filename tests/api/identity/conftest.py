"""Servers with other settings than the suite's."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import httpx
import pytest

from app.database import Database
from app.main import create_app
from app.settings import Settings
from tests import contract
from tests.conftest import at_once

ServerWith = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest.fixture
def server_with(settings: Settings, database: Database) -> ServerWith:
    """`async with server_with(require_pkce="on") as client:` on the same database."""

    @asynccontextmanager
    async def serve(**changes: object) -> AsyncIterator[httpx.AsyncClient]:
        changed = Settings(_env_file=None, **{**settings.model_dump(), **changes})
        application = create_app(changed)
        application.state.services.limits.pause = at_once
        transport = httpx.ASGITransport(app=application)
        async with (
            application.router.lifespan_context(application),
            httpx.AsyncClient(transport=transport, base_url=changed.origin) as client,
        ):
            client.event_hooks["response"].append(contract.hook(application))
            yield client

    return serve
