"""Saying what a colleague knows about, and deciding about what was said of oneself."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field

from app import access, responses
from app.database import SessionReader
from app.dependencies import CurrentAccount, Reads, Rendering, Session, Viewer
from app.domain.accounts import accounts
from app.domain.expertise import topic_endorsements
from app.domain.expertise.topic_endorsements import Praise
from app.entities.base import Empty
from app.entities.expertise.topic_endorsements import TopicEndorsement
from app.models.expertise.topic_endorsements import EndorsementState
from app.parameters import Id, OwnParameters, Page, Parameters, PathId, Text
from app.rendering.statuses import Renderer
from app.rendering.topic_endorsements import topic_endorsements as rendering
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, prefix="/api/hardop/v1", tags=["expertise"])


class TopicEndorsementParameters(OwnParameters):
    """What you say of whom."""

    account_id: Id = Field(description="Whom you endorse: not yourself, and no bot.")
    topic: Annotated[Text, Field(max_length=255)] = Field(
        description="What they know about: a hashtag, or a few words that become one."
    )
    statement: Text = Field(description="What you saw them do; 20 to 500 characters.")
    status_id: Id | None = Field(
        None, description="A public status that shows it, not one of yours. It makes it count more."
    )


class TopicEndorsementPage(OwnParameters, Page):
    """Which part of the list; its cursors are ids of endorsements."""


@router.post("/endorsements", response_model=TopicEndorsement, responses={404: {}})
@access.user("write:accounts", rate="follow", idempotent=True)
async def endorse_topic(
    params: Parameters[TopicEndorsementParameters],
    caller: CurrentAccount,
    session: Session,
    renderer: Rendering,
) -> Response:
    """Say that a colleague knows about a topic. For the same topic again, it replaces the first.

    It lapses after 24 months. The colleague may hide or decline it. Of somebody whose manager you
    are, it is shown and counts for nothing.
    """
    target = await accounts.get(session, params.account_id)
    endorsement_id = await topic_endorsements.endorse(
        session, caller, target, Praise(params.topic, params.statement, params.status_id)
    )
    return await _one(session, renderer, caller.id, endorsement_id)


@router.get("/endorsements/given", response_model=list[TopicEndorsement])
@access.user("read:accounts")
async def get_endorsements_given(
    params: Parameters[TopicEndorsementPage],
    viewer: Viewer,
    reads: Reads,
    renderer: Rendering,
    request: Request,
) -> Response:
    """What you said of others, the latest first, also what lapsed."""
    rows = await topic_endorsements.given(reads, viewer, params)
    return responses.page(request, rows, await rendering(reads, renderer, rows), params.limit)


@router.get("/endorsements/received", response_model=list[TopicEndorsement])
@access.user("read:accounts")
async def get_endorsements_received(
    params: Parameters[TopicEndorsementPage],
    viewer: Viewer,
    reads: Reads,
    renderer: Rendering,
    request: Request,
) -> Response:
    """What others said of you, the latest first, also what lapsed and what you hid or declined."""
    rows = await topic_endorsements.received(reads, viewer, params)
    return responses.page(request, rows, await rendering(reads, renderer, rows), params.limit)


@router.get("/accounts/{account_id}/endorsements", response_model=list[TopicEndorsement])
@access.user("read:accounts")
async def get_account_topic_endorsements(
    account_id: PathId,
    params: Parameters[TopicEndorsementPage],
    viewer: Viewer,
    reads: Reads,
    renderer: Rendering,
    request: Request,
) -> Response:
    """What others say of somebody, the latest first."""
    rows = await topic_endorsements.of_account(reads, viewer, account_id, params)
    return responses.page(request, rows, await rendering(reads, renderer, rows), params.limit)


@router.get("/endorsements/{endorsement_id}", response_model=TopicEndorsement)
@access.user("read:accounts")
async def get_endorsement(
    endorsement_id: PathId, viewer: Viewer, reads: Reads, renderer: Rendering
) -> Response:
    """One endorsement."""
    row = await topic_endorsements.require(reads, viewer, endorsement_id)
    (body,) = await rendering(reads, renderer, [row])
    return responses.json_object(body)


@router.delete("/endorsements/{endorsement_id}")
@access.user("write:accounts")
async def withdraw_endorsement(
    endorsement_id: PathId, caller: CurrentAccount, session: Session
) -> Empty:
    """Take back what you said of somebody."""
    await topic_endorsements.withdraw(session, caller, endorsement_id)
    return Empty()


@router.post("/endorsements/{endorsement_id}/decline", response_model=TopicEndorsement)
@access.user("write:accounts")
async def decline_endorsement(
    endorsement_id: PathId, caller: CurrentAccount, session: Session, renderer: Rendering
) -> Response:
    """Do not accept what somebody said of you. They see that; nobody else sees it at all."""
    await topic_endorsements.decide(session, caller, endorsement_id, EndorsementState.DECLINED)
    return await _one(session, renderer, caller.id, endorsement_id)


@router.post("/endorsements/{endorsement_id}/hide", response_model=TopicEndorsement)
@access.user("write:accounts")
async def hide_endorsement(
    endorsement_id: PathId, caller: CurrentAccount, session: Session, renderer: Rendering
) -> Response:
    """Keep what somebody said of you to yourself. They are not told; it counts no longer."""
    await topic_endorsements.decide(session, caller, endorsement_id, EndorsementState.HIDDEN)
    return await _one(session, renderer, caller.id, endorsement_id)


@router.post("/endorsements/{endorsement_id}/show", response_model=TopicEndorsement)
@access.user("write:accounts")
async def show_endorsement(
    endorsement_id: PathId, caller: CurrentAccount, session: Session, renderer: Rendering
) -> Response:
    """Show what you had hidden or declined; it counts again."""
    await topic_endorsements.decide(session, caller, endorsement_id, EndorsementState.SHOWN)
    return await _one(session, renderer, caller.id, endorsement_id)


async def _one(session: Session, renderer: Renderer, viewer: int, endorsement_id: int) -> Response:
    reader = SessionReader(session)
    row = await topic_endorsements.require(reader, viewer, endorsement_id)
    (body,) = await rendering(reader, renderer, [row])
    return responses.json_object(body)
