"""Hashtags."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from app import access, responses
from app.database import Reader, SessionReader
from app.dependencies import CurrentAccount, Reads, Rendering, Session, Viewer
from app.domain.accounts import featured_tags
from app.domain.relationships import tag_follows
from app.domain.statuses import tags
from app.entities.statuses.tags import Tag
from app.parameters import Page, Parameters
from app.rendering import tags as rendering
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, prefix="/api/v1", tags=["statuses"])

TagName = Annotated[str, Path(max_length=500, description="Without the number sign.")]


class TagFollowPage(Page, default=100, maximum=200):
    """Which part of the list; its cursors are ids of follows: use the `Link` header."""


@router.get("/tags/{name}", response_model=Tag)
@access.optional("read:statuses", "read:follows")
async def get_tag(name: TagName, viewer: Viewer, reads: Reads, renderer: Rendering) -> Response:
    """A hashtag and how much it was used lately, also one that nobody used yet."""
    return await _tag(reads, renderer, viewer, name)


@router.post("/tags/{name}/follow", response_model=Tag)
@access.user("write:follows", rate="follow")
async def follow_tag(
    name: TagName, viewer: Viewer, session: Session, renderer: Rendering
) -> Response:
    """Have public statuses with a hashtag in your home timeline."""
    await tag_follows.follow(session, viewer, name)
    return await _tag(SessionReader(session), renderer, viewer, name)


@router.post("/tags/{name}/unfollow", response_model=Tag)
@access.user("write:follows")
async def unfollow_tag(
    name: TagName, viewer: Viewer, session: Session, renderer: Rendering
) -> Response:
    """Follow a hashtag no longer."""
    await tag_follows.unfollow(session, viewer, name)
    return await _tag(SessionReader(session), renderer, viewer, name)


@router.post("/tags/{name}/feature", response_model=Tag)
@access.user("write:accounts")
async def feature_tag(
    name: TagName, account: CurrentAccount, session: Session, renderer: Rendering
) -> Response:
    """Show a hashtag on your profile; ten at most."""
    await featured_tags.feature(session, account, name)
    return await _tag(SessionReader(session), renderer, account.id, name)


@router.post("/tags/{name}/unfeature", response_model=Tag)
@access.user("write:accounts")
async def unfeature_tag(
    name: TagName, account: CurrentAccount, session: Session, renderer: Rendering
) -> Response:
    """Take a hashtag off your profile."""
    await featured_tags.unfeature(session, account, name)
    return await _tag(SessionReader(session), renderer, account.id, name)


@router.get("/followed_tags", response_model=list[Tag])
@access.user("read:follows")
async def get_followed_tags(
    params: Parameters[TagFollowPage],
    viewer: Viewer,
    reads: Reads,
    renderer: Rendering,
    request: Request,
) -> Response:
    """The hashtags you follow, the latest follow first."""
    rows = await tag_follows.followed(reads, viewer, params)
    bodies = await rendering.tags(reads, renderer.origin, rows, viewer)
    return responses.accounts_page(request, rows, bodies, params)


async def _tag(reader: Reader, renderer: Rendering, viewer: int, name: str) -> Response:
    row = await tags.named(reader, viewer, name)
    rendered = await rendering.tags(reader, renderer.origin, [row], viewer)
    return responses.json_object(rendered[0])
