"""Single statuses in filters."""

from fastapi import APIRouter
from pydantic import Field

from app import access
from app.database import SessionReader
from app.dependencies import Reads, Session, Viewer
from app.domain.statuses import filter_statuses, filters, visibility
from app.entities.base import Empty
from app.entities.statuses.filters import FilterStatus, statuses
from app.parameters import Id, ParameterModel, Parameters, PathId
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, prefix="/api/v2/filters", tags=["filters"])


class FilterStatusParameters(ParameterModel):
    """Which status."""

    status_id: Id = Field(description="A status you may read.")


@router.get("/{filter_id}/statuses")
@access.user("read:filters")
async def get_filter_statuses(
    filter_id: PathId, viewer: Viewer, reads: Reads
) -> list[FilterStatus]:
    """The single statuses a filter of yours applies to."""
    return statuses(await filters.one(reads, viewer, filter_id))


@router.post("/{filter_id}/statuses")
@access.user("write:filters", idempotent=True)
async def add_filter_status(
    filter_id: PathId,
    params: Parameters[FilterStatusParameters],
    viewer: Viewer,
    session: Session,
) -> FilterStatus:
    """Apply a filter to a status, whatever is in it."""
    original = await visibility.require_visible(SessionReader(session), viewer, params.status_id)
    added = await filter_statuses.add(session, viewer, filter_id, original)
    return FilterStatus.from_status(added)


@router.get("/statuses/{filter_status_id}")
@access.user("read:filters")
async def get_filter_status(
    filter_status_id: PathId, viewer: Viewer, session: Session
) -> FilterStatus:
    """One of these."""
    return FilterStatus.from_status(await filter_statuses.get(session, viewer, filter_status_id))


@router.delete("/statuses/{filter_status_id}")
@access.user("write:filters")
async def delete_filter_status(filter_status_id: PathId, viewer: Viewer, session: Session) -> Empty:
    """Apply a filter to a status no longer."""
    await filter_statuses.remove(session, viewer, filter_status_id)
    return Empty()
