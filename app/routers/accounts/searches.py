"""Completing the names of people."""

from fastapi import APIRouter, Response
from pydantic import Field

from app import access, responses
from app.dependencies import Engine, Reads, Rendering, Settings, Viewer
from app.domain.expertise import searches
from app.entities.accounts.accounts import Account
from app.parameters import Flag, OffsetPage, Parameters
from app.route import HardopRoute
from app.routers.expertise.searches import Typed

router = APIRouter(route_class=HardopRoute, prefix="/api/v1/accounts", tags=["accounts"])


class AccountSearchParameters(OffsetPage, default=40, maximum=80):
    """Whom to look for."""

    q: Typed = Field(description="The beginning of a name, `@name`, `@name@domain`, or words.")
    resolve: Flag = Field(False, description="Accepted for compatibility: all are here.")
    following: Flag = Field(False, description="Only accounts you follow.")


@router.get("/search", response_model=list[Account])
@access.user("read:accounts", rate="search")
async def search_accounts(
    params: Parameters[AccountSearchParameters],
    viewer: Viewer,
    reads: Reads,
    engine: Engine,
    renderer: Rendering,
    settings: Settings,
) -> Response:
    """Find people by the beginning of a name, to complete it while it is typed; the exact first.

    Several words may be a question: behind those so named come those who know about it.
    """
    rows = await searches.people(
        reads,
        engine,
        viewer,
        searches.Ask(
            params.q, limit=params.limit, offset=params.offset, following=params.following
        ),
        domain=settings.domain,
        completes=True,
    )
    return responses.json_list(await renderer.accounts(reads, rows))
