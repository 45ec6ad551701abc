"""Hashtags on profiles."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from app import access, responses
from app.dependencies import CurrentAccount, Reads, Rendering, Session, Viewer
from app.domain.accounts import accounts, featured_tags
from app.entities.base import Empty
from app.entities.statuses.tags import FeaturedTag, Tag
from app.parameters import ParameterModel, Parameters, PathId, Text
from app.rendering import tags as rendering
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, prefix="/api/v1", tags=["accounts"])


class FeaturedTagParameters(ParameterModel):
    """Which hashtag."""

    name: Annotated[Text, Field(max_length=500)] = Field(description="With or without `#`.")


@router.get("/featured_tags", response_model=list[FeaturedTag])
@access.user("read:accounts")
async def get_featured_tags(viewer: Viewer, reads: Reads, renderer: Rendering) -> Response:
    """The hashtags on your profile, those you use most first."""
    rows = await featured_tags.featured(reads, viewer)
    return responses.json_list(rendering.featured_tags(renderer.origin, rows))


@router.post("/featured_tags", response_model=FeaturedTag)
@access.user("write:accounts", idempotent=True)
async def add_featured_tag(
    params: Parameters[FeaturedTagParameters],
    account: CurrentAccount,
    session: Session,
    renderer: Rendering,
) -> Response:
    """Show a hashtag on your profile; ten at most. Twice is once."""
    row = await featured_tags.add(session, account, params.name)
    return responses.json_object(rendering.featured_tags(renderer.origin, [row])[0])


@router.get("/featured_tags/suggestions", response_model=list[Tag])
@access.user("read:accounts")
async def get_featured_tag_suggestions(
    viewer: Viewer, reads: Reads, renderer: Rendering
) -> Response:
    """Up to ten hashtags you used lately and do not show yet."""
    rows = await featured_tags.suggested(reads, viewer)
    return responses.json_list(await rendering.tags(reads, renderer.origin, rows, viewer))


@router.delete("/featured_tags/{featured_tag_id}")
@access.user("write:accounts")
async def remove_featured_tag(
    featured_tag_id: PathId, account: CurrentAccount, session: Session
) -> Empty:
    """Take a hashtag off your profile, by the `id` of its FeaturedTag."""
    await featured_tags.remove(session, account, featured_tag_id)
    return Empty()


@router.get("/accounts/{account_id}/featured_tags", response_model=list[FeaturedTag])
@access.optional("read:accounts")
async def get_account_featured_tags(
    account_id: PathId, reads: Reads, renderer: Rendering
) -> Response:
    """The hashtags on a profile, those it uses most first."""
    await accounts.require(reads, account_id)
    rows = await featured_tags.featured(reads, account_id)
    return responses.json_list(rendering.featured_tags(renderer.origin, rows))
