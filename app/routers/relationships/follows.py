"""Following and being followed."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field

from app import access, responses
from app.database import SessionReader
from app.dependencies import CurrentAccount, Reads, Rendering, Session, Viewer
from app.domain.accounts import accounts
from app.domain.relationships import follows
from app.entities.accounts.accounts import Account
from app.entities.relationships.relationships import Relationship
from app.parameters import Flag, Page, ParameterModel, Parameters, PathId, Text
from app.route import HardopRoute
from app.routers.relationships import shown

router = APIRouter(
    route_class=HardopRoute, prefix="/api/v1/accounts/{account_id}", tags=["relationships"]
)


class FollowParameters(ParameterModel):
    """How to follow; what is left out stays as it is."""

    reblogs: Flag | None = Field(None, description="Whether their reblogs come home too.")
    notify: Flag | None = Field(None, description="Whether each status of theirs notifies.")
    languages: list[Annotated[Text, Field(max_length=16)]] | None = Field(
        None, description="Only statuses in these languages come home; an empty list means all."
    )


class FollowPage(Page, default=40, maximum=80):
    """Which part of a list of accounts; its cursors are ids of follows: use the `Link` header."""


@router.post("/follow")
@access.user("write:follows", rate="follow")
async def follow_account(
    account_id: PathId,
    params: Parameters[FollowParameters],
    caller: CurrentAccount,
    session: Session,
) -> Relationship:
    """Follow an account, or ask to if it is locked. Calling again changes the options."""
    target = await accounts.get(session, account_id)
    await follows.follow(
        session,
        caller,
        target,
        follows.Options(params.reblogs, params.notify, params.languages),
    )
    return await shown.relationship(session, caller.id, account_id)


@router.post("/unfollow")
@access.user("write:follows")
async def unfollow_account(
    account_id: PathId, caller: CurrentAccount, session: Session
) -> Relationship:
    """Stop following an account, or take the request back."""
    # Also of somebody who was suspended since.
    await accounts.require(SessionReader(session), account_id)
    await follows.unfollow(session, caller.id, account_id)
    return await shown.relationship(session, caller.id, account_id)


@router.post("/remove_from_followers")
@access.user("write:follows")
async def remove_from_followers(
    account_id: PathId, viewer: Viewer, session: Session
) -> Relationship:
    """Let an account follow you no longer; it is not told."""
    await accounts.require(SessionReader(session), account_id)
    await follows.remove_follower(session, viewer, account_id)
    return await shown.relationship(session, viewer, account_id)


@router.get("/followers", response_model=list[Account])
@access.optional("read:accounts", "read:follows")
async def get_followers(
    account_id: PathId,
    params: Parameters[FollowPage],
    viewer: Viewer,
    reads: Reads,
    renderer: Rendering,
    request: Request,
) -> Response:
    """Who follows an account, newest first; nobody if it keeps that private or blocks you."""
    rows = await follows.followers(reads, viewer, account_id, params)
    return responses.accounts_page(request, rows, await renderer.accounts(reads, rows), params)


@router.get("/following", response_model=list[Account])
@access.optional("read:accounts", "read:follows")
async def get_following(
    account_id: PathId,
    params: Parameters[FollowPage],
    viewer: Viewer,
    reads: Reads,
    renderer: Rendering,
    request: Request,
) -> Response:
    """Whom an account follows, newest first; nobody if it keeps that private or blocks you."""
    rows = await follows.following(reads, viewer, account_id, params)
    return responses.accounts_page(request, rows, await renderer.accounts(reads, rows), params)
