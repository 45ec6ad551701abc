"""Hashtags, for moderators."""

from fastapi import APIRouter, Request, Response
from pydantic import Field

from app import access, responses
from app.database import SessionReader
from app.dependencies import Moderator, Reads, Rendering, Session, Viewer
from app.domain.moderation import tags
from app.entities.moderation.trends import AdminTag
from app.errors import NotFound
from app.models.identity.users import Role
from app.parameters import Flag, Page, ParameterModel, Parameters, PathId, Text
from app.rendering.tags import admin_tags
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, prefix="/api/v1/admin/tags", tags=["moderation"])


class AdminTagsPage(Page, default=100, maximum=200):
    """Which part of the list."""


class AdminTagChanges(ParameterModel):
    """What to change; what is left out stays as it is."""

    display_name: Text | None = Field(None, description="Other capitals or accents.")
    listable: Flag | None = Field(None, description="It is proposed while one types.")
    trendable: Flag | None = Field(None, description="It may trend.")
    usable: Flag | None = Field(None, description="Ignored: nobody is forbidden a word.")


@router.get("", response_model=list[AdminTag])
@access.user("admin:read", role=Role.MODERATOR)
async def get_admin_tags(
    params: Parameters[AdminTagsPage],
    viewer: Viewer,
    reads: Reads,
    renderer: Rendering,
    request: Request,
) -> Response:
    """All hashtags, the newest first."""
    rows = await tags.page(reads, viewer, params)
    bodies = await admin_tags(reads, renderer.origin, [row["cursor"] for row in rows])
    return responses.statuses_page(request, rows, bodies, params)


@router.get("/{tag_id}", response_model=AdminTag)
@access.user("admin:read", role=Role.MODERATOR)
async def get_admin_tag(tag_id: PathId, reads: Reads, renderer: Rendering) -> Response:
    """One hashtag."""
    found = await admin_tags(reads, renderer.origin, [tag_id])
    if not found:
        raise NotFound
    return responses.json_object(found[0])


@router.put("/{tag_id}", response_model=AdminTag)
@access.user("admin:write", role=Role.MODERATOR)
async def update_admin_tag(
    tag_id: PathId,
    params: Parameters[AdminTagChanges],
    moderator: Moderator,
    session: Session,
    renderer: Rendering,
) -> Response:
    """Decide how a hashtag is written, whether it is proposed, and whether it may trend."""
    await tags.change(
        session,
        moderator,
        tag_id,
        display_name=params.display_name,
        listable=params.listable,
        trendable=params.trendable,
    )
    found = await admin_tags(SessionReader(session), renderer.origin, [tag_id])
    return responses.json_object(found[0])
