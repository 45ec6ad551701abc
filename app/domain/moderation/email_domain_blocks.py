"""E-mail domain blocks: domains whose addresses nobody signs up with."""

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app import domain_names
from app.domain.moderation import audit
from app.domain.moderation.audit import Actor
from app.domain.moderation.blocks import Blocks
from app.errors import Invalid
from app.models.moderation.email_domain_blocks import EmailDomainBlock

_BLOCKS = Blocks(EmailDomainBlock, "email_domain_block")
page, get, unblock = _BLOCKS.page, _BLOCKS.get, _BLOCKS.unblock


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
