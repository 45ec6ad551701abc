"""E-mail domain blocks: domains whose addresses nobody signs up with."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app import domain_names
from app.database import Reader
from app.domain.moderation import audit
from app.domain.moderation.audit import Actor
from app.errors import Invalid, NotFound
from app.models.moderation.email_domain_blocks import EmailDomainBlock
from app.pagination import Listing, Page

_LIST = Listing(
    """
    SELECT id AS cursor, * FROM email_domain_blocks
    WHERE id < $2 AND id > $3 AND $1::bigint IS NOT NULL ORDER BY id {direction} LIMIT $4
    """
)
_ONE = "SELECT * FROM email_domain_blocks WHERE id = $1"


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


async def block(
    session: AsyncSession, actor: Actor, domain: str, *, allow_with_approval: bool
) -> int:
    """Refuse addresses of a domain, or let moderators approve of them; the id of the block.

    Raises:
        Invalid: that is no domain, or it is blocked.
    """
    domain = domain_names.normalised(domain)
    if not domain_names.is_domain(domain):
        raise Invalid({"domain": [("ERR_INVALID", "is not a valid domain name")]})
    made = EmailDomainBlock(domain=domain, allow_with_approval=allow_with_approval)
    created: int | None = await session.scalar(
        insert(EmailDomainBlock)
        .values(**made.model_dump())
        .on_conflict_do_nothing()
        .returning(col(EmailDomainBlock.id))
    )
    if created is None:
        raise Invalid({"domain": [("ERR_TAKEN", "has already been taken")]})
    await audit.record(session, actor, "create", "email_domain_block", created)
    return created


async def unblock(session: AsyncSession, actor: Actor, block_id: int) -> None:
    """Take addresses of the domain again.

    Raises:
        NotFound: there is no such block.
    """
    found = await session.get(EmailDomainBlock, block_id, with_for_update=True)
    if found is None:
        raise NotFound
    await session.delete(found)
    await audit.record(session, actor, "destroy", "email_domain_block", block_id)


async def blocking(session: AsyncSession, email: str) -> EmailDomainBlock | None:
    """The block that an address falls under; the one that refuses it, if there are several."""
    labels = email.rpartition("@")[2].lower().split(".")
    found = await session.exec(
        select(EmailDomainBlock)
        .where(
            col(EmailDomainBlock.domain).in_(
                [".".join(labels[first:]) for first in range(len(labels))]
            )
        )
        .order_by(col(EmailDomainBlock.allow_with_approval))
        .limit(1)
    )
    return found.first()
