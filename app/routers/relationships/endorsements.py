"""Endorsements: featuring people on your profile."""

from datetime import date

from fastapi import APIRouter, Request, Response

from app import access, responses
from app.database import SessionReader
from app.dependencies import Reads, Rendering, Session, Viewer
from app.deprecations import deprecated
from app.domain.accounts import accounts
from app.domain.relationships import endorsements
from app.entities.accounts.accounts import Account
from app.entities.relationships.relationships import Relationship
from app.parameters import Page, Parameters, PathId
from app.route import HardopRoute
from app.routers.relationships import shown

router = APIRouter(route_class=HardopRoute, prefix="/api/v1", tags=["relationships"])


class EndorsementPage(Page, default=40, maximum=80, zero_is_all=True):
    """Which part of a list; its cursors are ids of endorsements: use the `Link` header."""


@router.post("/accounts/{account_id}/endorse")
@access.user("write:accounts")
async def endorse_account(account_id: PathId, viewer: Viewer, session: Session) -> Relationship:
    """Feature an account on your profile, for as long as you follow it."""
    await accounts.get(session, account_id)
    await endorsements.endorse(session, viewer, account_id)
    return await shown.relationship(session, viewer, account_id)


@router.post("/accounts/{account_id}/unendorse")
@access.user("write:accounts")
async def unendorse_account(account_id: PathId, viewer: Viewer, session: Session) -> Relationship:
    """Feature an account no longer."""
    await accounts.require(SessionReader(session), account_id)
    await endorsements.unendorse(session, viewer, account_id)
    return await shown.relationship(session, viewer, account_id)


@router.post("/accounts/{account_id}/pin")
@deprecated(since=date(2025, 7, 8), instead="endorse_account")
@access.user("write:accounts")
async def pin_account(account_id: PathId, viewer: Viewer, session: Session) -> Relationship:
    """As `endorse`, by its old name."""
    return await endorse_account(account_id, viewer, session)


@router.post("/accounts/{account_id}/unpin")
@deprecated(since=date(2025, 7, 8), instead="unendorse_account")
@access.user("write:accounts")
async def unpin_account(account_id: PathId, viewer: Viewer, session: Session) -> Relationship:
    """As `unendorse`, by its old name."""
    return await unendorse_account(account_id, viewer, session)


@router.get("/accounts/{account_id}/endorsements", response_model=list[Account])
@access.optional("read:accounts")
async def get_account_endorsements(
    account_id: PathId,
    params: Parameters[EndorsementPage],
    viewer: Viewer,
    reads: Reads,
    renderer: Rendering,
    request: Request,
) -> Response:
    """Whom an account features, the latest first; nobody if it blocks you."""
    rows = await endorsements.endorsed(reads, viewer, account_id, params)
    return responses.accounts_page(request, rows, await renderer.accounts(reads, rows), params)


@router.get("/endorsements", response_model=list[Account])
@access.user("read:accounts")
async def get_endorsements(
    params: Parameters[EndorsementPage],
    viewer: Viewer,
    reads: Reads,
    renderer: Rendering,
    request: Request,
) -> Response:
    """Whom you feature, the latest first."""
    return await get_account_endorsements(viewer, params, viewer, reads, renderer, request)
