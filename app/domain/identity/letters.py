"""Letters: what a person is told by mail, if it still concerns them when it is written.

A link that is mailed is made then, so that its secret stands in no queue.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.domain import events
from app.domain.identity import one_time_links, users
from app.models.accounts.accounts import Account
from app.models.identity.one_time_links import Purpose
from app.models.identity.users import User

About = Literal["confirm_email", "set_password", "password_changed", "not_posted"]

_ABOUT: dict[str, About] = {
    "account.created": "confirm_email",
    "user.unconfirmed": "confirm_email",
    "user.password_forgotten": "set_password",
    "user.password_changed": "password_changed",
    "scheduled_status.failed": "not_posted",
}
_PURPOSES: dict[About, Purpose] = {
    "confirm_email": Purpose.CONFIRM_EMAIL,
    "set_password": Purpose.SET_PASSWORD,
}


@dataclass(frozen=True, slots=True)
class Letter:
    """To whom to write, about what. `token` is the secret part of a link, where it has one."""

    about: About
    email: str
    username: str
    locale: str
    token: str = ""


async def ask_for_confirmation(session: AsyncSession, user: User) -> None:
    """Have somebody written to who has to confirm their address, if anything is mailed here."""
    await events.record(session, "user.unconfirmed", user_id=user.id)


async def ask_for_password(session: AsyncSession, user_id: int | None) -> None:
    """Have somebody written to who forgot their password.

    Also if there is nobody (None), and as much happens: whoever asks does not find out (LG-7).
    """
    await events.record(session, "user.password_forgotten", user_id=user_id or 0)


async def due(session: AsyncSession, event: Mapping[str, Any]) -> Letter | None:
    """The letter that an event asks for; None if there is nothing to write any more."""
    user = await _reader(session, event)
    if user is None or await users.is_disabled(session, user):
        return None
    account = await session.get_one(Account, user.account_id)
    about = _ABOUT[event["event"]]
    if about == "confirm_email" and user.confirmed_at is not None:
        return None
    purpose = _PURPOSES.get(about)
    token = "" if purpose is None else await one_time_links.issue(session, user, purpose)
    return Letter(about, user.email, account.username, user.locale, token)


async def _reader(session: AsyncSession, event: Mapping[str, Any]) -> User | None:
    if "user_id" in event:
        return await session.get(User, event["user_id"])
    query = select(User).where(col(User.account_id) == event["account_id"])
    return (await session.exec(query)).first()
