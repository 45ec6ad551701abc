"""People you could follow."""

from datetime import date

from fastapi import APIRouter, Response

from app import access, responses
from app.dependencies import Reads, Rendering, Session, Settings, Viewer
from app.deprecations import deprecated
from app.domain.relationships import suggestions
from app.entities.accounts.accounts import Account
from app.entities.base import Empty
from app.entities.relationships.suggestions import Suggestion
from app.parameters import OffsetPage, Parameters, PathId
from app.rendering import suggestions as rendering
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, prefix="/api", tags=["relationships"])


class SuggestionsParameters(OffsetPage, default=40, maximum=80):
    """Which part of the suggestions."""


@router.get("/v2/suggestions", response_model=list[Suggestion])
@access.user("read:accounts")
async def get_suggestions(
    params: Parameters[SuggestionsParameters],
    viewer: Viewer,
    reads: Reads,
    renderer: Rendering,
    settings: Settings,
) -> Response:
    """People you could follow, and why.

    First come those whom this server suggests to everybody. Then counted are the people you follow
    who follow somebody (not those who keep that private), and the hashtags you follow or feature
    that somebody features or used in public during the last 30 days; the sum decides, then who has
    more followers. The 80 who have most followers are suggested even without any of these. Nothing
    else is taken into account.

    Left out are those you follow or asked to, block, mute or dismissed, who block you, and who do
    not want to be `discoverable`.
    """
    rows = await suggestions.suggested(
        reads, viewer, settings.suggested_accounts, params.limit, params.offset
    )
    return responses.json_list(await rendering.suggestions(renderer, reads, rows))


@router.get("/v1/suggestions", response_model=list[Account])
@deprecated(since=date(2021, 5, 16), instead="get_suggestions")
@access.user("read:accounts")
async def get_v1_suggestions(
    params: Parameters[SuggestionsParameters],
    viewer: Viewer,
    reads: Reads,
    renderer: Rendering,
    settings: Settings,
) -> Response:
    """The same people, without the reasons."""
    rows = await suggestions.suggested(
        reads, viewer, settings.suggested_accounts, params.limit, params.offset
    )
    return responses.json_list(await renderer.accounts(reads, rows))


@router.delete("/v1/suggestions/{account_id}")
@access.user("write:accounts")
async def dismiss_suggestion(account_id: PathId, viewer: Viewer, session: Session) -> Empty:
    """Do not suggest somebody any more. Also of somebody who was not suggested, or is not there."""
    await suggestions.dismiss(session, viewer, account_id)
    return Empty()
