"""The hub: reads once, for all streams of a process, what was committed anywhere.

What happened is known from the table of events; a notification only says that it is time to look
(QU-3), and now and then the hub looks anyway.
"""

import asyncio
import random
import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import asyncpg
import structlog

from app.database import Database
from app.domain import events
from app.domain.events import Happened
from app.domain.identity import tokens
from app.domain.identity.tokens import Caller
from app.errors import TooManyRequests, Unauthorized, Unavailable
from app.rendering.cache import Generations
from app.rendering.statuses import Renderer
from app.streaming.batches import Batch
from app.streaming.channels import Subscription
from app.streaming.deliveries import NAMES, deliveries
from app.streaming.messages import Message
from app.streaming.streams import (
    GOING_AWAY,
    POLICY,
    TRY_AGAIN_LATER,
    Audience,
    Stream,
)

MAX_STREAMS_PER_ACCOUNT = 10
MAX_MISSED = 500

# How often to look without being told, and to see whether tokens are still valid. Both keep OA-14:
# streams end within 5 s of a revocation.
POLL_SECONDS = 2.0
CHECK_SECONDS = 1.0
# ST-3. If nobody can say whether a token is valid, its stream ends.
UNCHECKED_SECONDS = 30.0
# A connection that carries nothing may be dead without anybody knowing.
_LISTEN_SECONDS = 30.0
_ANSWER_SECONDS = 5.0
_PAUSES_SECONDS = (0.1, 0.5, 1.0, 2.0)
_READY_SECONDS = 5.0
_FAREWELL_SECONDS = 1.0
_KEPT_STATUSES = 1000

# What keeps the database from answering, and is over some time.
AWAY = (
    OSError,
    TimeoutError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)

# Of these, what may become of any statement. What else goes wrong with one is a mistake of ours,
# and would go wrong again.
_BUSY = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)

# Where a client says it was: a snapshot of PostgreSQL, and the last event after it.
_POSITION = re.compile(r"(\d{1,18}:\d{1,18}:[\d,]{0,4000})/(\d{1,18})")

Token = Callable[[str], Awaitable[Caller]]

log = structlog.get_logger("streaming")


@dataclass(slots=True)
class _Run:
    """The hub at work: as long as anybody listens."""

    told: asyncio.Event = field(default_factory=asyncio.Event)
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    position: str = ""
    tasks: list["asyncio.Task[None]"] = field(default_factory=list)


class Hub:
    """The open streams of one process."""

    def __init__(self, database: Database, renderer: Renderer, caller_of: Token) -> None:
        """`caller_of` finds out who holds a token, as for requests."""
        self._database = database
        self._renderer = renderer
        self._caller_of = caller_of
        self._audience = Audience()
        self._run: _Run | None = None
        # Held while events are delivered: nobody comes or goes in the middle of them.
        self._turn = asyncio.Lock()
        self._is_closing = False
        # Set when the last stream has gone.
        self._empty = asyncio.Event()
        # Statuses that were told to those at whose home they arrived.
        self._at_home: Generations[int, bool] = Generations(_KEPT_STATUSES)

    @property
    def open(self) -> dict[str, int]:
        """`{"events": n, "sockets": n}`: how many streams of each kind are open."""
        sockets = sum(stream.is_socket for stream in self._audience.streams)
        return {"events": len(self._audience.streams) - sockets, "sockets": sockets}

    async def join(self, stream: Stream, *, heard: str = "") -> Sequence[Message]:
        """Let a stream listen, with the subscriptions it has; what it missed since `heard`.

        Raises:
            TooManyRequests: the account has too many streams already.
            Unavailable: the database is away, or the server is going to stop.
        """
        if self._is_closing:
            raise Unavailable
        account_id = stream.caller.account_id
        theirs = [each for each in self._audience.streams if each.caller.account_id == account_id]
        if len(theirs) >= MAX_STREAMS_PER_ACCOUNT:
            raise TooManyRequests
        # Before anything is waited for, so that many at once are counted.
        self._audience.streams.add(stream)
        try:
            run = self._begin()
            async with asyncio.timeout(_READY_SECONDS):
                await run.ready.wait()
                async with self._turn:
                    self._audience.add(stream)
                    position = run.position
            return await self._missed(stream, heard, position)
        except TimeoutError:
            self.leave(stream)
            raise Unavailable from None
        except BaseException:
            self.leave(stream)
            raise

    def leave(self, stream: Stream) -> None:
        """The connection is closed."""
        self._audience.remove(stream)
        if self._audience.streams:
            return
        self._empty.set()
        run, self._run = self._run, None
        for task in run.tasks if run else ():
            task.cancel()

    def subscribe(self, stream: Stream, subscription: Subscription) -> None:
        """Another subscription of a stream that listens; twice is once."""
        self._audience.subscribe(stream, subscription)

    def unsubscribe(self, stream: Stream, subscription: Subscription) -> None:
        """One subscription less; without it, nothing happens."""
        self._audience.unsubscribe(stream, subscription)

    async def close(self, within_seconds: float = 0.0) -> None:
        """End all streams, each at another moment, so that not all come back at once (ST-4)."""
        self._is_closing = True
        loop = asyncio.get_running_loop()
        for stream in self._audience.streams:
            after = random.uniform(0, within_seconds)  # noqa: S311 - not a secret
            loop.call_later(after, stream.end, GOING_AWAY)
        if self._audience.streams:
            self._empty.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(within_seconds + _FAREWELL_SECONDS):
                    await self._empty.wait()

    def _begin(self) -> _Run:
        run = self._run
        if run is None:
            run = self._run = _Run()
            run.tasks = [
                asyncio.create_task(work(run), name=f"streams: {work.__name__}")
                for work in (self._follow, self._listen, self._check)
            ]
        return run

    async def _missed(self, stream: Stream, heard: str, position: str) -> Sequence[Message]:
        """What happened between what a client heard last and now (ST-2)."""
        found = _POSITION.fullmatch(heard)
        if found is None:
            return []
        try:
            happened = await events.between(
                self._database, found[1], int(found[2]), position, NAMES, limit=MAX_MISSED
            )
        except asyncpg.DataError:
            return []
        news = _once(happened, Generations(MAX_MISSED))
        batch = Batch(news, position, Audience([stream]))
        told = await deliveries(self._database, self._renderer, batch)
        return [each.message for each in told if each.listeners]

    async def _follow(self, run: _Run) -> None:
        """Deliver what happens, as soon as it is told or every two seconds."""
        failures = 0
        while True:
            try:
                if not run.position:
                    run.position = await events.position(self._database)
                    run.ready.set()
                with suppress(TimeoutError):
                    async with asyncio.timeout(POLL_SECONDS):
                        await run.told.wait()
                run.told.clear()
                await self._deliver(run)
                failures = 0
            except AWAY as error:
                if not failures:
                    log.warning("streams wait for the database", cause=type(error).__name__)
                await asyncio.sleep(_pause(failures))
                failures += 1

    async def _deliver(self, run: _Run) -> None:
        async with self._turn:
            position, happened = await events.since(self._database, run.position, NAMES)
            if happened:
                batch = Batch(_once(happened, self._at_home), position, self._audience)
                try:
                    found = await deliveries(self._database, self._renderer, batch)
                except _BUSY:
                    raise
                except Exception:
                    # The next events must not suffer for it.
                    log.exception("events could not be delivered")
                    found = []
                for each in found:
                    for stream, subscription in each.listeners:
                        stream.put(each.message, subscription)
                # Now, and not before: what could not be read is tried again.
                for event in batch.named("status.delivered"):
                    self._at_home.put(event.payload["status_id"], True)
            run.position = position

    async def _listen(self, run: _Run) -> None:
        """Hear of new events on a connection of our own, for as long as it holds."""
        failures = 0
        while True:
            try:
                connection = await self._database.connect()
                try:
                    await connection.add_listener(events.CHANNEL, lambda *_: run.told.set())
                    failures = 0
                    # Whatever happened while nobody listened.
                    run.told.set()
                    await _until_lost(connection)
                finally:
                    connection.terminate()
            except AWAY:
                pass
            await asyncio.sleep(_pause(failures))
            failures += 1

    async def _check(self, run: _Run) -> None:  # noqa: ARG002 - as the others
        """End the streams of tokens and logins that are no longer valid (OA-14, OA-19, ST-3)."""
        loop = asyncio.get_running_loop()
        checked_at = loop.time()
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            checked = [*self._audience.streams]
            try:
                valid = await self._valid(checked)
            except AWAY:
                if loop.time() - checked_at > UNCHECKED_SECONDS:
                    for stream in checked:
                        stream.end(TRY_AGAIN_LATER)
                continue
            checked_at = loop.time()
            for stream in checked:
                if stream not in valid:
                    stream.end(POLICY)

    async def _valid(self, checked: Sequence[Stream]) -> set[Stream]:
        ids = {stream.caller.token_id for stream in checked}
        valid_ids = await tokens.valid(self._database, ids - {0})
        valid = {stream for stream in checked if stream.caller.token_id in valid_ids}
        # JWTs have no row: each is verified like that of a request.
        for stream in checked:
            if not stream.caller.token_id:
                with suppress(Unauthorized):
                    caller = await self._caller_of(stream.token)
                    if caller.account_id and not caller.barred:
                        valid.add(stream)
        return valid


async def _until_lost(connection: asyncpg.Connection) -> None:
    lost = asyncio.Event()
    connection.add_termination_listener(lambda _: lost.set())
    while not lost.is_set():
        try:
            async with asyncio.timeout(_LISTEN_SECONDS):
                await lost.wait()
        except TimeoutError:
            await connection.execute("SELECT 1", timeout=_ANSWER_SECONDS)


def _pause(failures: int) -> float:
    return _PAUSES_SECONDS[min(failures, len(_PAUSES_SECONDS) - 1)]


def _once(happened: Sequence[Happened], at_home: Generations[int, bool]) -> list[Happened]:
    """All but what says again that a status is at home: jobs may run twice."""
    news: list[Happened] = []
    arrived: set[int] = set()
    for event in happened:
        if event.name == "status.delivered":
            status_id = event.payload["status_id"]
            if status_id in arrived or at_home.get(status_id):
                continue
            arrived.add(status_id)
        news.append(event)
    return news
