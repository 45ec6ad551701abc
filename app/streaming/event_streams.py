"""Streams as server-sent events (WHATWG HTML, client API section f)."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from app.streaming.hub import Hub
from app.streaming.messages import Message
from app.streaming.streams import Stream

HEARTBEAT_SECONDS = 15.0
# So long a client waits before it comes back; not all the same time.
_RETRY_MILLISECONDS = (1_000, 15_000)

MEDIA_TYPE = "text/event-stream"


class EventStream(StreamingResponse):
    """What a stream has, for as long as its client stays."""

    media_type = MEDIA_TYPE

    def __init__(self, hub: Hub, stream: Stream, missed: Sequence[Message]) -> None:
        """`stream` has joined the hub; `missed` is sent first."""
        self._hub = hub
        self._stream = stream
        self._missed = missed
        # Proxies must not wait until there is more.
        super().__init__(self._sent(), headers={"X-Accel-Buffering": "no"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(None) as patience:
                self._stream.give_up = lambda: patience.reschedule(loop.time())
                await super().__call__(scope, receive, send)
        except TimeoutError:
            # The connection is closed in the middle of what it does not take.
            if not patience.expired():
                raise
        finally:
            self._hub.leave(self._stream)

    async def _sent(self) -> AsyncIterator[bytes]:
        # The first line of the first event: some clients take a blank line for the end of one.
        yield b"retry: %d\n" % random.randint(*_RETRY_MILLISECONDS)  # noqa: S311 - not a secret
        for message in self._missed:
            yield message.event_stream()
        heartbeat = b":thump\n\n" if self._missed else b":thump\n"
        while True:
            waiting = await self._stream.next(HEARTBEAT_SECONDS)
            if waiting:
                yield b"".join(waiting)  # type: ignore[arg-type]  # these are no frames
                heartbeat = b":thump\n\n"
            elif self._stream.ended is None:
                yield heartbeat
            else:
                return
