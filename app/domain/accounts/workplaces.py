"""Workplaces: where people work and whom they report to, as the organisation says it."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from app import ids
from app.database import SessionReader
from app.domain import events
from app.domain.accounts import accounts
from app.domain.statuses import text
from app.errors import NotFound, Unprocessable
from app.models.accounts.accounts import Account

MAX_NAME: Final = 255


@dataclass(frozen=True, slots=True)
class Workplace:
    """What to change: None leaves it as it is, an empty text takes it away.

    `manager` is a user name.
    """

    unit: str | None = None
    location: str | None = None
    manager: str | None = None

    def __bool__(self) -> bool:
        return (self.unit, self.location, self.manager) != (None, None, None)


async def move(session: AsyncSession, account_id: int, workplace: Workplace) -> None:
    """Write down where somebody works from now on.

    Raises:
        Unprocessable: a name is too long, nobody is called as the manager is, or it is themselves.
    """
    if not workplace:
        return
    changes: dict[str, Any] = {
        name: _name(value)
        for name, value in (("unit", workplace.unit), ("location", workplace.location))
        if value is not None
    }
    if workplace.manager is not None:
        changes["manager_id"] = await _manager_id(session, account_id, workplace.manager)
    await session.exec(
        update(Account).where(col(Account.id) == account_id).values(**changes, version=ids.new())
    )
    await events.record(session, "account.updated", account_id=account_id)


def _name(value: str) -> str | None:
    cleaned = text.clean_name(value)
    if len(cleaned) > MAX_NAME:
        raise Unprocessable(f"A unit or a location has {MAX_NAME} characters at most")
    return cleaned or None


async def _manager_id(session: AsyncSession, account_id: int, username: str) -> int | None:
    if not username:
        return None
    try:
        found = await accounts.by_acct(SessionReader(session), username, domain="")
    except NotFound:
        raise Unprocessable(f"Nobody is called {username}") from None
    if found["id"] == account_id:
        raise Unprocessable("Nobody is their own manager")
    manager_id: int = found["id"]
    return manager_id
