"""Blocks of addresses, domains and networks: what administrators do alike with all of them."""

from collections.abc import Sequence
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from app.database import Reader
from app.domain.moderation import audit
from app.domain.moderation.audit import Actor
from app.errors import NotFound
from app.models.base import Identified
from app.pagination import Listing, Page


class Blocks:
    """The blocks of one table. `called` is what the audit log calls one of them."""

    def __init__(self, table: type[Identified], called: str, *, columns: str = "*") -> None:
        self._table = table
        self._called = called
        name = table.__tablename__
        self._list = Listing(
            f"SELECT id AS cursor, {columns} FROM {name} "
            "WHERE id < $2 AND id > $3 AND $1::bigint IS NOT NULL "
            "ORDER BY id {direction} LIMIT $4"
        )
        self._one = f"SELECT {columns} FROM {name} WHERE id = $1"

    async def page(self, reader: Reader, viewer: int, page: Page) -> Sequence[Any]:
        """Rows of the blocks, the latest first."""
        return await self._list.read(reader, viewer, page)

    async def get(self, reader: Reader, block_id: int) -> Any:
        """The row of a block.

        Raises:
            NotFound: there is none.
        """
        rows = await reader.fetch(self._one, block_id)
        if not rows:
            raise NotFound
        return rows[0]

    async def unblock(self, session: AsyncSession, actor: Actor, block_id: int) -> None:
        """Let in again what was blocked.

        Raises:
            NotFound: there is no such block.
        """
        found = await session.get(self._table, block_id, with_for_update=True)
        if found is None:
            raise NotFound
        await session.delete(found)
        await audit.record(session, actor, "destroy", self._called, block_id)
