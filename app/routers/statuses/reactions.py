"""Emoji reactions, in the dialects that clients speak (client API, emoji reactions on posts)."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic_core import from_json, to_json

from app import access, responses
from app.database import SessionReader
from app.dependencies import CurrentAccount, Reads, Rendering, Session, Viewer
from app.domain.statuses import reactions, visibility
from app.entities.statuses.statuses import ReactionOfAccount, Status
from app.parameters import Parameters, PathId
from app.route import HardopRoute
from app.routers.relationships.follows import FollowPage
from app.routers.statuses import shown

router = APIRouter(
    route_class=HardopRoute, prefix="/api/v1/statuses/{status_id}", tags=["statuses"]
)

Emoji = Annotated[str, Path(max_length=100, description="An emoji, or a custom one's shortcode.")]


async def _react(
    session: Session, renderer: Rendering, account: CurrentAccount, status_id: int, name: str
) -> Response:
    original = await visibility.require_visible(SessionReader(session), account.id, status_id)
    await reactions.react(session, account, original, name)
    return await shown.written(session, renderer, account.id, original)


async def _unreact(
    session: Session, renderer: Rendering, account: CurrentAccount, status_id: int, name: str
) -> Response:
    original = await visibility.original(SessionReader(session), status_id)
    await reactions.unreact(session, account, original, name)
    return await shown.undone(session, renderer, account.id, original)


@router.post("/react/{name}", response_model=Status)
@access.user("write:favourites")
async def react_to_status(
    status_id: PathId,
    name: Emoji,
    account: CurrentAccount,
    session: Session,
    renderer: Rendering,
) -> Response:
    """Put an emoji under a status. Twice is once."""
    return await _react(session, renderer, account, status_id, name)


@router.post("/unreact/{name}", response_model=Status)
@access.user("write:favourites")
async def unreact_to_status(
    status_id: PathId,
    name: Emoji,
    account: CurrentAccount,
    session: Session,
    renderer: Rendering,
) -> Response:
    """Take an emoji away again."""
    return await _unreact(session, renderer, account, status_id, name)


@router.put("/emoji_reactions/{name}", response_model=Status)
@access.user("write:favourites")
async def put_emoji_reaction(
    status_id: PathId,
    name: Emoji,
    account: CurrentAccount,
    session: Session,
    renderer: Rendering,
) -> Response:
    """Put an emoji under a status (Fedibird's form)."""
    return await _react(session, renderer, account, status_id, name)


@router.delete("/emoji_reactions/{name}", response_model=Status)
@access.user("write:favourites")
async def delete_emoji_reaction(
    status_id: PathId,
    name: Emoji,
    account: CurrentAccount,
    session: Session,
    renderer: Rendering,
) -> Response:
    """Take an emoji away again (Fedibird's form)."""
    return await _unreact(session, renderer, account, status_id, name)


@router.get("/emoji_reactioned_by", response_model=list[ReactionOfAccount])
@access.optional("read:statuses")
async def get_emoji_reactioned_by(
    status_id: PathId,
    params: Parameters[FollowPage],
    viewer: Viewer,
    reads: Reads,
    renderer: Rendering,
    request: Request,
) -> Response:
    """Who reacted with what, the latest first: each with `name` and `account`."""
    original = await visibility.require_visible(reads, viewer, status_id)
    rows = await reactions.reacted_by(reads, viewer, original, None, params)
    people = await renderer.each_account(reads, rows)
    rendered = [
        to_json({"name": row["name"], "account": from_json(person)})
        for row, person in zip(rows, people, strict=True)
        if person is not None
    ]
    return responses.accounts_page(request, rows, rendered, params)
