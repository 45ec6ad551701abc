"""How far you have read."""

from fastapi import APIRouter
from pydantic import Field

from app import access
from app.dependencies import Reads, Session, Viewer
from app.domain.timelines import markers
from app.entities.timelines.markers import Marker
from app.parameters import Id, ParameterModel, Parameters, Text
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, prefix="/api/v1/markers", tags=["timelines"])


class MarkersParameters(ParameterModel):
    """Which markers."""

    timeline: list[Text] = Field([], description="`home`, `notifications` or both.")


class Position(ParameterModel):
    """How far."""

    last_read_id: Id | None = Field(None, description="The last thing you read.")


class MarkPositionsParameters(ParameterModel):
    """What to set; a timeline that is left out stays as it is."""

    home: Position | None = Field(None, description="In the home timeline.")
    notifications: Position | None = Field(None, description="In the notifications.")


@router.get("")
@access.user("read:statuses")
async def get_markers(
    params: Parameters[MarkersParameters], viewer: Viewer, reads: Reads
) -> dict[str, Marker]:
    """How far you have read, by timeline; only those that were ever set."""
    rows = await markers.read(reads, viewer, params.timeline)
    return {row["timeline"]: Marker.from_row(row) for row in rows}


@router.post("", responses={409: {}})
@access.user("write:statuses")
async def set_markers(
    params: Parameters[MarkPositionsParameters], viewer: Viewer, session: Session
) -> dict[str, Marker]:
    """Remember how far you have read, for all your devices."""
    given = {"home": params.home, "notifications": params.notifications}
    positions = {
        timeline: position.last_read_id
        for timeline, position in given.items()
        if position is not None and position.last_read_id is not None
    }
    rows = await markers.write(session, viewer, positions)
    return {row["timeline"]: Marker.from_row(row) for row in rows}
