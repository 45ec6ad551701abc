"""Scheduled statuses: saying it later."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

from pydantic import TypeAdapter
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock, ids
from app.database import Reader, SessionReader
from app.domain import events
from app.domain.statuses import media_attachments, quote_policies, statuses, visibility
from app.domain.statuses.drafts import Draft, Rules
from app.errors import Forbidden, Invalid, NotFound, Unprocessable
from app.models.accounts.accounts import Account
from app.models.identity.applications import Application
from app.models.statuses.scheduled_statuses import ScheduledStatus
from app.pagination import Listing, Page

MIN_AHEAD: Final = timedelta(minutes=5)
MAX_TOTAL: Final = 300
MAX_A_DAY: Final = 25

_DRAFTS = TypeAdapter(Draft)
_DAY = timedelta(days=1)

# What it holds, in no order: that stands in the draft.
_MEDIA = """(
    SELECT json_agg(to_json(m)) FROM media_attachments m WHERE m.held_by_id = s.id
)::text AS media"""

_LIST = Listing(
    f"SELECT s.id AS cursor, s.id, s.scheduled_at, s.draft::text AS draft, s.error, {_MEDIA} "
    "FROM scheduled_statuses s "
    "WHERE s.account_id = $1 AND s.id < $2 AND s.id > $3 ORDER BY s.id {direction} LIMIT $4"
)
_ONE = f"""
SELECT s.id, s.scheduled_at, s.draft::text AS draft, s.error, {_MEDIA}
FROM scheduled_statuses s WHERE s.account_id = $1 AND s.id = $2
"""


async def schedule(
    session: AsyncSession, account: Account, draft: Draft, rules: Rules, at: datetime
) -> int:
    """Post a draft at a moment to come; the id of the scheduled status.

    Raises:
        Invalid: that is too soon.
        HardopError: whatever would keep it from being posted right now.
        Unprocessable: the account has scheduled as many as it may, in all or for that day.
    """
    await statuses.check(session, account, draft, rules)
    # One after the other, so that two requests cannot both take the last place.
    await session.refresh(account, with_for_update=True)
    await _refuse(session, account.id, at)
    mine = col(ScheduledStatus.account_id) == account.id
    total = await session.scalar(select(func.count()).where(mine))
    if (total or 0) >= MAX_TOTAL:
        raise Unprocessable(
            f"Validation failed: You have exceeded the limit of {MAX_TOTAL} scheduled posts"
        )
    scheduled_id = ids.new()
    await media_attachments.hold(session, account.id, draft.media_ids, scheduled_id)
    draft = replace(draft, media_holder_id=scheduled_id)
    scheduled = ScheduledStatus(
        id=scheduled_id,
        account_id=account.id,
        scheduled_at=at,
        draft=_DRAFTS.dump_python(draft, mode="json"),
    )
    session.add(scheduled)
    await _remember(session, scheduled)
    return scheduled.id


async def reschedule(
    session: AsyncSession, account: Account, scheduled_id: int, at: datetime
) -> None:
    """Post it at another moment.

    Raises:
        Invalid, Unprocessable: as `schedule`.
        NotFound: the account has not scheduled it, or it is posted by now.
    """
    scheduled = await _own(session, account, scheduled_id)
    await session.refresh(account, with_for_update=True)
    await _refuse(session, account.id, at, scheduled_id)
    scheduled.scheduled_at = at
    scheduled.error = None
    session.add(scheduled)
    await _remember(session, scheduled)


async def cancel(session: AsyncSession, account: Account, scheduled_id: int) -> None:
    """Not post it after all.

    Raises:
        NotFound: the account has not scheduled it, or it is posted by now.
    """
    await session.delete(await _own(session, account, scheduled_id))
    await media_attachments.release(session, scheduled_id)


async def publish(session: AsyncSession, scheduled_id: int, rules: Rules) -> None:
    """Post what is due; nothing happens if it is posted or cancelled by now.

    What is put off, or asked for too early by a clock that differs, is planned anew. What it
    answers or quotes may be gone: the words are posted all the same.

    Raises:
        HardopError: it cannot be posted.
    """
    scheduled = await session.get(ScheduledStatus, scheduled_id, with_for_update=True)
    if scheduled is None:
        return
    if scheduled.scheduled_at > clock.now():
        await _remember(session, scheduled)
        return
    account = await session.get_one(Account, scheduled.account_id)
    if account.suspended_at is not None:
        raise Forbidden
    draft = await _possible(session, account, _DRAFTS.validate_python(scheduled.draft))
    await session.delete(scheduled)
    await statuses.post(session, account, draft, rules)


async def fail(session: AsyncSession, scheduled_id: int, error: str) -> None:
    """Keep what could not be posted, with the reason: its author sees both in the list."""
    scheduled = await session.get(ScheduledStatus, scheduled_id, with_for_update=True)
    # Meanwhile it may be cancelled, or put off.
    if scheduled is not None and scheduled.scheduled_at <= clock.now():
        scheduled.error = error
        session.add(scheduled)
        await events.record(session, "scheduled_status.failed", account_id=scheduled.account_id)


async def page(reader: Reader, account_id: int, page: Page) -> Sequence[Any]:
    """What an account has scheduled, the latest first."""
    return await _LIST.read(reader, account_id, page)


async def one(reader: Reader, account_id: int, scheduled_id: int) -> Any:
    """A row as in `page`.

    Raises:
        NotFound: the account has not scheduled it, or it is posted by now.
    """
    found = await reader.fetch(_ONE, account_id, scheduled_id)
    if not found:
        raise NotFound
    return found[0]


async def _own(session: AsyncSession, account: Account, scheduled_id: int) -> ScheduledStatus:
    found: ScheduledStatus | None = await session.scalar(
        select(ScheduledStatus)
        .where(
            col(ScheduledStatus.id) == scheduled_id, col(ScheduledStatus.account_id) == account.id
        )
        .with_for_update()
    )
    if found is None:
        raise NotFound
    return found


async def _refuse(
    session: AsyncSession, account_id: int, at: datetime, but: int | None = None
) -> None:
    """Refuse a moment that is too soon, or on a day that is full; `but` is not counted."""
    if at <= clock.now() + MIN_AHEAD:
        raise Invalid({"scheduled_at": [("ERR_INVALID", "date must be in the future")]})
    day = datetime.combine(at.date(), time(), UTC)
    counted = select(func.count()).where(
        col(ScheduledStatus.account_id) == account_id,
        col(ScheduledStatus.scheduled_at) >= day,
        col(ScheduledStatus.scheduled_at) < day + _DAY,
        col(ScheduledStatus.id) != (but or 0),
    )
    if (await session.scalar(counted) or 0) >= MAX_A_DAY:
        raise Unprocessable(
            f"Validation failed: You have exceeded the limit of {MAX_A_DAY} scheduled posts "
            "for today"
        )


async def _remember(session: AsyncSession, scheduled: ScheduledStatus) -> None:
    await events.later(
        session,
        "publish_status",
        scheduled.scheduled_at,
        scheduled_status_id=scheduled.id,
    )


async def _possible(session: AsyncSession, account: Account, draft: Draft) -> Draft:
    """A draft without what was deleted, or hidden from its author, since it was written."""
    if draft.in_reply_to_id is not None:
        try:
            await visibility.require_visible(
                SessionReader(session), account.id, draft.in_reply_to_id
            )
        except NotFound:
            draft = replace(draft, in_reply_to_id=None)
    try:
        await quote_policies.quotable(session, account, draft.quoted_status_id)
    except (NotFound, Forbidden):
        draft = replace(draft, quoted_status_id=None)
    if await session.get(Application, draft.application_id or 0) is None:
        draft = replace(draft, application_id=None)
    return draft
