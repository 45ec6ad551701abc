"""One search box for people, statuses and hashtags."""

from typing import Annotated, Literal

from fastapi import APIRouter, Response
from pydantic import Field

from app import access, responses
from app.dependencies import Engine, Reads, Rendering, Settings, Viewer
from app.domain.expertise import searches
from app.entities.accounts.accounts import Account
from app.entities.instance.searches import Search
from app.errors import Unauthorized
from app.parameters import Flag, Id, OffsetPage, Parameters, Text
from app.rendering import tags as rendering
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, prefix="/api", tags=["expertise"])

Typed = Annotated[Text, Field(min_length=1, max_length=500)]


class SearchParameters(OffsetPage):
    """What is looked for."""

    q: Typed = Field(description="Words, `@name`, `#tag`, an address, or operators.")
    type: Literal["accounts", "hashtags", "statuses"] | None = Field(
        None, description="Only this kind; needed for `offset`."
    )
    resolve: Flag = Field(False, description="Find what an address of this server stands for.")
    following: Flag = Field(False, description="Only accounts you follow.")
    account_id: Id | None = Field(None, description="Only statuses by this account.")
    exclude_unreviewed: Flag = Field(False, description="Accepted for compatibility.")
    max_id: Id | None = Field(None, description="Only statuses older than this.")
    min_id: Id | None = Field(None, description="Only statuses newer than this.")


class AccountSearchParameters(OffsetPage, default=40, maximum=80):
    """Whom to look for."""

    q: Typed = Field(description="The beginning of a name, or words.")
    resolve: Flag = Field(False, description="Accepted for compatibility.")
    following: Flag = Field(False, description="Only accounts you follow.")


@router.get("/v2/search", response_model=Search)
@access.optional("read:search", rate="search")
async def search(
    params: Parameters[SearchParameters],
    viewer: Viewer,
    reads: Reads,
    engine: Engine,
    renderer: Rendering,
    settings: Settings,
) -> Response:
    """Search people, statuses and hashtags. Without a token there are no statuses."""
    if not viewer and (params.offset or params.resolve):
        raise Unauthorized("Search queries pagination or resolving is not supported without a user")
    ask = searches.Ask(
        typed=params.q.strip(),
        kinds=[params.type] if params.type else searches.KINDS,
        limit=params.limit,
        offset=params.offset if params.type else 0,
        resolve=params.resolve,
        following=params.following and bool(viewer),
        account_id=params.account_id,
        below=params.max_id,
        above=params.min_id,
    )
    found = await searches.search(reads, engine, viewer, ask, domain=settings.domain)
    parts = (
        await renderer.accounts(reads, found.accounts),
        await renderer.statuses(reads, found.statuses, viewer),
        await rendering.tags(reads, renderer.origin, found.hashtags, viewer),
    )
    return responses.json_object(
        b'{"accounts":[%b],"statuses":[%b],"hashtags":[%b]}'
        % tuple(b",".join(part) for part in parts)
    )


@router.get("/v1/accounts/search", response_model=list[Account])
@access.user("read:accounts", rate="search")
async def search_accounts(
    params: Parameters[AccountSearchParameters],
    viewer: Viewer,
    reads: Reads,
    engine: Engine,
    renderer: Rendering,
    settings: Settings,
) -> Response:
    """Find people by the beginning of their name, for completing it; the exact name first."""
    ask = searches.Ask(
        typed=params.q.strip(),
        limit=params.limit,
        offset=params.offset,
        following=params.following,
    )
    rows = await searches.people(reads, engine, viewer, ask, domain=settings.domain)
    return responses.json_list(await renderer.accounts(reads, rows))
