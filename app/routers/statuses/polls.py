"""Polls: reading and answering what a status asks."""

from fastapi import APIRouter, Response
from pydantic import Field

from app import access, responses
from app.database import Reader, SessionReader
from app.dependencies import CurrentAccount, Reads, Rendering, Session, Viewer
from app.domain.statuses import polls, rows
from app.entities.statuses.polls import Poll
from app.errors import NotFound
from app.parameters import ParameterModel, Parameters, PathId, Text
from app.rendering.statuses import Renderer
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, prefix="/api/v1/polls/{poll_id}", tags=["statuses"])


class VotesParameters(ParameterModel):
    """What to choose."""

    choices: list[Text] = Field([], description="Positions of answers, counted from 0.")

    @property
    def positions(self) -> list[int | None]:
        """The answers; None for what cannot be one."""
        return [
            int(choice) if choice.isascii() and choice.isdigit() and len(choice) < 10 else None
            for choice in self.choices
        ]


@router.get("", response_model=Poll)
@access.optional("read:statuses")
async def get_poll(poll_id: PathId, viewer: Viewer, reads: Reads, renderer: Rendering) -> Response:
    """What a status asks, and what was answered so far."""
    status_id = await polls.require_visible(reads, viewer, poll_id)
    return await _poll(reads, renderer, viewer, status_id)


@router.post("/votes", response_model=Poll)
@access.user("write:statuses", idempotent=True)
async def vote_in_poll(
    poll_id: PathId,
    params: Parameters[VotesParameters],
    account: CurrentAccount,
    session: Session,
    renderer: Rendering,
) -> Response:
    """Choose an answer, or several where that is possible. What was chosen stays chosen."""
    reader = SessionReader(session)
    status_id = await polls.require_visible(reader, account.id, poll_id)
    await polls.vote(session, account, poll_id, params.positions)
    return await _poll(reader, renderer, account.id, status_id)


async def _poll(reader: Reader, renderer: Renderer, viewer: int, status_id: int) -> Response:
    for row in await rows.by_ids(reader, viewer, [status_id]):
        if poll := await renderer.poll(reader, row, viewer):
            return responses.json_object(poll)
    raise NotFound
