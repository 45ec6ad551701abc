"""Streams by WebSocket: one connection that listens to many (client API section f)."""

import asyncio
import json
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from app.database import Reader
from app.errors import HardopError, TooManyRequests, Unavailable
from app.settings import Settings
from app.streaming import channels
from app.streaming.hub import AWAY, Hub
from app.streaming.streams import POLICY, Stream

# ST-4. Frames are bounded by the server, see `app/cli/api.py`.
MAX_SUBSCRIPTIONS = 20
MAX_FRAMES_PER_SECOND = 10

_UNSUPPORTED = 1003
_LONG_SECONDS = 3600.0


class Conversation:
    """One accepted WebSocket whose stream has joined the hub."""

    def __init__(self, socket: WebSocket, hub: Hub, stream: Stream, reader: Reader) -> None:
        self._socket = socket
        self._reader = reader
        self._hub = hub
        self._stream = stream
        self._second = 0
        self._frames = 0

    async def hold(self, first: Mapping[str, Any]) -> None:
        """Talk until either side ends it; `first` is what the URL asks for."""
        if first.get("stream"):
            await self._change({"type": "subscribe", **first})
        tasks = [asyncio.create_task(self._tell()), asyncio.create_task(self._hear())]
        self._stream.give_up = tasks[0].cancel
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _tell(self) -> None:
        with suppress(WebSocketDisconnect):
            while True:
                waiting = await self._stream.next(_LONG_SECONDS)
                for frame in waiting:
                    await self._socket.send_text(str(frame))
                code = self._stream.ended
                if code is not None and not waiting:
                    await self._socket.close(code)
                    return

    async def _hear(self) -> None:
        while True:
            message = await self._socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            now = int(time.monotonic())
            if now != self._second:
                self._second, self._frames = now, 0
            self._frames += 1
            if self._frames > MAX_FRAMES_PER_SECOND:
                self._stream.end(POLICY)
            elif message.get("text") is None:
                self._stream.end(_UNSUPPORTED)
            else:
                await self._heed(message["text"])

    async def _heed(self, said: str) -> None:
        """What is no request is left alone, as the reference server does."""
        try:
            request = json.loads(said)
        except ValueError:
            return
        if isinstance(request, dict):
            await self._change(request)

    async def _change(self, request: Mapping[str, Any]) -> None:
        """Subscribe or unsubscribe; what cannot be is answered with what is wrong."""
        asked = {name: _single(value) for name, value in request.items()}
        try:
            if asked.get("type") == "subscribe":
                await self._subscribe(asked)
            elif asked.get("type") == "unsubscribe":
                label = channels.label(asked.get("stream", ""), asked)
                for subscription in [*self._stream.subscriptions]:
                    if subscription.label == label:
                        self._hub.unsubscribe(self._stream, subscription)
        except HardopError as error:
            self._stream.put_text(json.dumps({"error": error.message, "status": error.status}))

    async def _subscribe(self, asked: Mapping[str, str]) -> None:
        try:
            found = await channels.subscription(
                self._reader, self._stream.caller, asked.get("stream", ""), asked
            )
        except AWAY:
            raise Unavailable from None
        if found not in self._stream.subscriptions:
            if len(self._stream.subscriptions) >= MAX_SUBSCRIPTIONS:
                raise TooManyRequests
            self._hub.subscribe(self._stream, found)


def is_welcome(origin: str | None, settings: Settings) -> bool:
    """Whether the page that opens a socket, if it is one, may call this server (ST-4)."""
    allowed = {"*", origin}.intersection(settings.cors_origins)
    return origin in (None, settings.origin) or bool(allowed)


def _single(value: object) -> str:
    """Clients send a name, a list of one, or a number."""
    if isinstance(value, list):
        value = value[0] if value else ""
    return "" if value is None else str(value)
