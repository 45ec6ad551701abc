"""Hashtags."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from app import access, responses
from app.dependencies import Reads, Rendering, Viewer
from app.domain.statuses import tags
from app.entities.statuses.tags import Tag
from app.rendering import tags as rendering
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, prefix="/api/v1/tags", tags=["statuses"])


@router.get("/{name}", response_model=Tag)
@access.optional("read:statuses", "read:follows")
async def get_tag(
    name: Annotated[str, Path(max_length=500)], viewer: Viewer, reads: Reads, renderer: Rendering
) -> Response:
    """A hashtag and how much it was used lately, also one that nobody used yet."""
    row = await tags.named(reads, viewer, name)
    rendered = await rendering.tags(reads, renderer.origin, [row], viewer)
    return responses.json_object(rendered[0])
