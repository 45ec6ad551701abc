"""Streams by WebSocket: the handshake, frames, and how it ends (ST-1 to ST-4)."""

import json
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from app.database import Database
from app.domain import events
from app.settings import Settings
from app.streaming import hub, sockets
from tests.factories import as_account, make_account, make_follow, make_status, make_token
from tests.streams import handshake, socket

pytestmark = pytest.mark.anyio


async def test_many_streams_share_one_socket(
    live: str, database: Database, run_jobs: Callable[[], Awaitable[None]]
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    await make_follow(database, bob, ada)
    await run_jobs()
    async with socket(live, "?stream=user", await as_account(database, bob)) as open_socket:
        await open_socket.subscribe("user:notification")
        await open_socket.subscribe("public")
        # As clients call it, so that they find it again.
        await open_socket.subscribe("hashtag", tag="Loud")
        await open_socket.subscribe("hashtag", tag="Loud")

        status_id = await make_status(database, ada, f"@{bob.username} #loud")
        await run_jobs()
        frames = [await open_socket.next() for _ in range(5)]

    assert sorted((frame["stream"], frame["event"]) for frame in frames) == [
        (["hashtag", "Loud"], "update"),
        (["public"], "update"),
        (["user"], "notification"),
        (["user"], "update"),
        (["user:notification"], "notification"),
    ]
    updates = [frame["payload"] for frame in frames if frame["event"] == "update"]
    assert [update["id"] for update in updates] == [str(status_id)] * 3


async def test_unsubscribing_ends_one_stream_only(live: str, database: Database) -> None:
    ada, bob = await make_account(database), await make_account(database)
    async with socket(live, "?stream=public", await as_account(database, bob)) as open_socket:
        await open_socket.subscribe("hashtag", tag="loud")
        await open_socket.say(type="unsubscribe", stream=["public"])
        await open_socket.say(type="unsubscribe", stream="public:local")
        await open_socket.settle()

        await make_status(database, ada, "Not #loud")
        frame = await open_socket.next()
        await open_socket.say(type="unsubscribe", stream="hashtag", tag="loud")
        await open_socket.subscribe("user")
        await make_status(database, ada, "Still #loud")
        async with database.session() as session:
            await events.record(session, "filters.changed", account_id=bob.id)
            await session.commit()
        last = await open_socket.next()

    assert frame["stream"] == ["hashtag", "loud"]
    # Without a payload: there is nothing to say about it.
    assert last == {"stream": ["user"], "event": "filters_changed"}


async def test_a_deletion_is_digits_in_a_string(
    live: str,
    database: Database,
    client: object,
) -> None:
    ada = await make_account(database)
    status_id = await make_status(database, ada)
    async with socket(live, "?stream=public", await as_account(database, ada)) as open_socket:
        await open_socket.settle()
        async with database.session() as session:
            await events.record(
                session,
                "status.deleted",
                status_id=status_id,
                account_id=ada.id,
                visibility="public",
                tags=[],
            )
            await session.commit()
        raw = json.loads(await open_socket.connection.recv())

    assert raw == {"stream": ["public"], "event": "delete", "payload": str(status_id)}


@pytest.mark.parametrize(
    ("said", "error", "status"),
    [
        ({"stream": "weather"}, "Unknown stream type", 400),
        ({}, "Unknown stream type", 400),
        ({"stream": "hashtag"}, "Missing tag name parameter", 400),
        ({"stream": "list"}, "Missing list name parameter", 400),
        ({"stream": "list", "list": "12"}, "Not authorized to stream this list", 401),
        (
            {"stream": "user:notification"},
            "Access token does not have the required scopes",
            403,
        ),
    ],
)
async def test_what_cannot_be_subscribed_is_answered(
    live: str, database: Database, said: dict[str, object], error: str, status: int
) -> None:
    headers = await as_account(database, await make_account(database), "read:statuses")
    async with socket(live, headers=headers) as open_socket:
        await open_socket.say(type="subscribe", **said)

        assert await open_socket.next() == {"error": error, "status": status}


async def test_what_is_no_request_is_left_alone(live: str, database: Database) -> None:
    async with socket(
        live, headers=await as_account(database, await make_account(database))
    ) as open_socket:
        for said in ("", "{", "[]", "7", '{"type":"dance"}'):
            await open_socket.connection.send(said)
        await open_socket.settle()


async def test_the_token_as_a_protocol_is_echoed(live: str, database: Database) -> None:
    """Trap 8: or the browser closes the connection."""
    token = await make_token(database, await make_account(database))

    async with socket(live, "/?stream=user", subprotocols=[token]) as open_socket:
        await open_socket.settle()
        assert open_socket.connection.subprotocol == token
    async with socket(live, f"?access_token={token}") as open_socket:
        assert open_socket.connection.subprotocol is None


@pytest.mark.parametrize(
    ("headers", "error", "status"),
    [
        ({}, "Missing access token", 401),
        ({"Authorization": "Bearer nobody"}, "Invalid access token", 401),
    ],
)
async def test_a_refused_handshake_says_why(
    live: str, headers: dict[str, str], error: str, status: int
) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with socket(live, headers=headers):
            pass

    response = refused.value.response
    assert response.status_code == status
    assert json.loads(response.body)["error"] == error
    assert response.headers["X-Request-Id"]


async def test_there_is_one_socket_only(live: str, database: Database) -> None:
    headers = await as_account(database, await make_account(database))

    with pytest.raises(InvalidStatus) as refused:
        async with socket(live, "/weather", headers):
            pass

    assert refused.value.response.status_code == 404


async def test_pages_of_other_origins_may_be_refused(
    live: str,
    database: Database,
    settings: Settings,
) -> None:
    headers = await as_account(database, await make_account(database))
    page = {**headers, "Origin": "https://app.example.org"}

    # By default any page may call the API, which needs its token anyway.
    assert await handshake(live, page) == 101
    assert sockets.is_welcome("https://app.example.org", settings)
    chosen = settings.model_copy(update={"cors_origins": ["https://app.example.org"]})
    assert sockets.is_welcome("https://app.example.org", chosen)
    assert sockets.is_welcome(chosen.origin, chosen)
    assert sockets.is_welcome(None, chosen)
    assert not sockets.is_welcome("https://elsewhere.example.org", chosen)


async def test_only_so_many_subscriptions(
    live: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "MAX_FRAMES_PER_SECOND", 1_000)
    headers = await as_account(database, await make_account(database))
    async with socket(live, headers=headers) as open_socket:
        for number in range(sockets.MAX_SUBSCRIPTIONS):
            await open_socket.say(type="subscribe", stream="hashtag", tag=f"loud{number}")
        await open_socket.say(type="subscribe", stream="user")

        assert await open_socket.next() == {"error": "Too many requests", "status": 429}


async def test_who_says_too_much_is_closed(live: str, database: Database) -> None:
    headers = await as_account(database, await make_account(database))
    async with socket(live, headers=headers) as open_socket:
        with suppress(ConnectionClosed):
            for _ in range(1_000):
                await open_socket.connection.send("{}")

        assert await open_socket.closed() == 1008


@pytest.mark.parametrize(("sent", "code"), [(b"binary", 1003), ("x" * 4097, 1009)])
async def test_frames_are_short_texts(
    live: str, database: Database, sent: bytes | str, code: int
) -> None:
    headers = await as_account(database, await make_account(database))
    async with socket(live, headers=headers) as open_socket:
        await open_socket.connection.send(sent)

        assert await open_socket.closed() == code


async def test_a_revoked_token_closes_the_socket(
    live: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "CHECK_SECONDS", 0.01)
    headers = await as_account(database, await make_account(database))
    async with socket(live, "?stream=user", headers) as open_socket:
        await database.fetch("UPDATE access_tokens SET revoked_at = now()")

        assert await open_socket.closed() == 1008
