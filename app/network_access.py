"""Network access: from where nothing can be done.

The blocked networks are kept for a few seconds, so that a request costs no statement.
"""

import time
from contextlib import suppress
from functools import lru_cache

import asyncpg
from starlette.requests import HTTPConnection

from app.database import Database
from app.domain.moderation import ip_blocks
from app.domain.moderation.ip_blocks import Network
from app.errors import Forbidden
from app.networks import parse

KEPT_SECONDS = 10.0

_parse = lru_cache(10_000)(parse)


class NetworkAccess:
    """The networks from which nothing can be done, as one process knows them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._barred: list[Network] = []
        self._until = 0.0

    async def admit(self, connection: HTTPConnection) -> None:
        """Let a request or a stream in.

        Raises:
            Forbidden: it comes from where nothing can be done.
        """
        now = time.monotonic()
        if now >= self._until:
            # Whoever comes meanwhile goes by what is known.
            self._until = now + KEPT_SECONDS
            await self._load()
        if self._barred:
            address = _parse(address_of(connection))
            if address is not None and any(address in network for network in self._barred):
                raise Forbidden

    def forget(self) -> None:
        """Look them up again: this process changed them."""
        self._until = 0.0

    async def _load(self) -> None:
        # What needs the database says so itself when it is away.
        with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            self._barred = await ip_blocks.barred(self._database)


def address_of(connection: HTTPConnection) -> str:
    """Where a request comes from; empty when that cannot be known."""
    client = connection.client
    address = _parse(client.host) if client else None
    return str(address) if address else ""
