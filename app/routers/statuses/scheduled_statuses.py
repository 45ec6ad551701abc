"""Scheduled statuses: what you will say."""

from fastapi import APIRouter, Request, Response
from pydantic import Field

from app import access, responses
from app.database import SessionReader
from app.dependencies import CurrentAccount, Reads, Session, Settings, Viewer
from app.domain.statuses import scheduled_statuses
from app.entities.base import Empty
from app.entities.statuses.scheduled_statuses import ScheduledStatus
from app.parameters import Page, ParameterModel, Parameters, PathId
from app.route import HardopRoute
from app.routers.statuses import shown

router = APIRouter(route_class=HardopRoute, prefix="/api/v1/scheduled_statuses", tags=["statuses"])


class RescheduleParameters(ParameterModel):
    """When to post it."""

    scheduled_at: shown.SendAt | None = Field(None, description="At least five minutes ahead.")


@router.get("", response_model=list[ScheduledStatus])
@access.user("read:statuses")
async def get_scheduled_statuses(
    params: Parameters[Page],
    viewer: Viewer,
    reads: Reads,
    settings: Settings,
    request: Request,
) -> Response:
    """What you will say, what was scheduled last first."""
    rows = await scheduled_statuses.page(reads, viewer, params)
    found = [ScheduledStatus.from_row(row, settings.origin) for row in rows]
    bodies = [scheduled.model_dump_json().encode() for scheduled in found]
    return responses.page(request, rows, bodies, params.limit)


@router.get("/{scheduled_id}", response_model=ScheduledStatus)
@access.user("read:statuses")
async def get_scheduled_status(
    scheduled_id: PathId, viewer: Viewer, reads: Reads, settings: Settings
) -> Response:
    """One of these."""
    return await shown.scheduled(reads, viewer, scheduled_id, settings.origin)


@router.put("/{scheduled_id}", response_model=ScheduledStatus)
@access.user("write:statuses")
async def reschedule_status(
    scheduled_id: PathId,
    params: Parameters[RescheduleParameters],
    account: CurrentAccount,
    session: Session,
    settings: Settings,
) -> Response:
    """Say it at another moment."""
    at = shown.moment(params.scheduled_at)
    if at is not None:
        await scheduled_statuses.reschedule(session, account, scheduled_id, at)
    return await shown.scheduled(SessionReader(session), account.id, scheduled_id, settings.origin)


@router.delete("/{scheduled_id}")
@access.user("write:statuses")
async def cancel_scheduled_status(
    scheduled_id: PathId, account: CurrentAccount, session: Session
) -> Empty:
    """Not say it after all."""
    await scheduled_statuses.cancel(session, account, scheduled_id)
    return Empty()
