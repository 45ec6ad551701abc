"""Quotes: who quoted a status, and who may."""

from fastapi import APIRouter, Request, Response
from pydantic import Field

from app import access, responses
from app.dependencies import CurrentAccount, Reads, Rendering, Session, Viewer
from app.domain.statuses import quotes, visibility
from app.entities.statuses.statuses import Status
from app.errors import NotFound
from app.models.statuses.statuses import QuotePolicy
from app.parameters import Page, ParameterModel, Parameters, PathId
from app.route import HardopRoute
from app.routers.statuses import shown

router = APIRouter(
    route_class=HardopRoute, prefix="/api/v1/statuses/{status_id}", tags=["statuses"]
)


class InteractionPolicyParameters(ParameterModel):
    """What others may do with a status."""

    quote_approval_policy: QuotePolicy = Field(description="Who may quote it from now on.")


@router.get("/quotes", response_model=list[Status])
@access.user("read:statuses")
async def get_status_quotes(
    status_id: PathId,
    params: Parameters[Page],
    viewer: Viewer,
    reads: Reads,
    renderer: Rendering,
    request: Request,
) -> Response:
    """The statuses that quote a status, newest first."""
    original = await visibility.require_visible(reads, viewer, status_id)
    rows = await quotes.quotes(reads, viewer, original, params)
    return responses.statuses_page(
        request, rows, await renderer.statuses(reads, rows, viewer), params
    )


@router.post("/quotes/{quoting_id}/revoke", response_model=Status)
@access.user("write:statuses")
async def revoke_status_quote(
    status_id: PathId,
    quoting_id: PathId,
    account: CurrentAccount,
    session: Session,
    renderer: Rendering,
) -> Response:
    """Take a status of yours out of one that quotes it. The answer is the one that quoted it.

    If you may not read that one, the answer is yours.
    """
    await quotes.revoke(session, account, status_id, quoting_id)
    try:
        return await shown.written(session, renderer, account.id, quoting_id)
    except NotFound:
        return await shown.written(session, renderer, account.id, status_id)


@router.put("/interaction_policy", response_model=Status)
@access.user("write:statuses")
async def set_status_interaction_policy(
    status_id: PathId,
    params: Parameters[InteractionPolicyParameters],
    account: CurrentAccount,
    session: Session,
    renderer: Rendering,
) -> Response:
    """Say who may quote a status of yours. Quotes that exist stay."""
    await quotes.choose_policy(session, account, status_id, params.quote_approval_policy)
    return await shown.written(session, renderer, account.id, status_id)
