"""Reports, for moderators."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request, Response
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from app import access, responses
from app.database import SessionReader
from app.dependencies import Moderator, Rendering, Session
from app.domain.moderation import accounts, audit, reports
from app.domain.moderation.reports import Choice
from app.entities.moderation.admin_reports import AdminReport
from app.models.identity.users import Role
from app.models.moderation.reports import ReportCategory
from app.parameters import Flag, Id, Page, ParameterModel, Parameters, PathId
from app.rendering.admin_reports import admin_reports
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, prefix="/api/v1/admin/reports", tags=["moderation"])

_Act = Callable[[AsyncSession, accounts.Moderator, int], Awaitable[None]]


class AdminReportsPage(Page, default=100, maximum=200):
    """Which reports: those nobody dealt with yet, unless `resolved`."""

    resolved: Flag = Field(False, description="Those that were dealt with.")
    unresolved: Flag = Field(False, description="With `resolved`: all of them.")
    account_id: Id | None = Field(None, description="By this account.")
    target_account_id: Id | None = Field(None, description="About this account.")


class AdminReportChanges(ParameterModel):
    """What to call it; what is left out stays as it is."""

    category: ReportCategory | None = Field(None, description="What is wrong.")
    rule_ids: list[Id] | None = Field(None, description="Which rules are broken.")


@router.get("", response_model=list[AdminReport])
@access.user("admin:read:reports", role=Role.MODERATOR)
async def get_admin_reports(
    params: Parameters[AdminReportsPage],
    moderator: Moderator,
    session: Session,
    renderer: Rendering,
    request: Request,
) -> Response:
    """What people reported, the newest first. That you looked is written down.

    Reports about yourself are not shown to you.
    """
    reader = SessionReader(session)
    both = params.resolved and params.unresolved
    choice = Choice(None if both else params.resolved, params.account_id, params.target_account_id)
    found = await reports.page(reader, moderator.account_id, choice, params)
    await audit.record_list(session, moderator.actor, "report", found.rows)
    bodies = await admin_reports(renderer, reader, found)
    return responses.statuses_page(request, found.rows, bodies, params)


@router.get("/{report_id}", response_model=AdminReport)
@access.user("admin:read:reports", role=Role.MODERATOR)
async def get_admin_report(
    report_id: PathId, moderator: Moderator, session: Session, renderer: Rendering
) -> Response:
    """One report, if it is not about yourself. That you looked is written down."""
    body = await _shown(session, moderator, report_id, renderer)
    await audit.record(session, moderator.actor, "view", "report", report_id)
    return body


@router.put("/{report_id}", response_model=AdminReport)
@access.user("admin:write:reports", role=Role.MODERATOR)
async def update_admin_report(
    report_id: PathId,
    params: Parameters[AdminReportChanges],
    moderator: Moderator,
    session: Session,
    renderer: Rendering,
) -> Response:
    """Call it something else."""
    await reports.change(session, moderator, report_id, params.category, params.rule_ids)
    return await _shown(session, moderator, report_id, renderer)


@router.post("/{report_id}/assign_to_self", response_model=AdminReport)
@access.user("admin:write:reports", role=Role.MODERATOR)
async def assign_report_to_self(
    report_id: PathId, moderator: Moderator, session: Session, renderer: Rendering
) -> Response:
    """Take it on yourself."""
    return await _after(reports.assign, report_id, moderator, session, renderer)


@router.post("/{report_id}/unassign", response_model=AdminReport)
@access.user("admin:write:reports", role=Role.MODERATOR)
async def unassign_report(
    report_id: PathId, moderator: Moderator, session: Session, renderer: Rendering
) -> Response:
    """Leave it to whoever takes it."""
    return await _after(reports.unassign, report_id, moderator, session, renderer)


@router.post("/{report_id}/resolve", response_model=AdminReport)
@access.user("admin:write:reports", role=Role.MODERATOR)
async def resolve_report(
    report_id: PathId, moderator: Moderator, session: Session, renderer: Rendering
) -> Response:
    """Call it dealt with."""
    return await _after(reports.resolve, report_id, moderator, session, renderer)


@router.post("/{report_id}/reopen", response_model=AdminReport)
@access.user("admin:write:reports", role=Role.MODERATOR)
async def reopen_report(
    report_id: PathId, moderator: Moderator, session: Session, renderer: Rendering
) -> Response:
    """Look at it again."""
    return await _after(reports.reopen, report_id, moderator, session, renderer)


async def _after(
    act: _Act, report_id: int, moderator: Moderator, session: Session, renderer: Rendering
) -> Response:
    await act(session, moderator, report_id)
    return await _shown(session, moderator, report_id, renderer)


async def _shown(
    session: Session, moderator: Moderator, report_id: int, renderer: Rendering
) -> Response:
    reader = SessionReader(session)
    found = await reports.one(reader, moderator.account_id, report_id)
    return responses.json_object((await admin_reports(renderer, reader, found))[0])
