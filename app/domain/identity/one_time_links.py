"""One-time links: they confirm an e-mail address, or let a person choose a password (LG-8)."""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import delete
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock
from app.models.identity.one_time_links import OneTimeLink, Purpose
from app.models.identity.users import User

_LIFE = {Purpose.CONFIRM_EMAIL: timedelta(days=2), Purpose.SET_PASSWORD: timedelta(minutes=30)}


async def issue(session: AsyncSession, user: User, purpose: Purpose) -> str:
    """The secret part of a new link.

    Earlier ones stay good: anybody may ask for one, and would end that which is being used.
    """
    token = secrets.token_urlsafe(32)
    session.add(
        OneTimeLink(
            token_hash=_digest(token),
            user_id=user.id,
            purpose=purpose,
            email=user.email,
            expires_at=clock.now() + _LIFE[purpose],
        )
    )
    await session.flush()
    return token


async def user_by_link(session: AsyncSession, token: str, purpose: Purpose) -> User | None:
    """Whose link this is; None if it is used, too old, or for an address that changed meanwhile."""
    link = await session.get(OneTimeLink, _digest(token))
    if link is None or link.purpose != purpose or link.expires_at < clock.now():
        return None
    user = await session.get(User, link.user_id)
    return user if user is not None and user.email == link.email else None


async def use(session: AsyncSession, token: str, purpose: Purpose) -> User | None:
    """Use a link up, and the others with it.

    None as in `user_by_link`; of two who use it at once, one gets None.
    """
    user = await user_by_link(session, token, purpose)
    return user if user is not None and await end(session, user, purpose, token) else None


async def end(session: AsyncSession, user: User, purpose: Purpose, token: str = "") -> bool:
    """End all links of a user for a purpose; whether `token` was one of them."""
    ended = await session.exec(
        delete(OneTimeLink)
        .where(col(OneTimeLink.user_id) == user.id, col(OneTimeLink.purpose) == purpose)
        .returning(col(OneTimeLink.token_hash))
    )
    return (_digest(token),) in ended.all()


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
