"""Asking the moderators to look at something."""

import json

from fastapi import APIRouter
from pydantic import Field

from app import access
from app.database import SessionReader
from app.dependencies import CurrentAccount, Rendering, Session
from app.domain.accounts import accounts
from app.domain.moderation import reports
from app.domain.moderation.reports import Complaint
from app.domain.statuses import rows
from app.entities.accounts.accounts import Account
from app.entities.moderation.reports import Report
from app.models.moderation.reports import ReportCategory
from app.parameters import Flag, Id, ParameterModel, Parameters, Text
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, prefix="/api/v1/reports", tags=["moderation"])


class ReportParameters(ParameterModel):
    """Whom you report, and why."""

    account_id: Id = Field(description="Whom.")
    status_ids: list[Id] = Field([], description="Statuses of theirs that show it.")
    comment: Text = Field("", description="In your own words; 1000 characters.")
    category: ReportCategory = Field(
        ReportCategory.OTHER, description="What is wrong; `violation` if rules are named."
    )
    rule_ids: list[Id] = Field([], description="Which rules of the house are broken.")
    forward: Flag = Field(False, description="Nothing is forwarded: there is one server.")


@router.post("", responses={404: {}})
@access.user("write:reports", rate="report", idempotent=True)
async def report_account(
    params: Parameters[ReportParameters],
    caller: CurrentAccount,
    session: Session,
    renderer: Rendering,
) -> Report:
    """Ask the moderators to look at an account, and at statuses of it. It is not told.

    The statuses are kept as they are now. Those that you may not read are left out, and so are
    those of others.
    """
    target = await accounts.get(session, params.account_id)
    reader = SessionReader(session)
    found = await rows.by_ids(reader, caller.id, params.status_ids)
    theirs = [row for row in found if row["account_id"] == target.id]
    statuses = {
        int(status["id"]): status
        for status in map(json.loads, await renderer.statuses(reader, theirs, 0))
    }
    complaint = Complaint(params.category, params.comment, params.rule_ids, statuses)
    report = await reports.report(session, caller, target, complaint)
    (account,) = await renderer.accounts(reader, await accounts.by_ids(reader, [target.id]))
    return Report.from_report(report, list(statuses), Account.model_validate_json(account))
