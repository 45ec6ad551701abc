"""Addresses nobody signs up with, for administrators."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field
from pydantic_core import to_json

from app import access, responses
from app.database import SessionReader
from app.dependencies import Actor, Reads, Session, Viewer
from app.domain.moderation import canonical_email_blocks
from app.entities.base import Empty
from app.entities.moderation.canonical_email_blocks import CanonicalEmailBlock
from app.models.identity.users import Role
from app.parameters import Page, ParameterModel, Parameters, PathId, Text
from app.route import HardopRoute

router = APIRouter(
    route_class=HardopRoute, prefix="/api/v1/admin/canonical_email_blocks", tags=["moderation"]
)

Email = Annotated[Text, Field(max_length=500)]


class CanonicalEmailBlocksPage(Page, default=100, maximum=200):
    """Which part of the list."""


class EmailParameters(ParameterModel):
    """Which address."""

    email: Email = Field(description="An e-mail address.")


class CanonicalEmailBlockParameters(ParameterModel):
    """Which address: itself, or its hash."""

    email: Email = Field("", description="An e-mail address; only a hash of it is kept.")
    canonical_email_hash: Email = Field("", description="SHA-256, as the entity describes it.")


@router.get("", response_model=list[CanonicalEmailBlock])
@access.user("admin:read:canonical_email_blocks", role=Role.ADMIN)
async def get_canonical_email_blocks(
    params: Parameters[CanonicalEmailBlocksPage], viewer: Viewer, reads: Reads, request: Request
) -> Response:
    """All blocked addresses, the latest first."""
    rows = await canonical_email_blocks.page(reads, viewer, params)
    bodies = [to_json(CanonicalEmailBlock.from_row(row)) for row in rows]
    return responses.accounts_page(request, rows, bodies, params)


@router.get("/{canonical_email_block_id}")
@access.user("admin:read:canonical_email_blocks", role=Role.ADMIN)
async def get_canonical_email_block(
    canonical_email_block_id: PathId, reads: Reads
) -> CanonicalEmailBlock:
    """One blocked address."""
    return CanonicalEmailBlock.from_row(
        await canonical_email_blocks.get(reads, canonical_email_block_id)
    )


@router.post("/test")
@access.user("admin:read:canonical_email_blocks", role=Role.ADMIN)
async def test_canonical_email_block(
    params: Parameters[EmailParameters], reads: Reads
) -> list[CanonicalEmailBlock]:
    """The block under which an address falls, if there is one."""
    rows = await canonical_email_blocks.matching(reads, params.email)
    return [CanonicalEmailBlock.from_row(row) for row in rows]


@router.post("")
@access.user("admin:write:canonical_email_blocks", role=Role.ADMIN, idempotent=True)
async def create_canonical_email_block(
    params: Parameters[CanonicalEmailBlockParameters], actor: Actor, session: Session
) -> CanonicalEmailBlock:
    """Let nobody sign up with this address, however it is written."""
    hashed = params.canonical_email_hash or (
        params.email and canonical_email_blocks.canonical_hash(params.email)
    )
    block_id = await canonical_email_blocks.block(session, actor, hashed)
    reader = SessionReader(session)
    return CanonicalEmailBlock.from_row(await canonical_email_blocks.get(reader, block_id))


@router.delete("/{canonical_email_block_id}")
@access.user("admin:write:canonical_email_blocks", role=Role.ADMIN)
async def delete_canonical_email_block(
    canonical_email_block_id: PathId, actor: Actor, session: Session
) -> Empty:
    """Take the address again."""
    await canonical_email_blocks.unblock(session, actor, canonical_email_block_id)
    return Empty()
