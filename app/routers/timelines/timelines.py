"""The timelines of everybody: home, public, tag."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import Field

from app import access, responses
from app.dependencies import Reads, Rendering, Viewer
from app.deprecations import deprecated
from app.domain.statuses import preview_cards
from app.domain.timelines import timelines
from app.entities.statuses.statuses import Status
from app.errors import NotFound
from app.parameters import Flag, Page, Parameters, Text
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, prefix="/api/v1/timelines", tags=["timelines"])

TagNames = Annotated[list[Text], Field(max_length=4)]


class PublicPage(Page):
    """Which part of a public timeline."""

    local: Flag = Field(False, description="This server has nothing else; changes nothing.")
    remote: Flag = Field(False, description="Statuses of other servers: there are none.")
    only_media: Flag = Field(False, description="Only statuses with media attachments.")


class TagPage(PublicPage):
    """Which part of a tag timeline."""

    any: TagNames = Field([], description="Further tags that count as well.")
    all: TagNames = Field([], description="Tags that must be there too.")
    none: TagNames = Field([], description="Tags that must not be there.")


class LinkPage(Page):
    """Which part of what is said about a page."""

    url: Text = Field(description="The address of the page, as its card has it.")


@router.get("/home", response_model=list[Status])
@access.user("read:statuses")
async def get_home_timeline(
    params: Parameters[Page], viewer: Viewer, reads: Reads, renderer: Rendering, request: Request
) -> Response:
    """What you and those you follow said, newest first.

    What a filter of yours hides from home is left out: a page may be short, follow its links.
    """
    rows = await timelines.home(reads, viewer, params)
    return responses.statuses_page(
        request, rows, await renderer.statuses(reads, rows, viewer, "home"), params
    )


@router.get("/public", response_model=list[Status])
@access.optional("read:statuses")
async def get_public_timeline(
    params: Parameters[PublicPage],
    viewer: Viewer,
    reads: Reads,
    renderer: Rendering,
    request: Request,
) -> Response:
    """What anybody said to everybody, newest first: no reblogs, no replies to others."""
    rows = (
        []  # there are no other servers
        if params.remote
        else await timelines.public(reads, viewer, params, only_media=params.only_media)
    )
    return responses.statuses_page(
        request, rows, await renderer.statuses(reads, rows, viewer), params
    )


@router.get("/direct", response_model=list[Status])
@deprecated(since=date(2018, 10, 30), instead="get_conversations")
@access.user("read:statuses")
async def get_direct_timeline(
    params: Parameters[Page], viewer: Viewer, reads: Reads, renderer: Rendering, request: Request
) -> Response:
    """Direct statuses by you and to you, newest first. Conversations gather them by people."""
    rows = await timelines.direct(reads, viewer, params)
    return responses.statuses_page(
        request, rows, await renderer.statuses(reads, rows, viewer), params
    )


@router.get("/tag/{name}", response_model=list[Status])
@access.optional("read:statuses")
async def get_tag_timeline(
    name: Annotated[str, Path(max_length=500, description="Without the number sign.")],
    params: Parameters[TagPage],
    viewer: Viewer,
    reads: Reads,
    renderer: Rendering,
    request: Request,
) -> Response:
    """What anybody said about a tag, newest first; case and accents do not matter."""
    choice = timelines.TagChoice([name, *params.any], params.all, params.none, params.only_media)
    rows = [] if params.remote else await timelines.tag(reads, viewer, choice, params)
    return responses.statuses_page(
        request, rows, await renderer.statuses(reads, rows, viewer), params
    )


@router.get("/link", response_model=list[Status], responses={404: {}})
@access.optional("read:statuses")
async def get_link_timeline(
    params: Parameters[LinkPage],
    viewer: Viewer,
    reads: Reads,
    renderer: Rendering,
    request: Request,
) -> Response:
    """What anybody said about a page that statuses link to, newest first; 404 for any other."""
    card_id = await preview_cards.by_url(reads, params.url)
    if card_id is None:
        raise NotFound
    rows = await preview_cards.timeline(reads, viewer, card_id, params)
    return responses.statuses_page(
        request, rows, await renderer.statuses(reads, rows, viewer), params
    )
