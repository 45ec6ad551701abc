"""Reports: what somebody asks the moderators to look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock
from app.domain import events
from app.domain.statuses import text
from app.errors import Invalid
from app.models.accounts.accounts import Account
from app.models.instance.rules import Rule
from app.models.moderation.reports import Report, ReportCategory, ReportedStatus

MAX_COMMENT: Final = 1000


@dataclass(frozen=True, slots=True)
class Complaint:
    """What somebody says of an account. Naming a rule is reporting a violation.

    `statuses` is `{status id: Status entity}`, as the reporter may read them.
    """

    category: ReportCategory = ReportCategory.OTHER
    comment: str = ""
    rule_ids: Sequence[int] = ()
    statuses: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)


async def report(
    session: AsyncSession, account: Account, target: Account, complaint: Complaint
) -> Report:
    """Ask the moderators to look at `target`, who is not told.

    Raises:
        Invalid: the comment is too long, or a rule is none.
    """
    comment = text.clean(complaint.comment).strip()
    if len(comment) > MAX_COMMENT:
        raise Invalid(
            {"comment": [("ERR_TOO_LONG", f"is too long (maximum is {MAX_COMMENT} characters)")]}
        )
    rule_ids = await require_rules(session, complaint.rule_ids)
    now = clock.now()
    made = Report(
        created_at=now,
        updated_at=now,
        account_id=account.id,
        target_account_id=target.id,
        category=ReportCategory.VIOLATION if rule_ids else complaint.category,
        comment=comment,
        rule_ids=rule_ids,
    )
    session.add(made)
    await session.flush()
    session.add_all(
        ReportedStatus(report_id=made.id, status_id=id_, entity=dict(entity))
        for id_, entity in complaint.statuses.items()
    )
    await events.record(
        session,
        "report.created",
        report_id=made.id,
        account_id=account.id,
        target_account_id=target.id,
    )
    return made


async def require_rules(session: AsyncSession, rule_ids: Sequence[int]) -> list[int]:
    """These rules, each once; retired ones are rules too.

    Raises:
        Invalid: one of them does not exist.
    """
    wanted = list(dict.fromkeys(rule_ids))
    if not wanted:
        return []
    known = await session.scalar(
        select(func.count()).select_from(Rule).where(col(Rule.id).in_(wanted))
    )
    if known != len(wanted):
        raise Invalid({"rule_ids": [("ERR_INVALID", "does not reference valid rules")]})
    return wanted
