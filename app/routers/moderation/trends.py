"""What may trend, for moderators."""

import json
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Response

from app import access, responses
from app.database import Reader, SessionReader
from app.dependencies import Moderator, Reads, Rendering, Session, Viewer
from app.domain.statuses import rows as status_rows
from app.domain.statuses import visibility
from app.domain.timelines import trends
from app.entities.moderation.trends import AdminStatus, AdminTag
from app.models.identity.users import Role
from app.parameters import OffsetPage, Parameters, PathId
from app.rendering.statuses import Renderer
from app.rendering.tags import admin_tags
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, prefix="/api/v1/admin/trends", tags=["moderation"])


class AdminTrendsParameters(OffsetPage, default=100, maximum=200):
    """Which part of the list."""


@router.get("/tags", response_model=list[AdminTag])
@access.user("admin:read", role=Role.MODERATOR)
async def get_admin_trending_tags(
    params: Parameters[AdminTrendsParameters], reads: Reads, renderer: Rendering
) -> Response:
    """The hashtags that trend or would, and whether somebody looked at them."""
    rows = await trends.tags(reads, params.limit, params.offset, hidden=True)
    ids = [row["id"] for row in rows]
    return responses.json_list(await admin_tags(reads, renderer.origin, ids))


@router.post("/tags/{tag_id}/approve", response_model=AdminTag)
@access.user("admin:write", role=Role.MODERATOR)
async def approve_trending_tag(
    tag_id: PathId, moderator: Moderator, session: Session, renderer: Rendering
) -> Response:
    """Let a hashtag trend."""
    await trends.review(session, moderator, "tag", tag_id, allowed=True)
    return await _tag(session, renderer, tag_id)


@router.post("/tags/{tag_id}/reject", response_model=AdminTag)
@access.user("admin:write", role=Role.MODERATOR)
async def reject_trending_tag(
    tag_id: PathId, moderator: Moderator, session: Session, renderer: Rendering
) -> Response:
    """Do not let a hashtag trend."""
    await trends.review(session, moderator, "tag", tag_id, allowed=False)
    return await _tag(session, renderer, tag_id)


@router.get("/statuses", response_model=list[AdminStatus])
@access.user("admin:read", role=Role.MODERATOR)
async def get_admin_trending_statuses(
    params: Parameters[AdminTrendsParameters], viewer: Viewer, reads: Reads, renderer: Rendering
) -> Response:
    """The statuses that trend or would, and whether somebody looked at them."""
    rows = await trends.statuses(reads, viewer, params.limit, params.offset, hidden=True)
    return responses.json_list(await _statuses(reads, renderer, rows, viewer))


@router.post("/statuses/{status_id}/approve", response_model=AdminStatus)
@access.user("admin:write", role=Role.MODERATOR)
async def approve_trending_status(
    status_id: PathId, moderator: Moderator, session: Session, renderer: Rendering
) -> Response:
    """Let a status trend."""
    await _require_visible(session, moderator, status_id)
    await trends.review(session, moderator, "status", status_id, allowed=True)
    return await _status(session, renderer, moderator, status_id)


@router.post("/statuses/{status_id}/reject", response_model=AdminStatus)
@access.user("admin:write", role=Role.MODERATOR)
async def reject_trending_status(
    status_id: PathId, moderator: Moderator, session: Session, renderer: Rendering
) -> Response:
    """Do not let a status trend."""
    await _require_visible(session, moderator, status_id)
    await trends.review(session, moderator, "status", status_id, allowed=False)
    return await _status(session, renderer, moderator, status_id)


async def _tag(session: Session, renderer: Renderer, tag_id: int) -> Response:
    reader = SessionReader(session)
    return responses.json_object((await admin_tags(reader, renderer.origin, [tag_id]))[0])


async def _statuses(
    reader: Reader, renderer: Renderer, rows: Sequence[Any], viewer: int
) -> list[bytes]:
    looked_at = await trends.reviewed(reader, "status", [row["id"] for row in rows])
    rendered = await renderer.statuses(reader, rows, viewer)
    return [
        b'%b,"requires_review":%b}'
        % (body[:-1], b"false" if int(json.loads(body)["id"]) in looked_at else b"true")
        for body in rendered
    ]


async def _status(
    session: Session, renderer: Renderer, moderator: Moderator, status_id: int
) -> Response:
    reader = SessionReader(session)
    rows = await status_rows.by_ids(reader, moderator.account_id, [status_id])
    bodies = await _statuses(reader, renderer, rows, moderator.account_id)
    return responses.json_object(bodies[0])


async def _require_visible(session: Session, moderator: Moderator, status_id: int) -> None:
    await visibility.require_visible(SessionReader(session), moderator.account_id, status_id)
