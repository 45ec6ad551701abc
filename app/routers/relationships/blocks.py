"""Blocking: having nothing to do with somebody."""

from fastapi import APIRouter, Request, Response

from app import access, responses
from app.database import SessionReader
from app.dependencies import Reads, Rendering, Session, Viewer
from app.domain.accounts import accounts
from app.domain.relationships import blocks
from app.entities.accounts.accounts import Account
from app.entities.relationships.relationships import Relationship
from app.parameters import Parameters, PathId
from app.route import HardopRoute
from app.routers.relationships import shown
from app.routers.relationships.follows import FollowPage

router = APIRouter(route_class=HardopRoute, prefix="/api/v1", tags=["relationships"])


@router.post("/accounts/{account_id}/block")
@access.user("write:blocks")
async def block_account(account_id: PathId, viewer: Viewer, session: Session) -> Relationship:
    """See nothing of an account, nor it of you. Neither of you follows the other any more."""
    await accounts.require(SessionReader(session), account_id)
    await blocks.block(session, viewer, account_id)
    return await shown.relationship(session, viewer, account_id)


@router.post("/accounts/{account_id}/unblock")
@access.user("write:blocks")
async def unblock_account(account_id: PathId, viewer: Viewer, session: Session) -> Relationship:
    """End a block. Who followed whom before does not come back."""
    await accounts.require(SessionReader(session), account_id)
    await blocks.unblock(session, viewer, account_id)
    return await shown.relationship(session, viewer, account_id)


@router.get("/blocks", response_model=list[Account])
@access.user("read:blocks")
async def get_blocks(
    params: Parameters[FollowPage],
    viewer: Viewer,
    reads: Reads,
    renderer: Rendering,
    request: Request,
) -> Response:
    """Whom you block, the latest first. Cursors are ids of blocks: use `Link`."""
    rows = await blocks.blocked(reads, viewer, params)
    return responses.accounts_page(request, rows, await renderer.accounts(reads, rows), params)
