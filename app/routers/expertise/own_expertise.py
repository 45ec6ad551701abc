"""What others see of what you know, and what you decide about it."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import Field

from app import access, responses
from app.database import SessionReader
from app.dependencies import CurrentAccount, Reads, Rendering, Session, Settings, Viewer
from app.domain.expertise import contested_evidence, hidden_topics, own_expertise, skills, weights
from app.entities.base import Empty
from app.entities.expertise.contested_evidence import ContestedEvidence
from app.entities.expertise.own_expertise import OwnExpertise
from app.parameters import Id, OwnParameters, Page, Parameters, PathId, Text
from app.rendering.contested_evidence import contested_evidence as render_contested
from app.rendering.own_expertise import own_expertise as rendering
from app.rendering.statuses import Renderer
from app.route import HardopRoute
from app.settings import Settings as SettingsModel

router = APIRouter(
    route_class=HardopRoute, prefix="/api/hardop/v1/me/expertise", tags=["expertise"]
)

Topic = Annotated[str, Path(description="A hashtag, or a few words that are one.", max_length=255)]


class ContestParameters(OwnParameters):
    """What should not speak for you: one of the two."""

    status_id: Id | None = Field(None, description="A public status of yours.")
    endorsement_id: Id | None = Field(None, description="What somebody said of you.")
    comment: Text = Field("", description="Why, for the moderators; 1000 characters.")


class ContestedPage(OwnParameters, Page):
    """Which part of the list."""


@router.get("", response_model=OwnExpertise)
@access.user("read:accounts")
async def get_own_expertise(
    viewer: Viewer, reads: Reads, renderer: Rendering, settings: Settings
) -> Response:
    """Exactly what others see of what you know; your skills, and when they are forgotten."""
    own = await own_expertise.own(reads, weights.chosen(settings), viewer)
    return responses.json_object(await rendering(reads, renderer, own))


@router.post("/pause", response_model=OwnExpertise)
@access.user("write:accounts")
async def pause_expertise(
    caller: CurrentAccount, session: Session, renderer: Rendering, settings: Settings
) -> Response:
    """Be found by what you know no longer, until you resume. Nothing is lost."""
    await own_expertise.pause(session, caller)
    return await _own(session, renderer, settings, caller.id)


@router.post("/resume", response_model=OwnExpertise)
@access.user("write:accounts")
async def resume_expertise(
    caller: CurrentAccount, session: Session, renderer: Rendering, settings: Settings
) -> Response:
    """Be found by what you know again."""
    await own_expertise.resume(session, caller)
    return await _own(session, renderer, settings, caller.id)


@router.post("/skills/{featured_tag_id}/confirm", response_model=OwnExpertise)
@access.user("write:accounts")
async def confirm_skill(
    featured_tag_id: PathId,
    caller: CurrentAccount,
    session: Session,
    renderer: Rendering,
    settings: Settings,
) -> Response:
    """Say that you still want to be asked about a hashtag on your profile, for 180 days more."""
    await skills.confirm(session, caller, featured_tag_id)
    return await _own(session, renderer, settings, caller.id)


@router.post("/topics/{topic}/hide", response_model=OwnExpertise)
@access.user("write:accounts")
async def hide_topic(
    topic: Topic, caller: CurrentAccount, session: Session, renderer: Rendering, settings: Settings
) -> Response:
    """Be known for a topic no longer, whatever speaks for you, from the next search on."""
    await hidden_topics.hide(session, caller, topic)
    return await _own(session, renderer, settings, caller.id)


@router.post("/topics/{topic}/unhide", response_model=OwnExpertise)
@access.user("write:accounts")
async def unhide_topic(
    topic: Topic, caller: CurrentAccount, session: Session, renderer: Rendering, settings: Settings
) -> Response:
    """Be known for a topic again."""
    await hidden_topics.unhide(session, caller, topic)
    return await _own(session, renderer, settings, caller.id)


@router.get("/contested", response_model=list[ContestedEvidence])
@access.user("read:accounts")
async def get_contested_evidence(
    params: Parameters[ContestedPage],
    viewer: Viewer,
    reads: Reads,
    renderer: Rendering,
    request: Request,
) -> Response:
    """What you contest, the latest first, and what moderators made of it."""
    rows = await contested_evidence.own(reads, viewer, params)
    bodies = await render_contested(reads, renderer, rows)
    return responses.page(request, rows, bodies, params.limit)


@router.post("/contested", response_model=ContestedEvidence, responses={404: {}})
@access.user("write:accounts", rate="report", idempotent=True)
async def contest_evidence(
    params: Parameters[ContestParameters],
    caller: CurrentAccount,
    session: Session,
    renderer: Rendering,
) -> Response:
    """Say that a status, or an endorsement, should not speak for you.

    It stops counting at once, until a moderator looks. Again changes nothing.
    """
    contested_id = await contested_evidence.contest(
        session,
        caller,
        status_id=params.status_id,
        topic_endorsement_id=params.endorsement_id,
        comment=params.comment,
    )
    reader = SessionReader(session)
    row = await contested_evidence.one(reader, contested_id)
    (body,) = await render_contested(reader, renderer, [row])
    return responses.json_object(body)


@router.delete("/contested/{contested_id}")
@access.user("write:accounts")
async def withdraw_contest(contested_id: PathId, caller: CurrentAccount, session: Session) -> Empty:
    """Contest something no longer: it counts again."""
    await contested_evidence.withdraw(session, caller, contested_id)
    return Empty()


async def _own(
    session: Session, renderer: Renderer, settings: SettingsModel, account_id: int
) -> Response:
    reader = SessionReader(session)
    own = await own_expertise.own(reader, weights.chosen(settings), account_id)
    return responses.json_object(await rendering(reader, renderer, own))
