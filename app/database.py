"""PostgreSQL: a session for writing, plain statements for reading.

Reads go through asyncpg itself and SQL of ours: mapping rows to objects costs more than the
statement (measured: 1,260 against 1,975 requests/s for a page of 20).
"""

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, Protocol, Self

import asyncpg
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from app.connections import Connections

ACQUIRE_SECONDS = 2.0
CONNECT_SECONDS = 3.0
COMMAND_SECONDS = 2.5
RECYCLE_SECONDS = 300

# DB-1. A worker may take longer over one statement than a person should wait.
_API_LIMITS = {
    "statement_timeout": "5000",
    "lock_timeout": "2000",
    "idle_in_transaction_session_timeout": "10000",
}
_WORKER_LIMITS = {
    "statement_timeout": "30000",
    "lock_timeout": "10000",
    "idle_in_transaction_session_timeout": "60000",
}


StatementLogger = Callable[[str], None]


class Reader(Protocol):
    """Something that answers SQL: the pool, or a transaction that sees its own writes."""

    async def fetch(self, sql: str, *arguments: object) -> Sequence[Any]:
        """The rows of one statement; each behaves like a tuple and like a mapping."""


class Database:
    """The connections of one process. Opening it never fails; using it may."""

    def __init__(
        self,
        dsn: str,
        *,
        connections: int = 10,
        worker: bool = False,
        log_statement: StatementLogger | None = None,
    ) -> None:
        """`log_statement` is called with every statement: for tests that count them."""
        self.dsn = dsn
        self._log_statement = log_statement
        self._connections = connections
        limits = _WORKER_LIMITS if worker else _API_LIMITS
        self._connect_arguments: dict[str, Any] = {
            "server_settings": {
                "application_name": "hardop",
                "jit": "off",
                # Left to itself PostgreSQL plans short lists of ids anew each time, which takes
                # longer than reading them. Our statements are written for one plan.
                "plan_cache_mode": "force_generic_plan",
                # As memory and SSDs are. With the default, made for discs, a plan for a few rows
                # reads a table of thousands from end to end.
                "random_page_cost": "1.1",
                **limits,
            },
            # However long a statement is, it is planned once: the driver's default plans those
            # above 15 kB each time, without a word.
            "max_cacheable_statement_size": 0,
            "timeout": CONNECT_SECONDS,
            "command_timeout": 30.0 if worker else COMMAND_SECONDS,
        }
        self.engine: AsyncEngine = create_async_engine(
            "postgresql+asyncpg://",
            async_creator=self.connect,
            pool_size=connections,
            max_overflow=0,
            pool_timeout=ACQUIRE_SECONDS,
            # As `Connections` does: what lies between may forget a silent one without telling us.
            pool_recycle=RECYCLE_SECONDS,
        )
        if log_statement is not None:
            # What a session prepares, the driver does not tell its loggers.
            event.listen(
                self.engine.sync_engine,
                "before_cursor_execute",
                lambda *about: log_statement(about[2]),
            )
        self._sessions = async_sessionmaker(
            self.engine, class_=AsyncSession, expire_on_commit=False, autoflush=True
        )
        self._reads: Connections | None = None

    async def __aenter__(self) -> Self:
        # No connection is made yet: the server starts before its database if need be (OP-3).
        self._reads = Connections(
            self.connect, limit=self._connections, patience_seconds=ACQUIRE_SECONDS
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._reads is not None:
            self._reads.terminate()
        await self.engine.dispose()

    async def connect(self) -> asyncpg.Connection:
        """A connection of its own, for what must not share one: LISTEN, migrations, writes."""
        connection: asyncpg.Connection = await asyncpg.connect(self.dsn, **self._connect_arguments)
        if (log_statement := self._log_statement) is not None:

            async def log(sent: asyncpg.connection.LoggedQuery) -> None:
                log_statement(sent.query)

            connection.add_query_logger(log)
        return connection

    def session(self) -> AsyncSession:
        """A session for one unit of work. Its first statement opens the transaction."""
        return self._sessions()

    async def fetch(self, sql: str, *arguments: object) -> Sequence[Any]:
        """The rows of one statement, outside any transaction.

        A connection that turns out to be dead (the database restarted) is tried anew once:
        reading twice is harmless.
        """
        assert self._reads is not None, "the database is not open"
        try:
            return await self._reads.fetch(sql, arguments)
        except (asyncpg.ConnectionDoesNotExistError, asyncpg.InterfaceError, ConnectionError):
            return await self._reads.fetch(sql, arguments)

    def pool_state(self) -> dict[str, int]:
        """`{"reads_in_use": n, "writes_in_use": n, "limit": n}` for the metrics."""
        reads = self._reads
        return {
            "reads_in_use": reads.in_use if reads else 0,
            "writes_in_use": self.engine.pool.checkedout(),  # type: ignore[attr-defined]
            "limit": self._connections,
        }


class SessionReader:
    """Reads with plain SQL inside a session's transaction, where its own writes are seen."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def fetch(self, sql: str, *arguments: object) -> Sequence[Any]:
        """The rows of one statement, after flushing what the session still holds."""
        await self._session.flush()
        connection = await self._session.connection()
        result = await connection.exec_driver_sql(sql, arguments)
        # The driver's own rows, as from a pool: SQLAlchemy's are a tuple or a mapping, never both.
        return result.cursor.fetchall() if result.returns_rows else []
