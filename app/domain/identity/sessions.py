"""Sessions: who is logged in with a browser (LG-1)."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock
from app.domain.identity import secrecy
from app.models.accounts.accounts import Account
from app.models.identity.authorization_codes import AuthorizationCode
from app.models.identity.sessions import Session
from app.models.identity.users import User
from app.settings import Settings

IDLE = timedelta(hours=8)
LONGEST = timedelta(days=7)
_MOVED_EVERY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is logged in with a browser."""

    session: Session
    user: User
    account: Account


def new_cookie() -> str:
    """A value for the cookie, of somebody who is not logged in yet too: forms are bound to it."""
    return secrets.token_urlsafe(32)


def form_token(settings: Settings, cookie: str) -> str:
    """What a form of this browser must send along (LG-2)."""
    return secrecy.signature(settings, "forms", cookie)


def is_form_token(settings: Settings, cookie: str, given: str) -> bool:
    """Whether a form came from a page of ours in this very browser."""
    expected = form_token(settings, cookie)
    return bool(cookie) and hmac.compare_digest(expected.encode(), given.encode())


def known_browser(settings: Settings, user_id: int) -> str:
    """What a browser keeps in which a user logged in (OWASP, device cookies).

    Strangers who guess the password then use up attempts of their own, and not the user's.
    """
    return secrecy.signature(settings, "known browsers", str(user_id))


def is_known_browser(settings: Settings, user_id: int, given: str) -> bool:
    """Whether a user logged in with this browser before."""
    return hmac.compare_digest(known_browser(settings, user_id).encode(), given.encode())


async def start(session: AsyncSession, user: User) -> str:
    """Log a user in; the value for the cookie, always a new one."""
    cookie = new_cookie()
    session.add(Session(token_hash=_digest(cookie), user_id=user.id, last_used_at=clock.now()))
    await session.exec(
        delete(Session).where(
            col(Session.user_id) == user.id, col(Session.last_used_at) < clock.now() - LONGEST
        )
    )
    return cookie


async def visitor_by_cookie(session: AsyncSession, cookie: str) -> Visitor | None:
    """Who is logged in with this cookie; None if nobody is, or not any more."""
    query = (
        select(Session, User, Account)
        .join(User, col(User.id) == col(Session.user_id))
        .join(Account, col(Account.id) == col(User.account_id))
        .where(col(Session.token_hash) == _digest(cookie))
    )
    found = (await session.exec(query)).first()
    if found is None:
        return None
    visitor = Visitor(*found)
    now = clock.now()
    if not _is_alive(visitor, now):
        return None
    if visitor.session.last_used_at < now - _MOVED_EVERY:
        visitor.session.last_used_at = now
        session.add(visitor.session)
    return visitor


async def end(session: AsyncSession, cookie: str) -> None:
    """Log out; codes that were given out in this session and not used yet are dead."""
    await _end(session, col(Session.token_hash) == _digest(cookie))


async def open_ones(session: AsyncSession, visitor: Visitor) -> Sequence[Session]:
    """In which browsers somebody is logged in at this moment, the latest login first."""
    now = clock.now()
    begun = [now - LONGEST, visitor.user.tokens_not_before or now - LONGEST]
    found = await session.exec(
        select(Session)
        .where(
            col(Session.user_id) == visitor.user.id,
            col(Session.last_used_at) >= now - IDLE,
            col(Session.created_at) >= max(begun),
        )
        .order_by(col(Session.created_at).desc(), col(Session.id).desc())
    )
    return found.all()


async def end_one(session: AsyncSession, visitor: Visitor, session_id: int) -> None:
    """Log the same person out in one browser; nothing happens if it is not theirs, or over."""
    await _end(session, col(Session.id) == session_id, col(Session.user_id) == visitor.user.id)


async def end_others(session: AsyncSession, visitor: Visitor) -> None:
    """Log the same person out in every browser but this one."""
    await _end(
        session, col(Session.user_id) == visitor.user.id, col(Session.id) != visitor.session.id
    )


async def _end(session: AsyncSession, *conditions: Any) -> None:
    ended = select(Session.id).where(*conditions)
    await session.exec(
        delete(AuthorizationCode).where(
            col(AuthorizationCode.session_id).in_(ended),
            col(AuthorizationCode.redeemed_at).is_(None),
        )
    )
    await session.exec(delete(Session).where(*conditions))


def _is_alive(visitor: Visitor, now: datetime) -> bool:
    row, user = visitor.session, visitor.user
    return (
        row.last_used_at >= now - IDLE
        and row.created_at >= now - LONGEST
        and not user.disabled
        and visitor.account.suspended_at is None
        and (user.tokens_not_before is None or row.created_at >= user.tokens_not_before)
    )


def _digest(cookie: str) -> bytes:
    return hashlib.sha256(cookie.encode()).digest()
