"""Authorization codes: given at consent, exchanged once (OA-6)."""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import delete, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock
from app.domain.identity import redirect_uris
from app.models.identity.access_tokens import AccessToken
from app.models.identity.authorization_codes import AuthorizationCode
from app.models.identity.refresh_tokens import RefreshToken

LIFE = timedelta(seconds=60)
# Somebody has to copy it by hand.
LIFE_OUT_OF_BAND = timedelta(minutes=5)
_KEPT = timedelta(days=1)


def digest(code: str) -> bytes:
    """What is stored of a code."""
    return hashlib.sha256(code.encode()).digest()


async def issue(
    session: AsyncSession,
    *,
    application_id: int,
    user_id: int,
    session_id: int,
    redirect_uri: str,
    scopes: str,
    code_challenge: str | None,
) -> str:
    """A new code for what a user just agreed to."""
    now = clock.now()
    out_of_band = redirect_uri == redirect_uris.OUT_OF_BAND
    code = secrets.token_urlsafe(32)
    session.add(
        AuthorizationCode(
            code_hash=digest(code),
            application_id=application_id,
            user_id=user_id,
            session_id=session_id,
            redirect_uri=redirect_uri,
            scopes=scopes,
            code_challenge=code_challenge,
            expires_at=now + (LIFE_OUT_OF_BAND if out_of_band else LIFE),
        )
    )
    await session.flush()
    old = (
        select(col(AuthorizationCode.code_hash))
        .where(col(AuthorizationCode.expires_at) < now - _KEPT)
        .limit(100)
        .with_for_update(skip_locked=True)
    )
    await session.exec(delete(AuthorizationCode).where(col(AuthorizationCode.code_hash).in_(old)))
    return code


async def held(session: AsyncSession, code: str, application_id: int) -> AuthorizationCode | None:
    """An application's code, used or not, locked: of parallel requests one goes first."""
    query = (
        select(AuthorizationCode)
        .where(
            col(AuthorizationCode.code_hash) == digest(code),
            col(AuthorizationCode.application_id) == application_id,
        )
        .with_for_update()
    )
    return (await session.exec(query)).first()


def is_usable(code: AuthorizationCode) -> bool:
    """Whether it may be exchanged: not used, not too old, its browser not logged out."""
    return (
        code.redeemed_at is None and code.expires_at > clock.now() and code.session_id is not None
    )


async def redeem(session: AsyncSession, code: AuthorizationCode) -> None:
    """Use a code up."""
    code.redeemed_at = clock.now()
    session.add(code)
    await session.flush()


async def end_what_came_of(session: AsyncSession, code: AuthorizationCode) -> None:
    """A used code came again, from its own client: one of the two was a thief, so both lose."""
    for table in (AccessToken, RefreshToken):
        await session.exec(
            update(table)
            .where(col(table.code_hash) == code.code_hash, col(table.revoked_at).is_(None))
            .values(revoked_at=clock.now())
        )
