"""How the caller stands to other accounts."""

from fastapi import APIRouter
from pydantic import Field

from app import access
from app.dependencies import Reads, Viewer
from app.domain.relationships import relationships
from app.entities.relationships.relationships import Relationship
from app.parameters import Flag, Id, ParameterModel, Parameters
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, prefix="/api/v1/accounts", tags=["relationships"])


class RelationshipsParameters(ParameterModel):
    """Which accounts."""

    id: list[Id] = Field(
        [], max_length=100, description="Ids of accounts; unknown ones are left out."
    )
    with_suspended: Flag = Field(False, description="Suspended accounts too.")


@router.get("/relationships")
@access.user("read:follows")
async def get_relationships(
    params: Parameters[RelationshipsParameters], viewer: Viewer, reads: Reads
) -> list[Relationship]:
    """How you stand to each of these accounts, one answer per existing id."""
    rows = await relationships.between(
        reads, viewer, params.id, with_suspended=params.with_suspended
    )
    return [Relationship.from_row(row) for row in rows]
