"""Reports: what somebody asks the moderators to look at.

Whom a report is about learns nothing of it, moderator or not: to them it is not there (AZ-3).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock
from app.database import Reader
from app.domain import events
from app.domain.moderation import accounts, audit
from app.domain.moderation.accounts import Moderator
from app.domain.statuses import text
from app.errors import Invalid, NotFound
from app.models.accounts.accounts import Account
from app.models.instance.rules import Rule
from app.models.moderation.reports import Report, ReportCategory, ReportedStatus
from app.pagination import Listing, Page

MAX_COMMENT: Final = 1000

# The columns that name accounts.
PEOPLE: Final = (
    "account_id",
    "target_account_id",
    "assigned_account_id",
    "action_taken_by_account_id",
)

# `statuses` are entities, as they were when they were reported.
_SELECT = """
SELECT r.id AS cursor, r.*,
       (SELECT json_agg(s.entity ORDER BY s.status_id DESC)
        FROM reported_statuses s WHERE s.report_id = r.id)::text AS statuses
FROM reports r
"""
_LIST = Listing(
    f"""
    {_SELECT}
    WHERE r.id < $2 AND r.id > $3 AND r.target_account_id <> $1
      AND ($5::boolean IS NULL OR (r.action_taken_at IS NOT NULL) = $5)
      AND ($6::bigint IS NULL OR r.account_id = $6)
      AND ($7::bigint IS NULL OR r.target_account_id = $7)
    ORDER BY r.id {{direction}} LIMIT $4
    """
)
_ONE = f"{_SELECT} WHERE r.id = $1 AND r.target_account_id <> $2"
_RULES = "SELECT id, text, hint FROM rules WHERE id = ANY($1::bigint[])"

_BY_IDS = """
SELECT r.id, r.category, r.comment, r.rule_ids, r.created_at, r.action_taken_at,
       r.target_account_id,
       ARRAY(SELECT said.status_id FROM reported_statuses said
             WHERE said.report_id = r.id ORDER BY said.status_id) AS status_ids
FROM reports r WHERE r.id = ANY($1::bigint[])
"""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which reports are wanted; None means all."""

    resolved: bool | None = None
    account_id: int | None = None
    target_account_id: int | None = None

    def arguments(self) -> tuple[object, ...]:
        """Its values, for `$5` to `$7`."""
        return self.resolved, self.account_id, self.target_account_id


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of reports, with `{id: row}` of the accounts and rules in them."""

    rows: Sequence[Any]
    accounts: Mapping[int, Any]
    rules: Mapping[int, Any]


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
        ReportedStatus(
            report_id=made.id, status_id=id_, entity=dict(entity), files=_files_of(entity)
        )
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


async def by_ids(reader: Reader, ids: Sequence[int]) -> Sequence[Any]:
    """Rows of these reports, each with its `status_ids`."""
    return await reader.fetch(_BY_IDS, list(ids)) if ids else []


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


async def page(reader: Reader, viewer: int, choice: Choice, page: Page) -> Found:
    """The reports that are chosen, newest first, with everything they are about.

    `viewer` is the moderator who asks.
    """
    found = await _LIST.read(reader, viewer, page, *choice.arguments())
    return await _with_things(reader, found)


async def one(reader: Reader, viewer: int, report_id: int) -> Found:
    """A page of one; `viewer` is the moderator who asks.

    Raises:
        NotFound: there is no such report.
    """
    found = await reader.fetch(_ONE, report_id, viewer)
    if not found:
        raise NotFound
    return await _with_things(reader, found)


async def change(
    session: AsyncSession,
    moderator: Moderator,
    report_id: int,
    category: ReportCategory | None,
    rule_ids: Sequence[int] | None,
) -> None:
    """Call it something else; None leaves a part as it is.

    Raises:
        Invalid: a rule does not exist.
        NotFound: there is no such report.
    """
    found = await _require(session, moderator, report_id)
    if rule_ids is not None:
        found.rule_ids = await require_rules(session, rule_ids)
    if category is not None:
        found.category = category
    await _keep(session, moderator, found, "update")


async def assign(session: AsyncSession, moderator: Moderator, report_id: int) -> None:
    """Take it on oneself.

    Raises:
        NotFound: there is no such report.
    """
    found = await _require(session, moderator, report_id)
    found.assigned_account_id = moderator.account_id
    await _keep(session, moderator, found, "assigned_to_self")


async def unassign(session: AsyncSession, moderator: Moderator, report_id: int) -> None:
    """Leave it to whoever takes it.

    Raises:
        NotFound: there is no such report.
    """
    found = await _require(session, moderator, report_id)
    found.assigned_account_id = None
    await _keep(session, moderator, found, "unassigned")


async def resolve(session: AsyncSession, moderator: Moderator, report_id: int) -> None:
    """Call it dealt with.

    Raises:
        NotFound: there is no such report.
    """
    found = await _require(session, moderator, report_id)
    if found.action_taken_at is None:
        found.action_taken_at = clock.now()
        found.action_taken_by_account_id = moderator.account_id
    await _keep(session, moderator, found, "resolve")


async def reopen(session: AsyncSession, moderator: Moderator, report_id: int) -> None:
    """Look at it again.

    Raises:
        NotFound: there is no such report.
    """
    found = await _require(session, moderator, report_id)
    found.action_taken_at = found.action_taken_by_account_id = None
    await _keep(session, moderator, found, "reopen")


async def _with_things(reader: Reader, found: Sequence[Any]) -> Found:
    people = {row[name] for row in found for name in PEOPLE if row[name] is not None}
    rule_ids = {id_ for row in found for id_ in row["rule_ids"]}
    rules = await reader.fetch(_RULES, sorted(rule_ids)) if rule_ids else []
    return Found(
        rows=found,
        accounts=await accounts.by_ids(reader, sorted(people)),
        rules={row["id"]: row for row in rules},
    )


def _files_of(status: Mapping[str, Any]) -> list[str]:
    """The names of the files that a Status shows."""
    urls = [media[key] for media in status["media_attachments"] for key in ("url", "preview_url")]
    return [url.rpartition("/")[2] for url in urls if url]


async def _require(session: AsyncSession, moderator: Moderator, report_id: int) -> Report:
    found = await session.get(Report, report_id, with_for_update=True)
    if found is None or found.target_account_id == moderator.account_id:
        raise NotFound
    return found


async def _keep(session: AsyncSession, moderator: Moderator, found: Report, action: str) -> None:
    found.updated_at = clock.now()
    session.add(found)
    await audit.record(session, moderator.actor, action, "report", found.id)
