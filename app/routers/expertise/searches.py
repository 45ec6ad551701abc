"""One search box for people, statuses and hashtags."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from app import access, ids, responses
from app.dependencies import Engine, Reads, Rendering, Settings, Viewer
from app.domain.expertise import searches
from app.entities.instance.searches import Search
from app.errors import BadRequest, Unauthorized
from app.parameters import Count, Flag, Id, Limited, Parameters, Text
from app.rendering import tags as rendering
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, prefix="/api/v2", tags=["expertise"])

Typed = Annotated[Text, Field(min_length=1, max_length=2048)]


class SearchParameters(Limited):
    """What is looked for."""

    q: Typed = Field(
        description='Words, `"a phrase"`, `-word`, `@name`, `#tag`, an address of this server, '
        "or operators: `from:me`, `from:name`, `has:link`, `is:reply`, `is:sensitive`, "
        "`language:nl`, `before:2026-02-12`, `after:`, `during:`, `in:library`, `in:public`."
    )
    type: searches.Kind | None = Field(None, description="Only this kind; needed for `offset`.")
    offset: Count | None = Field(
        None, description="How many to leave out; only with `type`, and with a user's token."
    )
    resolve: Flag = Field(
        False, description="Accepted for compatibility: an address of ours is always found."
    )
    following: Flag = Field(False, description="Only accounts you follow.")
    account_id: Id | None = Field(None, description="Only statuses by this account.")
    exclude_unreviewed: Flag = Field(False, description="Accepted for compatibility.")
    max_id: Id | None = Field(None, description="Only statuses older than this.")
    min_id: Id | None = Field(None, description="Only statuses newer than this.")


@router.get("/search", response_model=Search)
@access.optional("read:search", rate="search")
async def search(
    params: Parameters[SearchParameters],
    viewer: Viewer,
    reads: Reads,
    engine: Engine,
    renderer: Rendering,
    settings: Settings,
) -> Response:
    """Search people, statuses and hashtags. Without a user's token there are no statuses."""
    if not params.q.strip():
        raise BadRequest("param is missing or the value is empty: q")
    if not viewer and params.offset is not None:
        raise Unauthorized("Search queries pagination is not supported without authentication")
    if not viewer and params.resolve:
        raise Unauthorized(
            "Search queries that resolve remote resources are not supported without authentication"
        )

    ask = searches.Ask(
        text=params.q,
        kinds=[params.type] if params.type else searches.KINDS,
        limit=params.limit,
        offset=(params.offset or 0) if params.type else 0,
        following=params.following,
        account_id=params.account_id,
        above_id=params.min_id or 0,
        below_id=ids.BIGGEST if params.max_id is None else params.max_id,
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
