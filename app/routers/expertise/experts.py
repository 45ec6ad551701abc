"""Finding those who know about something."""

from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import Field

from app import access, responses
from app.dependencies import Engine, Reads, Rendering, Viewer
from app.domain.expertise import experts
from app.entities.expertise.experts import Expert
from app.parameters import Flag, OffsetPage, OwnParameters, Parameters, PathId
from app.rendering import experts as rendering
from app.route import HardopRoute
from app.routers.expertise.searches import Typed

router = APIRouter(route_class=HardopRoute, prefix="/api/hardop/v1", tags=["expertise"])


class ExpertParameters(OffsetPage, OwnParameters, default=10, maximum=40):
    """What to find the people for."""

    q: Typed = Field(
        description="Words, as you would say them: `nitrate sensors`, `who knows kafka`. Mistakes "
        "in them are forgiven, beyond the tenth they are ignored."
    )
    following: Flag = Field(False, description="Only accounts you follow.")


@router.get("/experts", response_model=list[Expert])
@access.user("read:search", rate="search")
async def find_experts(
    params: Parameters[ExpertParameters],
    viewer: Viewer,
    reads: Reads,
    engine: Engine,
    renderer: Rendering,
) -> Response:
    """Find colleagues by what they know, from what they said in public, with the reasons.

    Best first. Bots, and people who do not want to be found (`discoverable`, `indexable`), are not
    among them. Only what somebody wrote themselves counts, never how much, how popular they are, or
    what they read.
    """
    answer = await experts.experts(
        reads,
        engine,
        viewer,
        experts.Ask(params.q, following=params.following, limit=params.limit, offset=params.offset),
    )
    return responses.json_list(await rendering.experts(reads, renderer, answer))


@router.get("/accounts/{account_id}/expertise/{topic}", response_model=Expert)
@access.user("read:search", rate="search")
async def get_expertise(
    account_id: PathId,
    topic: Annotated[str, Path(description="Words, as in a question.", max_length=2048)],
    viewer: Viewer,
    reads: Reads,
    engine: Engine,
    renderer: Rendering,
) -> Response:
    """What somebody said about a topic, with the points each text earns them when it is asked for.

    404 if there is nothing, or they do not want to be found by what they know.
    """
    answer = await experts.evidence(reads, engine, viewer, account_id, topic)
    (expert,) = await rendering.experts(reads, renderer, answer)
    return responses.json_object(expert)
