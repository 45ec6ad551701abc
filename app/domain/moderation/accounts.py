"""Accounts as moderators see and change them.

Nobody acts on somebody of their own rank or above, or on themselves (AZ-3). Every act is audited,
in its own transaction (AU-3). Those that can be undone have an opposite, and doing either twice
changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock, ids
from app.database import Reader
from app.domain import events
from app.domain.accounts import accounts
from app.domain.identity import users
from app.domain.moderation import audit
from app.domain.moderation.audit import Actor
from app.domain.statuses import text
from app.errors import Forbidden, Invalid, NotFound, Unprocessable
from app.models.accounts.accounts import Account
from app.models.identity.users import Role, User
from app.models.moderation.account_warnings import AccountWarning, ActionType
from app.models.moderation.reports import Report, ReportedStatus
from app.pagination import Listing, Page

State = Literal["active", "pending", "disabled", "silenced", "suspended", "sensitized"]

MAX_TEXT: Final = 2000

COLUMNS: Final = f"""
    {accounts.COLUMNS}, a.username, a.created_at, a.silenced_at, a.suspended_at, a.sensitized_at,
    u.email, u.locale, u.reason, u.role, u.confirmed_at, u.approved, u.disabled
"""
_FROM: Final = "accounts a LEFT JOIN users u ON u.account_id = a.id"

_IN_STATE = """
    CASE $5::text
        WHEN 'active' THEN a.suspended_at IS NULL AND u.approved IS NOT FALSE
        WHEN 'pending' THEN u.approved IS FALSE
        WHEN 'disabled' THEN u.disabled AND a.suspended_at IS NULL
        WHEN 'silenced' THEN a.silenced_at IS NOT NULL
        WHEN 'suspended' THEN a.suspended_at IS NOT NULL
        WHEN 'sensitized' THEN a.sensitized_at IS NOT NULL
        ELSE true
    END
"""

# Beginnings of names and addresses, whatever the case.
_LIST = Listing(
    f"""
    SELECT a.id AS cursor, {COLUMNS}
    FROM {_FROM}
    WHERE a.id < $2 AND a.id > $3 AND $1::bigint IS NOT NULL AND {_IN_STATE}
      AND ($6::text[] IS NULL OR u.role = ANY($6))
      AND ($7::text IS NULL OR starts_with(lower(a.username), $7))
      AND ($8::text IS NULL OR starts_with(lower(a.display_name), $8))
      AND ($9::text IS NULL OR starts_with(lower(u.email), $9))
    ORDER BY a.id {{direction}} LIMIT $4
    """
)

_BY_IDS = f"SELECT a.id AS cursor, {COLUMNS} FROM {_FROM} WHERE a.id = ANY($1::bigint[])"


@dataclass(frozen=True, slots=True)
class Choice:
    """Which accounts are wanted; None means all."""

    state: State | None = None
    roles: Sequence[Role] | None = None
    username: str | None = None
    display_name: str | None = None
    email: str | None = None

    def arguments(self) -> tuple[object, ...]:
        """Its values, for `$5` to `$9`."""
        roles = [role.value for role in self.roles] if self.roles is not None else None
        return (self.state, roles, *map(_lower, (self.username, self.display_name, self.email)))


@dataclass(frozen=True, slots=True)
class Moderator:
    """Who acts, and how high they stand."""

    actor: Actor
    account_id: int
    role: Role


async def page(reader: Reader, viewer: int, choice: Choice, page: Page) -> Sequence[Any]:
    """Rows of the accounts, the newest first, with what only moderators see of them."""
    return await _LIST.read(reader, viewer, page, *choice.arguments())


async def by_ids(reader: Reader, account_ids: Sequence[int]) -> dict[int, Any]:
    """`{account id: row with what only moderators see}`, of those that exist."""
    if not account_ids:
        return {}
    return {row["id"]: row for row in await reader.fetch(_BY_IDS, list(account_ids))}


async def require(reader: Reader, account_id: int) -> Any:
    """The row of one account.

    Raises:
        NotFound: there is none.
    """
    found = await by_ids(reader, [account_id])
    if account_id not in found:
        raise NotFound
    return found[account_id]


async def act(
    session: AsyncSession,
    moderator: Moderator,
    account_id: int,
    action: ActionType,
    *,
    written: str = "",
    report_id: int | None = None,
) -> None:
    """Do something about an account, and tell its owner why.

    A report that led to it is dealt with thereby, and by anything harder than a word of warning
    all open reports of the account are, whether one is named or not.

    Raises:
        Forbidden: not somebody the moderator may act on.
        Invalid: the text is too long.
        NotFound: there is no such account or report.
    """
    written = text.clean(written).strip()
    if len(written) > MAX_TEXT:
        raise Invalid(
            {"text": [("ERR_TOO_LONG", f"is too long (maximum is {MAX_TEXT} characters)")]}
        )
    account, user = await _require_below(session, moderator, account_id)
    status_ids = await _reported(session, account_id, report_id) if report_id is not None else []
    match action:
        case ActionType.SENSITIVE:
            _set(session, account, "sensitized_at", clock.now())
        case ActionType.SILENCE:
            _set(session, account, "silenced_at", clock.now())
        case ActionType.DISABLE if user is not None:
            await users.disable(session, user)
        case ActionType.SUSPEND:
            _set(session, account, "suspended_at", clock.now())
            if user is not None:
                await users.end_everything(session, user)
        case _:
            pass
    warning = AccountWarning(
        account_id=moderator.account_id,
        target_account_id=account_id,
        action=action,
        text=written,
        report_id=report_id,
        status_ids=status_ids,
    )
    session.add(warning)
    await _resolve(session, moderator, account_id, action, report_id)
    await audit.record(
        session,
        moderator.actor,
        action,
        "account",
        account_id,
        **({"report_id": report_id} if report_id is not None else {}),
    )
    await events.record(
        session,
        "account.moderated",
        account_id=account_id,
        action=action,
        warning_id=warning.id,
    )


async def unsilence(session: AsyncSession, moderator: Moderator, account_id: int) -> None:
    """Let everybody come across an account again.

    Raises:
        Forbidden, NotFound: as `act`.
    """
    await _clear(session, moderator, account_id, "silenced_at", "unsilence")


async def unsuspend(session: AsyncSession, moderator: Moderator, account_id: int) -> None:
    """Bring an account back with all it said; its owner has to log in anew.

    Raises:
        Forbidden, NotFound: as `act`.
    """
    await _clear(session, moderator, account_id, "suspended_at", "unsuspend")


async def unsensitize(session: AsyncSession, moderator: Moderator, account_id: int) -> None:
    """Show what an account posts as it means it.

    Raises:
        Forbidden, NotFound: as `act`.
    """
    await _clear(session, moderator, account_id, "sensitized_at", "unsensitive")


async def enable(session: AsyncSession, moderator: Moderator, account_id: int) -> None:
    """Let a login be used again.

    Raises:
        Forbidden, NotFound: as `act`.
    """
    _, user = await _require_below(session, moderator, account_id)
    if user is not None and user.disabled:
        await users.enable(session, user)
        await audit.record(session, moderator.actor, "enable", "account", account_id)


async def approve(session: AsyncSession, moderator: Moderator, account_id: int) -> None:
    """Accept somebody who signed up.

    Raises:
        Forbidden: they are not waiting.
        NotFound: there is no such account.
    """
    user = await _require_pending(session, moderator, account_id)
    await users.approve(session, user)
    await audit.record(session, moderator.actor, "approve", "account", account_id)


async def reject(session: AsyncSession, moderator: Moderator, account_id: int) -> None:
    """Refuse somebody who signed up: nothing is left of it.

    Raises:
        Forbidden: they are not waiting.
        NotFound: there is no such account.
    """
    await _require_pending(session, moderator, account_id)
    await session.delete(await session.get_one(Account, account_id))
    await audit.record(session, moderator.actor, "reject", "account", account_id)
    await events.record(session, "account.deleted", account_id=account_id)


async def erase(session: AsyncSession, moderator: Moderator, account_id: int) -> None:
    """Have a suspended account erased, soon and for good.

    Raises:
        Forbidden: it is not suspended, or nobody the moderator may act on.
        NotFound: there is no such account.
    """
    account, _ = await _require_below(session, moderator, account_id)
    if account.suspended_at is None:
        raise Forbidden
    await audit.record(session, moderator.actor, "destroy", "account", account_id)
    await events.record(session, "account.given_up", account_id=account_id)


async def set_role(
    session: AsyncSession, moderator: Moderator, account_id: int, role: Role
) -> None:
    """Give somebody another role, below one's own.

    Raises:
        Forbidden: the role, or the person, is not below the moderator.
        NotFound: there is no such account.
        Unprocessable: nobody can log in to it.
    """
    _, user = await _require_below(session, moderator, account_id)
    if user is None:
        raise Unprocessable("Nobody can log in to this account")
    if role.at_least(moderator.role):
        raise Forbidden
    before = user.role
    await users.set_role(session, user, role)
    await audit.record(
        session, moderator.actor, "change_role", "user", account_id, role=[before, role.value]
    )


async def _require_below(
    session: AsyncSession, moderator: Moderator, account_id: int
) -> tuple[Account, User | None]:
    account = await session.get(Account, account_id, with_for_update=True)
    if account is None:
        raise NotFound
    user = (
        await session.exec(select(User).where(col(User.account_id) == account_id).with_for_update())
    ).first()
    if account_id == moderator.account_id:
        raise Forbidden
    if user is not None and Role(user.role).at_least(moderator.role):
        raise Forbidden
    return account, user


async def _require_pending(session: AsyncSession, moderator: Moderator, account_id: int) -> User:
    _, user = await _require_below(session, moderator, account_id)
    if user is None or user.approved:
        raise Forbidden
    return user


async def _clear(
    session: AsyncSession, moderator: Moderator, account_id: int, state: str, action: str
) -> None:
    account, _ = await _require_below(session, moderator, account_id)
    if getattr(account, state) is None:
        return
    _set(session, account, state, None)
    await audit.record(session, moderator.actor, action, "account", account_id)
    await events.record(session, "account.moderated", account_id=account_id, action=action)


def _set(session: AsyncSession, account: Account, state: str, moment: datetime | None) -> None:
    if moment is not None and getattr(account, state) is not None:
        return
    setattr(account, state, moment)
    account.version = ids.new()
    session.add(account)


async def _reported(session: AsyncSession, account_id: int, report_id: int) -> list[int]:
    report = await session.get(Report, report_id)
    if report is None or report.target_account_id != account_id:
        raise NotFound
    found = await session.exec(
        select(ReportedStatus.status_id).where(col(ReportedStatus.report_id) == report_id)
    )
    return sorted(found.all())


async def _resolve(
    session: AsyncSession,
    moderator: Moderator,
    account_id: int,
    action: ActionType,
    report_id: int | None,
) -> None:
    if report_id is None and action == ActionType.NONE:
        return
    now = clock.now()
    about = (
        col(Report.id) == report_id
        if action == ActionType.NONE
        else col(Report.target_account_id) == account_id
    )
    values: Mapping[str, Any] = {
        "action_taken_at": now,
        "action_taken_by_account_id": moderator.account_id,
        "updated_at": now,
    }
    await session.exec(
        update(Report).where(about, col(Report.action_taken_at).is_(None)).values(**values)
    )


def _lower(value: str | None) -> str | None:
    return value.strip().lower() or None if value else None
