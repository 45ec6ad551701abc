"""What many people are concerned with at present."""

from datetime import date

from fastapi import APIRouter, Request, Response
from pydantic_core import to_json

from app import access, responses
from app.dependencies import Reads, Rendering, Settings, Viewer
from app.deprecations import deprecated
from app.domain.timelines import trends
from app.entities.statuses.preview_cards import PreviewCard
from app.entities.statuses.statuses import Status
from app.entities.statuses.tags import Tag
from app.parameters import OffsetPage, Parameters
from app.rendering import preview_cards
from app.rendering import tags as rendering
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, prefix="/api/v1/trends", tags=["timelines"])


class TrendsParameters(OffsetPage, default=10, maximum=20):
    """Which part of the list."""


class TrendingStatusesParameters(OffsetPage, default=20, maximum=40):
    """Which part of the list."""


@router.get("/tags", response_model=list[Tag])
@access.optional()
async def get_trending_tags(
    params: Parameters[TrendsParameters],
    viewer: Viewer,
    reads: Reads,
    renderer: Rendering,
    settings: Settings,
    request: Request,
) -> Response:
    """The hashtags that most people used in public during the last seven days, each person once.

    Counted anew every five minutes, and nothing else is taken into account.
    """
    return await _tags(params, viewer, reads, renderer, settings, request)


@router.get("", response_model=list[Tag])
@deprecated(since=date(2022, 3, 30), instead="get_trending_tags")
@access.optional()
async def get_v1_trends(
    params: Parameters[TrendsParameters],
    viewer: Viewer,
    reads: Reads,
    renderer: Rendering,
    settings: Settings,
    request: Request,
) -> Response:
    """The same as `/api/v1/trends/tags`, as older clients ask for it."""
    return await _tags(params, viewer, reads, renderer, settings, request)


@router.get("/statuses", response_model=list[Status])
@access.optional()
async def get_trending_statuses(
    params: Parameters[TrendingStatusesParameters],
    viewer: Viewer,
    reads: Reads,
    renderer: Rendering,
    settings: Settings,
    request: Request,
) -> Response:
    """The public statuses of the last three days that moved most people, each person once.

    Counted are those who favourited one, reblogged it, reacted to it or answered it; every five
    minutes, and nothing else is taken into account.
    """
    rows = (
        []
        if settings.trends == "off"
        else await trends.statuses(reads, viewer, params.limit, params.offset)
    )
    bodies = await renderer.statuses(reads, rows, viewer)
    return responses.offset_page(request, bodies, params)


@router.get("/links", response_model=list[PreviewCard])
@access.optional()
async def get_trending_links(
    params: Parameters[TrendsParameters],
    reads: Reads,
    renderer: Rendering,
    settings: Settings,
    request: Request,
) -> Response:
    """The links that most people shared in public during the last seven days, each person once.

    Those of sensitive statuses do not count, nor addresses that could not be read. Counted anew
    every five minutes, and nothing else is taken into account.
    """
    off = settings.trends == "off"
    rows = [] if off else await trends.links(reads, params.limit, params.offset)
    cards = await preview_cards.trending(reads, renderer.origin, rows)
    return responses.offset_page(request, [to_json(card) for card in cards], params)


async def _tags(
    params: TrendsParameters,
    viewer: int,
    reads: Reads,
    renderer: Rendering,
    settings: Settings,
    request: Request,
) -> Response:
    rows = [] if settings.trends == "off" else await trends.tags(reads, params.limit, params.offset)
    bodies = await rendering.tags(reads, renderer.origin, rows, viewer)
    return responses.offset_page(request, bodies, params)
