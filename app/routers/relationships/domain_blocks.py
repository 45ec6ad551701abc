"""Blocked domains: a list that clients keep. Nothing of other servers comes here anyway."""

from fastapi import APIRouter, Request, Response
from pydantic import Field
from pydantic_core import to_json

from app import access, responses
from app.dependencies import Reads, Session, Viewer
from app.domain.relationships import domain_blocks
from app.entities.base import Empty
from app.parameters import Page, ParameterModel, Parameters, Text
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, prefix="/api/v1/domain_blocks", tags=["relationships"])


class DomainParameters(ParameterModel):
    """Which domain."""

    domain: Text = Field(max_length=500, description="Its name, such as `example.org`.")


class DomainPage(Page, default=100, maximum=200):
    """Which part of the list; its cursors are ids of blocks: use the `Link` header."""


@router.get("", response_model=list[str])
@access.user("read:blocks")
async def get_blocked_domains(
    params: Parameters[DomainPage], viewer: Viewer, reads: Reads, request: Request
) -> Response:
    """The domains you block, the latest first."""
    rows = await domain_blocks.blocked(reads, viewer, params)
    bodies = [to_json(row["domain"]) for row in rows]
    return responses.accounts_page(request, rows, bodies, params)


@router.post("")
@access.user("write:blocks")
async def block_domain(
    params: Parameters[DomainParameters], viewer: Viewer, session: Session
) -> Empty:
    """Block a domain. Twice is once."""
    await domain_blocks.block(session, viewer, params.domain)
    return Empty()


@router.delete("")
@access.user("write:blocks")
async def unblock_domain(
    params: Parameters[DomainParameters], viewer: Viewer, session: Session
) -> Empty:
    """Block a domain no longer. Twice is once."""
    await domain_blocks.unblock(session, viewer, params.domain)
    return Empty()
