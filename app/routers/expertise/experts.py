"""Finding those who know about something."""

from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import Field

from app import access, responses
from app.dependencies import Engine, Reads, Rendering, Settings, Viewer
from app.domain.expertise import experts, facets, weights
from app.domain.expertise import known_for as domain
from app.entities.expertise.experts import Expert, KnownFor
from app.entities.expertise.facets import ExpertFacets
from app.parameters import Flag, OffsetPage, OwnParameters, Parameters, PathId, Text
from app.rendering import experts as rendering
from app.route import HardopRoute
from app.routers.expertise.searches import Typed

router = APIRouter(route_class=HardopRoute, prefix="/api/hardop/v1", tags=["expertise"])

Chosen = Annotated[Text, Field(max_length=255)]


class FacetParameters(OwnParameters):
    """What to find the people for, and which of them."""

    q: Typed = Field(
        description="Words, as you would say them: `nitrate sensors`, `who knows kafka`. Mistakes "
        "in them are forgiven, beyond the tenth they are ignored."
    )
    unit: Chosen | None = Field(None, description="Only who works in this unit.")
    location: Chosen | None = Field(None, description="Only who works at this place.")
    language: Chosen | None = Field(
        None, description="Only who has evidence in this language: `nl`, `en`."
    )
    topic: Chosen | None = Field(None, description="Only who has evidence with this hashtag.")
    following: Flag = Field(False, description="Only accounts you follow.")

    def ask(self, *, limit: int, offset: int = 0) -> experts.Ask:
        """What the domain is asked; an empty filter chooses everybody."""
        return experts.Ask(
            self.q,
            unit=self.unit or None,
            location=self.location or None,
            language=self.language or None,
            topic=self.topic or None,
            following=self.following,
            limit=limit,
            offset=offset,
        )


class ExpertParameters(FacetParameters, OffsetPage, default=10, maximum=40):
    """The same, and how many."""


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
    what they read. `unit`, `location`, `language`, `topic` and `following` choose among those who
    are found, and change nobody's score or place.
    """
    answer = await experts.experts(
        reads,
        engine,
        viewer,
        params.ask(limit=params.limit, offset=params.offset),
    )
    return responses.json_list(await rendering.experts(reads, renderer, answer))


@router.get("/experts/facets")
@access.user("read:search", rate="search")
async def get_expert_facets(
    params: Parameters[FacetParameters], viewer: Viewer, reads: Reads, engine: Engine
) -> ExpertFacets:
    """How many of those who would be found work where, with evidence in which language and on what.

    Counted are the best thousand. Take a `value` as the filter of that name to see who they are.
    """
    found = await facets.facets(reads, engine, viewer, params.ask(limit=facets.MAX_PEOPLE))
    return ExpertFacets.from_counts(found)


@router.get("/accounts/{account_id}/expertise", response_model=list[KnownFor])
@access.user("read:search", rate="search")
async def get_known_for(
    account_id: PathId, viewer: Viewer, reads: Reads, renderer: Rendering, settings: Settings
) -> Response:
    """The topics somebody is known for, up to twenty, best known first, and why.

    Topics are hashtags: of what they said in public, on their profile, or for which colleagues
    endorse them. 404 if they do not want to be found by what they know.
    """
    known = await domain.known_for(reads, weights.chosen(settings), viewer, account_id)
    return responses.json_list(await rendering.known_for(reads, renderer, known))


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
    answer = await experts.expert(reads, engine, viewer, account_id, topic)
    (expert,) = await rendering.experts(reads, renderer, answer)
    return responses.json_object(expert)
