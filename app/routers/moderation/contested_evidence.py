"""Evidence that people contest, for moderators."""

from fastapi import APIRouter, Request, Response
from pydantic import Field

from app import access, responses
from app.database import SessionReader
from app.dependencies import Moderator, Reads, Rendering, Session, Viewer
from app.domain.expertise import contested_evidence
from app.entities.expertise.contested_evidence import ContestedEvidence
from app.models.expertise.contested_evidence import ContestState
from app.models.identity.users import Role
from app.parameters import OwnParameters, Page, Parameters, PathId
from app.rendering.contested_evidence import contested_evidence as rendering
from app.rendering.statuses import Renderer
from app.route import HardopRoute

router = APIRouter(
    route_class=HardopRoute,
    prefix="/api/hardop/v1/admin/contested_evidence",
    tags=["moderation"],
)


class AdminContestedPage(OwnParameters, Page):
    """Which part of the list."""

    state: ContestState | None = Field(None, description="`open`, `upheld` or `rejected`.")


@router.get("", response_model=list[ContestedEvidence])
@access.user("admin:read", role=Role.MODERATOR)
async def get_admin_contested_evidence(
    params: Parameters[AdminContestedPage],
    viewer: Viewer,
    reads: Reads,
    renderer: Rendering,
    request: Request,
) -> Response:
    """What people say should not speak for them, the latest first."""
    rows = await contested_evidence.contested(reads, viewer, params.state, params)
    return responses.page(request, rows, await rendering(reads, renderer, rows), params.limit)


@router.post("/{contested_id}/uphold", response_model=ContestedEvidence)
@access.user("admin:write", role=Role.MODERATOR)
async def uphold_contest(
    contested_id: PathId, moderator: Moderator, session: Session, renderer: Rendering
) -> Response:
    """Agree: it never counts."""
    await contested_evidence.decide(session, moderator, contested_id, ContestState.UPHELD)
    return await _one(session, renderer, contested_id)


@router.post("/{contested_id}/reject", response_model=ContestedEvidence)
@access.user("admin:write", role=Role.MODERATOR)
async def reject_contest(
    contested_id: PathId, moderator: Moderator, session: Session, renderer: Rendering
) -> Response:
    """Disagree: it counts again."""
    await contested_evidence.decide(session, moderator, contested_id, ContestState.REJECTED)
    return await _one(session, renderer, contested_id)


@router.post("/{contested_id}/reopen", response_model=ContestedEvidence)
@access.user("admin:write", role=Role.MODERATOR)
async def reopen_contest(
    contested_id: PathId, moderator: Moderator, session: Session, renderer: Rendering
) -> Response:
    """Look at it again: until then it does not count."""
    await contested_evidence.decide(session, moderator, contested_id, ContestState.OPEN)
    return await _one(session, renderer, contested_id)


async def _one(session: Session, renderer: Renderer, contested_id: int) -> Response:
    reader = SessionReader(session)
    row = await contested_evidence.one(reader, contested_id)
    (body,) = await rendering(reader, renderer, [row])
    return responses.json_object(body)
