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
    """The secret part of a new link. Earlier links of the user for the same purpose are dead."""
    # One after the other: of two that are made at once, only one is good.
    await session.refresh(user, with_for_update=True)
    await session.exec(
        delete(OneTimeLink).where(
            col(OneTimeLink.user_id) == user.id, col(OneTimeLink.purpose) == purpose
        )
    )
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
    """Use a link up. None as in `user_by_link`; of two who use it at once, one gets None."""
    user = await user_by_link(session, token, purpose)
    if user is None:
        return None
    used = await session.exec(
        delete(OneTimeLink)
        .where(col(OneTimeLink.token_hash) == _digest(token))
        .returning(col(OneTimeLink.user_id))
    )
    return user if used.first() is not None else None


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
