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
from app.domain.moderation.blocks import Blocks
from app.errors import Invalid
from app.models.moderation.canonical_email_blocks import CanonicalEmailBlock

_HASH = re.compile(r"[0-9a-f]{64}")

_BLOCKS = Blocks(CanonicalEmailBlock, "canonical_email_block")
page, get, unblock = _BLOCKS.page, _BLOCKS.get, _BLOCKS.unblock
_MATCHING = "SELECT * FROM canonical_email_blocks WHERE canonical_email_hash = $1"


def canonical_hash(email: str) -> str:
    """The hash of an address, the same however it is written: case, dots, and what follows a +."""
    local, _, domain = email.strip().lower().rpartition("@")
    canonical = f"{local.partition('+')[0].replace('.', '')}@{domain}"
    return hashlib.sha256(canonical.encode()).hexdigest()


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


async def is_blocked(session: AsyncSession, email: str) -> bool:
    """Whether an address is refused."""
    found = await session.exec(
        select(CanonicalEmailBlock.id).where(
            col(CanonicalEmailBlock.canonical_email_hash) == canonical_hash(email)
        )
    )
    return found.first() is not None
