"""Domain blocks: servers somebody wants to hear nothing of. All there is comes from one server."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock, domain_names, ids
from app.database import Reader
from app.errors import Invalid
from app.models.relationships.domain_blocks import DomainBlock
from app.pagination import Listing, Page


async def block(session: AsyncSession, account_id: int, domain: str) -> None:
    """Keep a domain in the account's list. Twice is once.

    Raises:
        Invalid: that is no domain.
    """
    domain = domain_names.normalised(domain)
    if not domain_names.is_domain(domain):
        raise Invalid({"domain": [("ERR_INVALID", "is not a valid domain name")]})
    await session.exec(
        insert(DomainBlock)
        .values(id=ids.new(), created_at=clock.now(), account_id=account_id, domain=domain)
        .on_conflict_do_nothing()
    )


async def unblock(session: AsyncSession, account_id: int, domain: str) -> None:
    """Take a domain out of the list. Twice is once."""
    await session.exec(
        delete(DomainBlock).where(
            col(DomainBlock.account_id) == account_id,
            col(DomainBlock.domain) == domain_names.normalised(domain),
        )
    )


async def blocked(reader: Reader, viewer: int, page: Page) -> Sequence[Any]:
    """Rows with the `domain`s the viewer blocks, the latest first."""
    return await _BLOCKED.read(reader, viewer, page)


_BLOCKED = Listing(
    """
    SELECT id AS cursor, domain FROM domain_blocks
    WHERE account_id = $1 AND id < $2 AND id > $3 ORDER BY id {direction} LIMIT $4
    """
)
