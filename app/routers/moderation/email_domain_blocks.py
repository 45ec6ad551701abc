"""Domains whose addresses nobody signs up with, for administrators."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field
from pydantic_core import to_json

from app import access, responses
from app.database import SessionReader
from app.dependencies import Actor, Reads, Session, Viewer
from app.domain.moderation import email_domain_blocks
from app.entities.base import Empty
from app.entities.moderation.email_domain_blocks import EmailDomainBlock
from app.models.identity.users import Role
from app.parameters import Flag, Page, ParameterModel, Parameters, PathId, Text
from app.route import HardopRoute

router = APIRouter(
    route_class=HardopRoute, prefix="/api/v1/admin/email_domain_blocks", tags=["moderation"]
)


class EmailDomainBlocksPage(Page, default=100, maximum=200):
    """Which part of the list."""


class EmailDomainBlockParameters(ParameterModel):
    """What to block."""

    domain: Annotated[Text, Field(max_length=500)] = Field(
        description="A domain; those below it are blocked, too."
    )
    allow_with_approval: Flag = Field(
        False, description="Moderators decide about such addresses, instead of nobody."
    )


@router.get("", response_model=list[EmailDomainBlock])
@access.user("admin:read:email_domain_blocks", role=Role.ADMIN)
async def get_email_domain_blocks(
    params: Parameters[EmailDomainBlocksPage], viewer: Viewer, reads: Reads, request: Request
) -> Response:
    """All blocked domains, the latest first."""
    rows = await email_domain_blocks.page(reads, viewer, params)
    bodies = [to_json(EmailDomainBlock.from_row(row)) for row in rows]
    return responses.accounts_page(request, rows, bodies, params)


@router.get("/{email_domain_block_id}")
@access.user("admin:read:email_domain_blocks", role=Role.ADMIN)
async def get_email_domain_block(email_domain_block_id: PathId, reads: Reads) -> EmailDomainBlock:
    """One blocked domain."""
    return EmailDomainBlock.from_row(await email_domain_blocks.get(reads, email_domain_block_id))


@router.post("")
@access.user("admin:write:email_domain_blocks", role=Role.ADMIN, idempotent=True)
async def create_email_domain_block(
    params: Parameters[EmailDomainBlockParameters], actor: Actor, session: Session
) -> EmailDomainBlock:
    """Let nobody sign up with an address of this domain; who is here stays."""
    block_id = await email_domain_blocks.block(
        session, actor, params.domain, allow_with_approval=params.allow_with_approval
    )
    reader = SessionReader(session)
    return EmailDomainBlock.from_row(await email_domain_blocks.get(reader, block_id))


@router.delete("/{email_domain_block_id}")
@access.user("admin:write:email_domain_blocks", role=Role.ADMIN)
async def delete_email_domain_block(
    email_domain_block_id: PathId, actor: Actor, session: Session
) -> Empty:
    """Take addresses of this domain again."""
    await email_domain_blocks.unblock(session, actor, email_domain_block_id)
    return Empty()
