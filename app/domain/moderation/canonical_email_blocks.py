"""Canonical e-mail blocks: addresses nobody signs up with, however they are written."""

import hashlib
import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.database import Reader
from app.domain.moderation import audit
from app.domain.moderation.audit import Actor
from app.errors import Invalid, NotFound
from app.models.moderation.canonical_email_blocks import CanonicalEmailBlock
from app.pagination import Listing, Page

_HASH = re.compile(r"[0-9a-f]{64}")

_LIST = Listing(
    """
    SELECT id AS cursor, * FROM canonical_email_blocks
    WHERE id < $2 AND id > $3 AND $1::bigint IS NOT NULL ORDER BY id {direction} LIMIT $4
    """
)
_ONE = "SELECT * FROM canonical_email_blocks WHERE id = $1"
_MATCHING = "SELECT * FROM canonical_email_blocks WHERE canonical_email_hash = $1"


def canonical_hash(email: str) -> str:
    """The hash of an address, the same however it is written: case, dots, and what follows a +."""
    local, _, domain = email.strip().lower().rpartition("@")
    canonical = f"{local.partition('+')[0].replace('.', '')}@{domain}"
    return hashlib.sha256(canonical.encode()).hexdigest()


async def page(reader: Reader, viewer: int, page: Page) -> Sequence[Any]:
    """Rows of the blocks, the latest first."""
    return await _LIST.read(reader, viewer, page)


async def get(reader: Reader, block_id: int) -> Any:
    """The row of a block.

    Raises:
        NotFound: there is none.
    """
    rows = await reader.fetch(_ONE, block_id)
    if not rows:
        raise NotFound
    return rows[0]


async def matching(reader: Reader, email: str) -> Sequence[Any]:
    """The rows of the blocks that an address falls under: one, or none."""
    return await reader.fetch(_MATCHING, canonical_hash(email))


async def block(session: AsyncSession, actor: Actor, hashed: str) -> int:
    """Refuse an address by its hash; the id of the block.

    Raises:
        Invalid: that is no hash, or it is blocked.
    """
    hashed = hashed.strip().lower()
    if not _HASH.fullmatch(hashed):
        raise Invalid({"canonical_email_hash": [("ERR_INVALID", "is not a SHA-256 hash")]})
    made = CanonicalEmailBlock(canonical_email_hash=hashed)
    created: int | None = await session.scalar(
        insert(CanonicalEmailBlock)
        .values(**made.model_dump())
        .on_conflict_do_nothing()
        .returning(col(CanonicalEmailBlock.id))
    )
    if created is None:
        raise Invalid({"canonical_email_hash": [("ERR_TAKEN", "has already been taken")]})
    await audit.record(session, actor, "create", "canonical_email_block", created)
    return created


async def unblock(session: AsyncSession, actor: Actor, block_id: int) -> None:
    """Take the address again.

    Raises:
        NotFound: there is no such block.
    """
    found = await session.get(CanonicalEmailBlock, block_id, with_for_update=True)
    if found is None:
        raise NotFound
    await session.delete(found)
    await audit.record(session, actor, "destroy", "canonical_email_block", block_id)


async def is_blocked(session: AsyncSession, email: str) -> bool:
    """Whether an address is refused."""
    found = await session.exec(
        select(CanonicalEmailBlock.id).where(
            col(CanonicalEmailBlock.canonical_email_hash) == canonical_hash(email)
        )
    )
    return found.first() is not None
