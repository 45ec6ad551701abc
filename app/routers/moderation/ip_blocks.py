"""Networks from which less can be done, or nothing, for administrators."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field
from pydantic_core import to_json

from app import access, responses, services
from app.database import SessionReader
from app.dependencies import Actor, Reads, Session, Viewer
from app.domain.moderation import ip_blocks
from app.domain.moderation.ip_blocks import Wish
from app.entities.base import Empty
from app.entities.moderation.ip_blocks import IpBlock
from app.models.identity.users import Role
from app.models.moderation.ip_blocks import Severity
from app.network_access import address_of
from app.parameters import Page, ParameterModel, Parameters, PathId, Text
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, prefix="/api/v1/admin/ip_blocks", tags=["moderation"])

Words = Annotated[Text, Field(max_length=5000)]
Seconds = Annotated[int, Field(ge=1, le=10**10)]


class IpBlocksPage(Page, default=100, maximum=200):
    """Which part of the list."""


class IpBlockChanges(ParameterModel):
    """What to change; what is left out stays as it is."""

    ip: Words | None = Field(None, description="An address or a network, `203.0.113.0/24`.")
    severity: Severity | None = Field(None, description="What becomes of who comes from there.")
    comment: Words | None = Field(None, description="Why; for administrators only.")
    expires_in: Seconds | None = Field(
        None, description="Seconds until it ends; null or empty: it does not."
    )

    def wish(self) -> Wish:
        """The same for the domain."""
        return Wish(
            ip=self.ip,
            severity=self.severity,
            comment=self.comment,
            ends="expires_in" in self.model_fields_set,
            expires_in_seconds=self.expires_in,
        )


class IpBlockParameters(IpBlockChanges):
    """What to block."""

    ip: Words = Field(description="An address or a network, `203.0.113.0/24`.")
    severity: Severity = Field(description="What becomes of who comes from there.")


@router.get("", response_model=list[IpBlock])
@access.user("admin:read:ip_blocks", role=Role.ADMIN)
async def get_ip_blocks(
    params: Parameters[IpBlocksPage], viewer: Viewer, reads: Reads, request: Request
) -> Response:
    """All blocked networks, the latest first."""
    rows = await ip_blocks.page(reads, viewer, params)
    bodies = [to_json(IpBlock.from_row(row)) for row in rows]
    return responses.accounts_page(request, rows, bodies, params)


@router.get("/{ip_block_id}")
@access.user("admin:read:ip_blocks", role=Role.ADMIN)
async def get_ip_block(ip_block_id: PathId, reads: Reads) -> IpBlock:
    """One blocked network."""
    return IpBlock.from_row(await ip_blocks.get(reads, ip_block_id))


@router.post("")
@access.user("admin:write:ip_blocks", role=Role.ADMIN, idempotent=True)
async def create_ip_block(
    params: Parameters[IpBlockParameters], actor: Actor, session: Session, request: Request
) -> IpBlock:
    """Let those who come from a network sign up only with approval, not at all, or do nothing.

    Which network somebody comes from is looked at and not kept. `no_access` is in force everywhere
    within ten seconds; it is refused for the network you are in.
    """
    own = address_of(request)
    block_id = await ip_blocks.block(session, actor, params.wish(), own_address=own)
    return await _shown(session, request, block_id)


@router.put("/{ip_block_id}")
@access.user("admin:write:ip_blocks", role=Role.ADMIN)
async def update_ip_block(
    ip_block_id: PathId,
    params: Parameters[IpBlockChanges],
    actor: Actor,
    session: Session,
    request: Request,
) -> IpBlock:
    """Let a block be otherwise."""
    own = address_of(request)
    await ip_blocks.change(session, actor, ip_block_id, params.wish(), own_address=own)
    return await _shown(session, request, ip_block_id)


@router.delete("/{ip_block_id}")
@access.user("admin:write:ip_blocks", role=Role.ADMIN)
async def delete_ip_block(
    ip_block_id: PathId, actor: Actor, session: Session, request: Request
) -> Empty:
    """Block the network no longer."""
    await ip_blocks.unblock(session, actor, ip_block_id)
    services.of(request).networks.forget()
    return Empty()


async def _shown(session: Session, request: Request, block_id: int) -> IpBlock:
    services.of(request).networks.forget()
    return IpBlock.from_row(await ip_blocks.get(SessionReader(session), block_id))
