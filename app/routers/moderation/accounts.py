"""Accounts, for moderators: finding them."""

from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import Field

from app import access, responses, services
from app.database import SessionReader
from app.dependencies import Actor, Moderator, Rendering, Session, Viewer
from app.domain.moderation import accounts, audit
from app.domain.moderation.accounts import Choice, State
from app.entities.base import Empty
from app.entities.moderation.accounts import AdminAccount
from app.models.identity.users import Role
from app.parameters import Flag, OwnParameters, Page, Parameters, PathId, Text
from app.rendering.admin_accounts import admin_accounts
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, prefix="/api", tags=["moderation"])

_STAFF = (Role.MODERATOR, Role.ADMIN, Role.OWNER)
# As clients know them: see `rendering/credentials.py`.
_ROLES = {str(number): role for number, role in enumerate(Role, start=1)}


class _AccountsPage(Page, default=100, maximum=200):
    """Which accounts, and which part of the list."""

    username: Text | None = Field(None, description="The beginning of a user name.")
    display_name: Text | None = Field(None, description="The beginning of a display name.")
    email: Text | None = Field(None, description="The beginning of an address.")
    ip: Text | None = Field(None, description="Finds nobody: addresses are not kept.")
    by_domain: Text | None = Field(None, description="Finds nobody: there is one server.")

    def choice(self, state: State | None, roles: tuple[Role, ...] | None) -> Choice:
        """The names that are looked for, with a state and roles."""
        return Choice(state, roles, self.username, self.display_name, self.email)


class V1AdminAccountsPage(_AccountsPage):
    """Which accounts: those that are active, unless another state is asked for."""

    local: Flag = Field(False, description="All of them are.")
    remote: Flag = Field(False, description="None of them are.")
    active: Flag = Field(False, description="Accepted, and not suspended.")
    pending: Flag = Field(False, description="Waiting to be accepted.")
    disabled: Flag = Field(False, description="Barred from logging in.")
    silenced: Flag = Field(False, description="Only those who follow come across them.")
    suspended: Flag = Field(False, description="Gone, until that is undone.")
    sensitized: Flag = Field(False, description="What they post is hidden behind a click.")
    staff: Flag = Field(False, description="Moderators, administrators and owners.")


class V2AdminAccountsPage(_AccountsPage):
    """Which accounts."""

    origin: Literal["local", "remote"] | None = Field(None, description="All are local.")
    status: State | None = Field(None, description="In which state.")
    permissions: Literal["staff"] | None = Field(None, description="Who have a role.")
    role_ids: list[Text] = Field([], description="Who have one of these roles.")
    invited_by: Text | None = Field(None, description="Finds nobody: there are no invitations.")


class RoleParameters(OwnParameters):
    """What somebody may do from now on."""

    role: Literal["member", "moderator", "admin"] = Field(description="Below your own.")


@router.get("/v1/admin/accounts", response_model=list[AdminAccount])
@access.user("admin:read:accounts", role=Role.MODERATOR)
async def get_v1_admin_accounts(
    params: Parameters[V1AdminAccountsPage],
    viewer: Viewer,
    actor: Actor,
    session: Session,
    renderer: Rendering,
    request: Request,
) -> Response:
    """Accounts, the newest first; without a state, the active ones.

    That you looked is written down.
    """
    states: tuple[State, ...] = ("pending", "disabled", "silenced", "suspended", "sensitized")
    state: State = next((state for state in states if getattr(params, state)), "active")
    choice = params.choice(state, _STAFF if params.staff else None)
    nobody = params.remote or params.ip or params.by_domain
    reader = SessionReader(session)
    rows = [] if nobody else await accounts.page(reader, viewer, choice, params)
    await audit.record_list(session, actor, "account", rows)
    bodies = await admin_accounts(renderer, reader, rows)
    return responses.accounts_page(request, rows, bodies, params)


@router.get("/v2/admin/accounts", response_model=list[AdminAccount])
@access.user("admin:read:accounts", role=Role.MODERATOR)
async def get_admin_accounts(
    params: Parameters[V2AdminAccountsPage],
    viewer: Viewer,
    actor: Actor,
    session: Session,
    renderer: Rendering,
    request: Request,
) -> Response:
    """Accounts in any state, the newest first. That you looked is written down."""
    roles: tuple[Role, ...] | None = _STAFF if params.permissions else None
    if params.role_ids:
        wanted = map(_ROLES.get, params.role_ids)
        roles = tuple(role for role in wanted if role and (roles is None or role in roles))
    nobody = params.origin == "remote" or params.ip or params.by_domain or params.invited_by
    choice = params.choice(params.status, roles)
    reader = SessionReader(session)
    rows = [] if nobody else await accounts.page(reader, viewer, choice, params)
    await audit.record_list(session, actor, "account", rows)
    bodies = await admin_accounts(renderer, reader, rows)
    return responses.accounts_page(request, rows, bodies, params)


@router.get("/v1/admin/accounts/{account_id}", response_model=AdminAccount)
@access.user("admin:read:accounts", role=Role.MODERATOR)
async def get_admin_account(
    account_id: PathId, actor: Actor, session: Session, renderer: Rendering
) -> Response:
    """One account, in whatever state. That you looked is written down."""
    reader = SessionReader(session)
    row = await accounts.require(reader, account_id)
    await audit.record(session, actor, "view", "account", account_id)
    return responses.json_object((await admin_accounts(renderer, reader, [row]))[0])


@router.delete("/v1/admin/accounts/{account_id}")
@access.user("admin:write:accounts", role=Role.ADMIN)
async def delete_admin_account(account_id: PathId, moderator: Moderator, session: Session) -> Empty:
    """Erase a suspended account, and all it wrote, for good."""
    await accounts.erase(session, moderator, account_id)
    return Empty()


@router.put("/hardop/v1/admin/accounts/{account_id}/role", response_model=AdminAccount)
@access.user("admin:write:accounts", role=Role.ADMIN)
async def set_role(
    account_id: PathId,
    params: Parameters[RoleParameters],
    moderator: Moderator,
    session: Session,
    renderer: Rendering,
    request: Request,
) -> Response:
    """Give somebody another role, below your own. A lower one ends their tokens."""
    await accounts.set_role(session, moderator, account_id, Role(params.role))
    services.of(request).authenticator.forget()
    reader = SessionReader(session)
    row = await accounts.require(reader, account_id)
    return responses.json_object((await admin_accounts(renderer, reader, [row]))[0])
