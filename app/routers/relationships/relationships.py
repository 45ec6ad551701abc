"""How the caller stands to other accounts."""

from fastapi import APIRouter, Response
from pydantic import Field

from app import access, responses
from app.dependencies import Reads, Rendering, Viewer
from app.domain.relationships import familiar_followers, relationships
from app.entities.relationships.relationships import FamiliarFollowers, Relationship
from app.parameters import Flag, Id, ParameterModel, Parameters
from app.rendering import relationships as rendering
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, prefix="/api/v1/accounts", tags=["relationships"])


class RelationshipsParameters(ParameterModel):
    """Which accounts."""

    id: list[Id] = Field(
        [], max_length=100, description="Ids of accounts; unknown ones are left out."
    )
    with_suspended: Flag = Field(False, description="Suspended accounts too.")


class FamiliarParameters(ParameterModel):
    """Which accounts."""

    id: list[Id] = Field(
        [], max_length=40, description="Ids of accounts; unknown ones are left out."
    )


@router.get("/familiar_followers", response_model=list[FamiliarFollowers])
@access.user("read:follows")
async def get_familiar_followers(
    params: Parameters[FamiliarParameters], viewer: Viewer, reads: Reads, renderer: Rendering
) -> Response:
    """Who of those you follow follows these accounts, too; of each the latest 80."""
    found = await familiar_followers.familiar_followers(reads, viewer, params.id)
    return responses.json_list(await rendering.familiar_followers(renderer, reads, found))


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
