"""Streams: one client that listens, and what it has not been sent yet."""

import asyncio
from collections import deque
from collections.abc import Callable, Collection, Iterable
from typing import Any

from app.domain.identity.tokens import Caller
from app.streaming.channels import Channel, Subscription
from app.streaming.messages import Message

# ST-4. Who reads more slowly than things happen is not waited for.
MAX_QUEUED = 100
MAX_QUEUED_BYTES = 256 * 1024

# Why a stream ends: close codes of RFC 6455 and its registry.
GOING_AWAY = 1001
POLICY = 1008
TRY_AGAIN_LATER = 1013


class Stream:
    """What an open connection listens to. `token` is what it came in with."""

    def __init__(self, caller: Caller, token: str, *, is_socket: bool) -> None:
        self.caller = caller
        self.token = token
        self.is_socket = is_socket
        self.subscriptions: set[Subscription] = set()
        # Why it has to end, once it has to.
        self.ended: int | None = None
        # Called when the client reads too slowly: what is being sent to it will not arrive.
        self.give_up: Callable[[], object] = _nothing
        self._queue: deque[bytes | str] = deque()
        self._queued_bytes = 0
        self._news = asyncio.Event()

    def put(self, message: Message, subscription: Subscription) -> None:
        """Have a message sent, after all others."""
        if self.is_socket:
            self.put_text(message.frame(subscription.label))
        else:
            self._put(message.event_stream())

    def put_text(self, text: str) -> None:
        """Have a frame sent that is no message."""
        self._put(text)

    def _put(self, sent: bytes | str) -> None:
        if self.ended is not None:
            return
        self._queue.append(sent)
        self._queued_bytes += len(sent)
        if len(self._queue) > MAX_QUEUED or self._queued_bytes > MAX_QUEUED_BYTES:
            self.end(TRY_AGAIN_LATER)
            self._queue.clear()
            self.give_up()
        self._news.set()

    def end(self, code: int) -> None:
        """Close the connection when all has been sent; at once if its token is not valid now."""
        if self.ended is None:
            self.ended = code
        if code == POLICY:
            self._queue.clear()
        self._news.set()

    async def next(self, seconds: float) -> list[bytes | str]:
        """What is to be sent now; empty at the end, or when nothing happened for `seconds`."""
        if not self._queue and self.ended is None:
            self._news.clear()
            try:
                async with asyncio.timeout(seconds):
                    await self._news.wait()
            except TimeoutError:
                return []
        waiting = [*self._queue]
        self._queue.clear()
        self._queued_bytes = 0
        return waiting


def _nothing() -> None:
    """Nobody is sending."""


class Audience:
    """Streams, and what they listen to."""

    def __init__(self, streams: Iterable[Stream] = ()) -> None:
        self.streams: set[Stream] = set()
        # `{kind: {subject: {(stream, subscription)}}}`
        self._listening: dict[str, dict[int | str, set[tuple[Stream, Subscription]]]] = {}
        for stream in streams:
            self.add(stream)

    def add(self, stream: Stream) -> None:
        """A stream with the subscriptions it has."""
        self.streams.add(stream)
        for subscription in stream.subscriptions:
            self._listen(stream, subscription)

    def remove(self, stream: Stream) -> None:
        """The stream has ended."""
        self.streams.discard(stream)
        for subscription in stream.subscriptions:
            self._unlisten(stream, subscription)

    def subscribe(self, stream: Stream, subscription: Subscription) -> None:
        """Another subscription of a stream; twice is once."""
        stream.subscriptions.add(subscription)
        self._listen(stream, subscription)

    def unsubscribe(self, stream: Stream, subscription: Subscription) -> None:
        """One subscription less; without it, nothing happens."""
        stream.subscriptions.discard(subscription)
        self._unlisten(stream, subscription)

    def subjects(self, kind: str) -> Collection[Any]:
        """Whom, or what, anybody listens to."""
        return self._listening.get(kind, {}).keys()

    def listens(self, *kinds: str) -> bool:
        """Whether anybody listens to channels of these kinds."""
        return any(self._listening.get(kind) for kind in kinds)

    def of(self, channel: Channel) -> Collection[tuple[Stream, Subscription]]:
        """Who listens to this channel."""
        return self._listening.get(channel.kind, {}).get(channel.subject, ())

    def _listen(self, stream: Stream, subscription: Subscription) -> None:
        if (channel := subscription.channel) is not None:
            subjects = self._listening.setdefault(channel.kind, {})
            subjects.setdefault(channel.subject, set()).add((stream, subscription))

    def _unlisten(self, stream: Stream, subscription: Subscription) -> None:
        if (channel := subscription.channel) is not None:
            subjects = self._listening.get(channel.kind, {})
            listening = subjects.get(channel.subject)
            if listening is not None:
                listening.discard((stream, subscription))
                if not listening:
                    del subjects[channel.subject]
