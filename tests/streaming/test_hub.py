"""The hub keeps its promises when something goes wrong (OA-14, ST-3, QU-3)."""

import asyncio
from collections.abc import Callable
from typing import Any

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from app import authentication
from app.database import Database
from app.domain import events
from app.domain.identity import tokens
from app.domain.identity.tokens import Caller
from app.errors import Unavailable
from app.streaming import hub
from app.streaming.deliveries import deliveries
from app.streaming.hub import Hub
from app.streaming.streams import GOING_AWAY, TRY_AGAIN_LATER, Stream
from tests.api.identity.people import bearer, get_tokens, log_in, make_person, refreshing
from tests.conftest import RunJobs
from tests.factories import as_account, make_account, make_follow, make_status
from tests.streams import event_source, say_over

pytestmark = pytest.mark.anyio


async def test_streams_of_jwts_end_with_their_family(
    live: str,
    client: httpx.AsyncClient,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hub, "CHECK_SECONDS", 0.01)
    monkeypatch.setattr(authentication, "KEPT_SECONDS", 0.0)
    ada = await make_person(database, "ada")
    app = await refreshing(client)
    await log_in(client, "ada")
    issued = await get_tokens(client, app)
    async with event_source(live, "user", bearer(issued["access_token"])) as home:
        await say_over(database, ada.id)
        await home.until("filters_changed")

        await database.fetch("UPDATE refresh_tokens SET revoked_at = now()")

        assert await home.ended()


@pytest.mark.parametrize("mistake", [ValueError, asyncpg.UndefinedColumnError])
async def test_what_cannot_be_told_does_not_silence_the_rest(
    live: str, database: Database, monkeypatch: pytest.MonkeyPatch, mistake: type[Exception]
) -> None:
    ada = await make_account(database)
    failures, failed = [mistake("of ours")], asyncio.Event()

    async def fail_once(*given: Any) -> Any:
        if failures:
            failed.set()
            raise failures.pop()
        return await deliveries(*given)

    monkeypatch.setattr(hub, "deliveries", fail_once)
    async with event_source(live, "user", await as_account(database, ada)) as home:
        await say_over(database, ada.id)
        await failed.wait()
        await say_over(database, ada.id)

        await home.until("filters_changed")


async def test_what_came_home_while_the_database_was_away_is_told_later(
    live: str, database: Database, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    await make_follow(database, bob, ada)
    await run_jobs()

    async def away_once(*given: Any) -> Any:
        monkeypatch.setattr(hub, "deliveries", deliveries)
        # Here it would have been told.
        assert given[2].named("status.delivered")
        raise TimeoutError

    status_id = await make_status(database, ada)
    async with event_source(live, "user", await as_account(database, bob)) as home:
        monkeypatch.setattr(hub, "deliveries", away_once)
        await run_jobs()

        assert (await home.until("update"))["id"] == str(status_id)


async def test_events_are_found_without_being_told(
    live: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """QU-3: a notification is only a hint."""
    monkeypatch.setattr(hub, "POLL_SECONDS", 0.05)
    monkeypatch.setattr(events, "CHANNEL", "nobody_tells_here")
    ada = await make_account(database)
    async with event_source(live, "user", await as_account(database, ada)) as home:
        await say_over(database, ada.id)

        await home.until("filters_changed")


class Away:
    """A database that does not answer."""

    async def fetch(self, *_: object) -> list[object]:
        raise OSError("away")

    async def connect(self) -> object:
        raise OSError("away")


async def test_nobody_joins_while_the_database_is_away(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch, caller: Callable[[], Caller]
) -> None:
    monkeypatch.setattr(hub, "_READY_SECONDS", 0.05)
    services = app.state.services
    lonely = Hub(Away(), services.renderer, services.authenticator.caller)  # type: ignore[arg-type]
    stream = Stream(caller(), "", is_socket=False)

    with pytest.raises(Unavailable):
        await lonely.join(stream)

    assert lonely.open == {"events": 0, "sockets": 0}


async def test_streams_end_when_nobody_can_say_whether_they_may_go_on(
    app: FastAPI,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    caller: Callable[[], Caller],
) -> None:
    monkeypatch.setattr(hub, "CHECK_SECONDS", 0.01)
    monkeypatch.setattr(hub, "UNCHECKED_SECONDS", 0.05)
    services = app.state.services
    mine = Hub(database, services.renderer, services.authenticator.caller)
    stream = Stream(caller(), "", is_socket=True)

    async def away(*_: object) -> set[int]:
        raise OSError("away")

    monkeypatch.setattr(tokens, "valid", away)
    await mine.join(stream)
    async with asyncio.timeout(30):
        assert await stream.next(60) == []

    assert stream.ended == TRY_AGAIN_LATER
    mine.leave(stream)


async def test_a_hub_that_closes_lets_nobody_in(
    app: FastAPI, database: Database, caller: Callable[[], Caller]
) -> None:
    services = app.state.services
    mine = Hub(database, services.renderer, services.authenticator.caller)
    stream = Stream(caller(), "", is_socket=True)
    await mine.join(stream)

    closing = asyncio.create_task(mine.close(0.01))
    async with asyncio.timeout(30):
        assert await stream.next(60) == []
    mine.leave(stream)
    await closing

    assert stream.ended == GOING_AWAY
    with pytest.raises(Unavailable):
        await mine.join(stream)


@pytest.fixture
def caller() -> Callable[[], Caller]:
    """Somebody whose token is valid as long as nobody looks."""
    return lambda: Caller(account_id=1, token_id=1)
