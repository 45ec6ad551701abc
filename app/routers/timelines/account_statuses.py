"""What one account said."""

from fastapi import APIRouter, Request, Response
from pydantic import Field

from app import access, responses
from app.dependencies import Reads, Rendering, Viewer
from app.domain.accounts import accounts
from app.domain.statuses import pins
from app.domain.timelines import timelines
from app.entities.statuses.statuses import Status
from app.parameters import Flag, Page, Parameters, PathId, Text
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, prefix="/api/v1/accounts", tags=["timelines"])


class AccountStatusesPage(Page):
    """Which statuses of an account."""

    pinned: Flag = Field(False, description="Only what is on top of the profile.")
    only_media: Flag = Field(False, description="Only statuses with media attachments.")
    exclude_replies: Flag = Field(False, description="Leave out replies to others.")
    exclude_reblogs: Flag = Field(False, description="Leave out what the account passed on.")
    tagged: Text | None = Field(None, description="Only statuses with this hashtag.")


@router.get("/{account_id}/statuses", response_model=list[Status])
@access.optional("read:statuses")
async def get_account_statuses(
    account_id: PathId,
    params: Parameters[AccountStatusesPage],
    viewer: Viewer,
    reads: Reads,
    renderer: Rendering,
    request: Request,
) -> Response:
    """What an account said and passed on, newest first, as far as you may read it.

    With `pinned` only what it shows on top of its profile, the latest pin first.
    """
    await accounts.require(reads, account_id)
    choice = timelines.AccountChoice(
        params.exclude_replies, params.exclude_reblogs, params.tagged, params.only_media
    )
    if params.pinned:
        rows = await pins.pinned(reads, viewer, account_id, params)
    else:
        rows = await timelines.account(reads, viewer, account_id, choice, params)
    return responses.statuses_page(
        request, rows, await renderer.statuses(reads, rows, viewer), params
    )
