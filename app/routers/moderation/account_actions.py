"""Deciding about accounts, and undoing it."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request, Response
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from app import access, responses, services
from app.database import SessionReader
from app.dependencies import Moderator, Rendering, Session
from app.domain.moderation import accounts
from app.entities.base import Empty
from app.entities.moderation.accounts import AdminAccount
from app.models.identity.users import Role
from app.models.moderation.account_warnings import ActionType
from app.parameters import Flag, Id, ParameterModel, Parameters, PathId, Text
from app.rendering.admin_accounts import admin_accounts
from app.route import HardopRoute

router = APIRouter(
    route_class=HardopRoute, prefix="/api/v1/admin/accounts/{account_id}", tags=["moderation"]
)

_Undo = Callable[[AsyncSession, accounts.Moderator, int], Awaitable[None]]


class ActionParameters(ParameterModel):
    """What to do, and why."""

    type: ActionType = Field(description="`none` is a word of warning only.")
    report_id: Id | None = Field(None, description="The report that led to it.")
    warning_preset_id: Id | None = Field(None, description="Ignored: there are no presets.")
    text: Text = Field("", description="What to tell the owner; 2000 characters.")
    send_email_notification: Flag = Field(True, description="Ignored: no mail is sent.")


@router.post("/action")
@access.user("admin:write:accounts", role=Role.MODERATOR)
async def act_on_account(
    account_id: PathId,
    params: Parameters[ActionParameters],
    moderator: Moderator,
    session: Session,
    request: Request,
) -> Empty:
    """Warn the owner of an account, hide it, bar it or suspend it.

    A warning resolves the report in `report_id`, anything harder all open reports of the account.
    """
    await accounts.act(
        session,
        moderator,
        account_id,
        params.type,
        written=params.text,
        report_id=params.report_id,
    )
    services.of(request).authenticator.forget()
    return Empty()


@router.post("/approve", response_model=AdminAccount)
@access.user("admin:write:accounts", role=Role.MODERATOR)
async def approve_account(
    account_id: PathId,
    moderator: Moderator,
    session: Session,
    renderer: Rendering,
    request: Request,
) -> Response:
    """Accept somebody who signed up."""
    services.of(request).authenticator.forget()
    return await _after(accounts.approve, account_id, moderator, session, renderer)


@router.post("/reject")
@access.user("admin:write:accounts", role=Role.MODERATOR)
async def reject_account(account_id: PathId, moderator: Moderator, session: Session) -> Empty:
    """Refuse somebody who signed up: nothing is left of it."""
    await accounts.reject(session, moderator, account_id)
    return Empty()


@router.post("/enable", response_model=AdminAccount)
@access.user("admin:write:accounts", role=Role.MODERATOR)
async def enable_account(
    account_id: PathId, moderator: Moderator, session: Session, renderer: Rendering
) -> Response:
    """Let a login be used again."""
    return await _after(accounts.enable, account_id, moderator, session, renderer)


@router.post("/unsensitive", response_model=AdminAccount)
@access.user("admin:write:accounts", role=Role.MODERATOR)
async def unsensitize_account(
    account_id: PathId, moderator: Moderator, session: Session, renderer: Rendering
) -> Response:
    """Show what an account posts as it means it."""
    return await _after(accounts.unsensitize, account_id, moderator, session, renderer)


@router.post("/unsilence", response_model=AdminAccount)
@access.user("admin:write:accounts", role=Role.MODERATOR)
async def unsilence_account(
    account_id: PathId, moderator: Moderator, session: Session, renderer: Rendering
) -> Response:
    """Let everybody come across an account again."""
    return await _after(accounts.unsilence, account_id, moderator, session, renderer)


@router.post("/unsuspend", response_model=AdminAccount)
@access.user("admin:write:accounts", role=Role.MODERATOR)
async def unsuspend_account(
    account_id: PathId, moderator: Moderator, session: Session, renderer: Rendering
) -> Response:
    """Bring an account back with all it said; its owner has to log in anew."""
    return await _after(accounts.unsuspend, account_id, moderator, session, renderer)


async def _after(
    undo: _Undo, account_id: int, moderator: Moderator, session: Session, renderer: Rendering
) -> Response:
    await undo(session, moderator, account_id)
    reader = SessionReader(session)
    row = await accounts.require(reader, account_id)
    return responses.json_object((await admin_accounts(renderer, reader, [row]))[0])
