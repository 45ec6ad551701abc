"""Clients of streams: what they hear, one event after the other."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Self

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus

from app.database import Database
from app.domain import events

# Only failures wait so long.
PATIENCE_SECONDS = 30.0


class EventSource:
    """Server-sent events, read as they come; the fields of each, `data` as a value."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        # Where to go on from, as a browser remembers it.
        self.last_event_id = ""
        self.retry = 0
        self._lines = response.aiter_lines()

    async def next(self) -> dict[str, Any]:
        """The next event.

        Raises:
            StopAsyncIteration: the stream has ended.
        """
        fields: dict[str, Any] = {}
        async with asyncio.timeout(PATIENCE_SECONDS):
            while line := await anext(self._lines):
                name, _, value = line.partition(": ")
                if not line.startswith(":"):
                    fields[name] = value
        if not fields:
            return await self.next()
        self.last_event_id = fields["id"]
        return {"event": fields["event"], "data": json.loads(fields["data"])}

    async def until(self, event: str) -> Any:
        """What the next event of this name says; those before it do not matter."""
        while (heard := await self.next())["event"] != event:
            pass
        return heard["data"]

    async def comment(self) -> str:
        """The next line, which is no part of an event."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            line = await anext(self._lines)
        assert line.startswith(":")
        return line

    async def ended(self) -> bool:
        """True as soon as the stream has ended."""
        try:
            while True:
                await self.next()
        except StopAsyncIteration:
            return True

    async def begun(self) -> Self:
        """Itself, once it listens."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            self.retry = int((await anext(self._lines)).removeprefix("retry: "))
        return self


@asynccontextmanager
async def event_source(
    url: str, path: str, headers: Mapping[str, str], **params: str
) -> AsyncIterator[EventSource]:
    """Listen to `/api/v1/streaming/{path}` while the block lasts."""
    async with (
        httpx.AsyncClient(base_url=url, trust_env=False, timeout=None) as client,
        client.stream(
            "GET", f"/api/v1/streaming/{path}", headers=dict(headers), params=params
        ) as response,
    ):
        assert response.status_code == 200, await response.aread()
        # Kept here: a stream that nobody holds is closed.
        source = await EventSource(response).begun()
        yield source


class Socket:
    """A WebSocket, with what the server sends."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def say(self, **said: object) -> None:
        """Send a frame."""
        await self.connection.send(json.dumps(said))

    async def next(self) -> dict[str, Any]:
        """The next frame; its payload as a value."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            frame: dict[str, Any] = json.loads(await self.connection.recv())
        if "payload" in frame:
            frame["payload"] = json.loads(frame["payload"])
        return frame

    async def subscribe(self, stream: str, **params: str) -> None:
        """Subscribe, and wait until it is done."""
        await self.say(type="subscribe", stream=stream, **params)
        await self.settle()

    async def settle(self) -> None:
        """Wait until all that was said is done: frames are heeded in order."""
        await self.say(type="subscribe", stream="no such stream")
        assert (await self.next())["error"] == "Unknown stream type"

    async def closed(self) -> int:
        """The code with which the server closes the connection."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self.connection.wait_closed()
        code = self.connection.close_code
        assert code is not None
        return code


@asynccontextmanager
async def socket(
    url: str, query: str = "", headers: Mapping[str, str] | None = None, **options: Any
) -> AsyncIterator[Socket]:
    """An open WebSocket while the block lasts."""
    base = url.replace("http", "ws", 1)
    async with connect(
        f"{base}/api/v1/streaming{query}",
        additional_headers=dict(headers or {}),
        proxy=None,
        **options,
    ) as connection:
        yield Socket(connection)


async def handshake(url: str, headers: Mapping[str, str], query: str = "") -> int:
    """How the server answers to somebody who wants to open a WebSocket: 101 lets them."""
    try:
        async with socket(url, query, headers):
            return 101
    except InvalidStatus as refusal:
        return refusal.response.status_code


async def say_over(database: Database, account_id: int) -> None:
    """Let the home stream of an account say something that is easy to wait for."""
    async with database.session() as session:
        await events.record(session, "filters.changed", account_id=account_id)
        await session.commit()


async def heard_until_over(source: EventSource) -> list[tuple[str, object]]:
    """`(event, id of what it is about)` of all that is heard before `say_over`."""
    found = []
    while (heard := await source.next())["event"] != "filters_changed":
        data = heard["data"]
        found.append((heard["event"], data["id"] if isinstance(data, dict) else data))
    return found
