"""Lists: timelines of chosen people."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field

from app import access, responses
from app.dependencies import CurrentAccount, Reads, Rendering, Session, Viewer
from app.domain.accounts import accounts
from app.domain.timelines import lists
from app.domain.timelines.lists import Changes
from app.entities.accounts.accounts import Account
from app.entities.base import Empty
from app.entities.statuses.statuses import Status
from app.entities.timelines.lists import List
from app.models.timelines.lists import RepliesPolicy
from app.parameters import Flag, Id, Page, ParameterModel, Parameters, PathId, Text
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, prefix="/api/v1", tags=["timelines"])


class ListParameters(ParameterModel):
    """What a list is to be."""

    title: Annotated[Text, Field(max_length=20_000)] | None = Field(
        None, description="256 characters at most; a list needs one."
    )
    replies_policy: RepliesPolicy | None = Field(
        None, description="Which replies to others are in it. A new list: `list`."
    )
    exclusive: Flag | None = Field(None, description="Keep its members away from home.")

    def changes(self) -> Changes:
        """As the domain takes them."""
        return Changes(self.title, self.replies_policy, self.exclusive)


class MemberParameters(ParameterModel):
    """Whom to put in, or take out."""

    account_ids: list[Id] = Field([], max_length=1000, description="Ids of accounts.")


class MemberPage(Page, default=40, maximum=80, zero_is_all=True):
    """Which part of the members; its cursors are ids of memberships: use the `Link` header."""


@router.get("/lists")
@access.user("read:lists")
async def get_lists(viewer: Viewer, reads: Reads) -> list[List]:
    """Your lists, the oldest first."""
    return [List.from_row(row) for row in await lists.all_of(reads, viewer)]


@router.post("/lists")
@access.user("write:lists", idempotent=True)
async def create_list(
    params: Parameters[ListParameters], account: CurrentAccount, session: Session
) -> List:
    """Make a list; fifty at most."""
    created = await lists.create(session, account, params.changes())
    return List.from_row(created.model_dump())


@router.get("/lists/{list_id}")
@access.user("read:lists")
async def get_list(list_id: PathId, viewer: Viewer, reads: Reads) -> List:
    """One of your lists."""
    return List.from_row(await lists.require(reads, viewer, list_id))


@router.put("/lists/{list_id}")
@access.user("write:lists")
async def update_list(
    list_id: PathId, params: Parameters[ListParameters], viewer: Viewer, session: Session
) -> List:
    """Change a list; what is left out stays as it is."""
    changed = await lists.update(session, viewer, list_id, params.changes())
    return List.from_row(changed.model_dump())


@router.delete("/lists/{list_id}")
@access.user("write:lists")
async def delete_list(list_id: PathId, viewer: Viewer, session: Session) -> Empty:
    """Do away with a list. You go on following its members."""
    await lists.delete(session, viewer, list_id)
    return Empty()


@router.get("/lists/{list_id}/accounts", response_model=list[Account])
@access.user("read:lists")
async def get_list_accounts(
    list_id: PathId,
    params: Parameters[MemberPage],
    viewer: Viewer,
    reads: Reads,
    renderer: Rendering,
    request: Request,
) -> Response:
    """Who is in a list, the latest first."""
    rows = await lists.members(reads, viewer, list_id, params)
    return responses.accounts_page(request, rows, await renderer.accounts(reads, rows), params)


@router.post("/lists/{list_id}/accounts")
@access.user("write:lists", idempotent=True)
async def add_to_list(
    list_id: PathId, params: Parameters[MemberParameters], viewer: Viewer, session: Session
) -> Empty:
    """Put people into a list: whom you follow, or yourself."""
    await lists.add(session, viewer, list_id, params.account_ids)
    return Empty()


@router.delete("/lists/{list_id}/accounts")
@access.user("write:lists")
async def remove_from_list(
    list_id: PathId, params: Parameters[MemberParameters], viewer: Viewer, session: Session
) -> Empty:
    """Take people out of a list."""
    await lists.remove(session, viewer, list_id, params.account_ids)
    return Empty()


@router.get("/accounts/{account_id}/lists")
@access.user("read:lists")
async def get_account_lists(account_id: PathId, viewer: Viewer, reads: Reads) -> list[List]:
    """Those of your lists that an account is in."""
    await accounts.require(reads, account_id)
    return [List.from_row(row) for row in await lists.with_member(reads, viewer, account_id)]


@router.get("/timelines/list/{list_id}", response_model=list[Status])
@access.user("read:lists")
async def get_list_timeline(
    list_id: PathId,
    params: Parameters[Page],
    viewer: Viewer,
    reads: Reads,
    renderer: Rendering,
    request: Request,
) -> Response:
    """What the members of a list say and pass on, newest first."""
    rows = await lists.timeline(reads, viewer, list_id, params)
    return responses.statuses_page(
        request, rows, await renderer.statuses(reads, rows, viewer, "home"), params
    )
