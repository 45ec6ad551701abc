"""Connections for reading, lent for one statement each.

asyncpg's own pool makes a task, a proxy and two timers for each loan, because a borrower might do
anything with a connection (measured: 45 us of processor time, against 5 for these loans).
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import asyncpg

Connect = Callable[[], Awaitable[asyncpg.Connection]]

_CLOSE_SECONDS = 2.0
# What lies between us and the database may forget a silent connection, without telling us.
_IDLE_SECONDS = 300.0


class Connections:
    """At most `limit` connections, opened by need. The one used last is used next."""

    def __init__(self, connect: Connect, *, limit: int, patience_seconds: float) -> None:
        self._connect = connect
        self._limit = limit
        self._patience_seconds = patience_seconds
        # Those that are open or being opened.
        self._count = 0
        # Each with the time of the loop since when.
        self._idle: list[tuple[asyncpg.Connection, float]] = []
        # A connection that becomes free goes to whoever waits longest; None allows to open one.
        self._waiting: deque[asyncio.Future[asyncpg.Connection | None]] = deque()
        self._closing: set[asyncio.Task[None]] = set()

    @property
    def in_use(self) -> int:
        """How many are lent, or being opened."""
        return self._count - len(self._idle)

    async def fetch(self, sql: str, arguments: Sequence[object]) -> Sequence[Any]:
        """The rows of one statement.

        Raises:
            TimeoutError: no connection became free, or the statement took too long.
            asyncpg.PostgresError, asyncpg.InterfaceError, OSError: as asyncpg raises them.
        """
        connection = self._take() or await self._wait()
        try:
            rows: Sequence[Any] = await connection.fetch(sql, *arguments)
        except asyncpg.PostgresError:
            # The server said so: the connection is as good as before.
            self._give_back(connection)
            raise
        except BaseException:
            self._drop(connection)
            raise
        self._give_back(connection)
        return rows

    def terminate(self) -> None:
        """Close all that nobody uses, without a farewell."""
        for connection, _ in self._idle:
            connection.terminate()
        self._count -= len(self._idle)
        self._idle.clear()

    def _take(self) -> asyncpg.Connection | None:
        oldest = asyncio.get_running_loop().time() - _IDLE_SECONDS
        while self._idle:
            connection, since = self._idle.pop()
            if since > oldest and not connection.is_closed():
                return connection
            connection.terminate()
            self._count -= 1
        return None

    async def _wait(self) -> asyncpg.Connection:
        if self._count < self._limit:
            return await self._open()
        loop = asyncio.get_running_loop()
        waiter = loop.create_future()
        self._waiting.append(waiter)
        timer = loop.call_later(self._patience_seconds, _expire, waiter)
        try:
            connection: asyncpg.Connection | None = await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled() and waiter.exception() is None:
                # We were given one at the very moment we were cancelled.
                self._pass_on(waiter.result())
            raise
        finally:
            timer.cancel()
        return connection or await self._open(counted=True)

    async def _open(self, *, counted: bool = False) -> asyncpg.Connection:
        if not counted:
            self._count += 1
        try:
            return await self._connect()
        except BaseException:
            self._pass_on(None)
            raise

    def _give_back(self, connection: asyncpg.Connection) -> None:
        self._pass_on(None if connection.is_closed() else connection)

    def _pass_on(self, connection: asyncpg.Connection | None) -> None:
        """Give a connection, or with None the right to open one, to whoever waits longest."""
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(connection)
                return
        if connection is None:
            self._count -= 1
        else:
            self._idle.append((connection, asyncio.get_running_loop().time()))

    def _drop(self, connection: asyncpg.Connection) -> None:
        """Do not use it again: its statement may still be running, which closing it ends."""
        self._pass_on(None)
        if not connection.is_closed():
            task = asyncio.create_task(_close(connection))
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)


def _expire(waiter: "asyncio.Future[asyncpg.Connection | None]") -> None:
    if not waiter.done():
        waiter.set_exception(TimeoutError("All connections to the database are in use"))


async def _close(connection: asyncpg.Connection) -> None:
    try:
        await connection.close(timeout=_CLOSE_SECONDS)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        connection.terminate()
