"""Which links may trend, for moderators."""

from fastapi import APIRouter, Response
from pydantic_core import to_json

from app import access, responses
from app.database import SessionReader
from app.dependencies import Moderator, Reads, Rendering, Session
from app.domain.timelines import publishers, trends
from app.entities.moderation.trends import AdminPreviewCard, Publisher
from app.models.identity.users import Role
from app.parameters import OffsetPage, Parameters, PathId
from app.rendering import preview_cards
from app.rendering.statuses import Renderer
from app.route import HardopRoute

router = APIRouter(
    route_class=HardopRoute, prefix="/api/v1/admin/trends/links", tags=["moderation"]
)


class AdminTrendingLinksParameters(OffsetPage, default=100, maximum=200):
    """Which part of the list."""


@router.get("", response_model=list[AdminPreviewCard])
@access.user("admin:read", role=Role.MODERATOR)
async def get_admin_trending_links(
    params: Parameters[AdminTrendingLinksParameters], reads: Reads, renderer: Rendering
) -> Response:
    """The links that trend or would, and whether somebody looked at them."""
    rows = await trends.links(reads, params.limit, params.offset, hidden=True)
    cards = await preview_cards.admin_trending(reads, renderer.origin, rows)
    return responses.json_list([to_json(card) for card in cards])


@router.post("/{link_id}/approve", response_model=AdminPreviewCard)
@access.user("admin:write", role=Role.MODERATOR)
async def approve_trending_link(
    link_id: PathId, moderator: Moderator, session: Session, renderer: Rendering
) -> Response:
    """Let a link trend, whatever was decided about its site."""
    return await _review(session, renderer, moderator, link_id, allowed=True)


@router.post("/{link_id}/reject", response_model=AdminPreviewCard)
@access.user("admin:write", role=Role.MODERATOR)
async def reject_trending_link(
    link_id: PathId, moderator: Moderator, session: Session, renderer: Rendering
) -> Response:
    """Do not let a link trend, whatever was decided about its site."""
    return await _review(session, renderer, moderator, link_id, allowed=False)


@router.get("/publishers")
@access.user("admin:read", role=Role.MODERATOR)
async def get_admin_trending_publishers(
    params: Parameters[AdminTrendingLinksParameters], reads: Reads
) -> list[Publisher]:
    """The sites whose links trend or would, and what was decided about them."""
    rows = await publishers.trending(reads, params.limit, params.offset)
    return [Publisher.from_row(row) for row in rows]


@router.post("/publishers/{publisher_id}/approve")
@access.user("admin:write", role=Role.MODERATOR)
async def approve_trending_publisher(
    publisher_id: PathId, moderator: Moderator, session: Session
) -> Publisher:
    """Let all links of a site trend of which nothing else was decided."""
    await trends.review(session, moderator, "publisher", publisher_id, allowed=True)
    return await _publisher(session, publisher_id)


@router.post("/publishers/{publisher_id}/reject")
@access.user("admin:write", role=Role.MODERATOR)
async def reject_trending_publisher(
    publisher_id: PathId, moderator: Moderator, session: Session
) -> Publisher:
    """Do not let any link of a site trend of which nothing else was decided."""
    await trends.review(session, moderator, "publisher", publisher_id, allowed=False)
    return await _publisher(session, publisher_id)


async def _review(
    session: Session, renderer: Renderer, moderator: Moderator, link_id: int, *, allowed: bool
) -> Response:
    reader = SessionReader(session)
    row = await trends.link(reader, link_id)
    await trends.review(session, moderator, "link", link_id, allowed=allowed)
    [card] = await preview_cards.admin_trending(reader, renderer.origin, [row])
    return responses.json_object(to_json(card))


async def _publisher(session: Session, publisher_id: int) -> Publisher:
    return Publisher.from_row(await publishers.by_id(SessionReader(session), publisher_id))
