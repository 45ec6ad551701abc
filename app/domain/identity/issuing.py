"""Issuing tokens: which kind an application gets, and the answer that carries it (OA-9, OA-10)."""

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock
from app.domain.identity import jwts, refresh_tokens, tokens
from app.domain.moderation import audit
from app.models.identity.applications import Application
from app.models.identity.refresh_tokens import RefreshToken
from app.models.identity.users import User
from app.settings import Settings


async def issue(
    session: AsyncSession,
    settings: Settings,
    *,
    application: Application,
    user: User | None,
    scopes: str,
    code_hash: bytes | None = None,
) -> dict[str, Any]:
    """The token answer for a user who agreed, or for the application itself; audited (AU-2).

    Applications that registered for refresh get a JWT for ten minutes and a refresh token; all
    others, and all that speak for themselves, a reference token without an end.
    """
    await audit.record(
        session,
        audit.Actor("user", user.account_id if user else None, application.id),
        "create",
        "access_token",
        None,
        scopes=scopes,
    )
    if user is not None and application.refresh:
        refresh_token, family_id = await refresh_tokens.begin(
            session,
            application_id=application.id,
            user_id=user.id,
            scopes=scopes,
            code_hash=code_hash,
        )
        return await _jwt_answer(
            session, settings, application, user, family_id, scopes, refresh_token
        )
    access_token = tokens.issue(
        session,
        scopes=scopes,
        application_id=application.id,
        user_id=user.id if user else None,
        code_hash=code_hash,
    )
    await session.flush()
    return _answer(access_token, scopes)


async def renew(
    session: AsyncSession,
    settings: Settings,
    *,
    application: Application,
    user: User,
    row: RefreshToken,
    presented: str,
    scopes: str,
) -> dict[str, Any]:
    """The answer for a refresh token: a JWT with `scopes`, and the token's successor (OA-13)."""
    successor = await refresh_tokens.rotate(session, row)
    answer = await _jwt_answer(
        session, settings, application, user, row.family_id, scopes, successor
    )
    await refresh_tokens.keep_answer(session, row, presented, answer)
    return answer


async def _jwt_answer(
    session: AsyncSession,
    settings: Settings,
    application: Application,
    user: User,
    family_id: int,
    scopes: str,
    refresh_token: str,
) -> dict[str, Any]:
    access_token = await jwts.issue(
        session,
        settings,
        user_id=user.id,
        account_id=user.account_id,
        client_id=application.client_id,
        application_id=application.id,
        family_id=family_id,
        scopes=scopes,
    )
    return {
        **_answer(access_token, scopes),
        "expires_in": jwts.LIFE_SECONDS,
        "refresh_token": refresh_token,
    }


def _answer(access_token: str, scopes: str) -> dict[str, Any]:
    return {
        "access_token": access_token,
        "token_type": "Bearer",
        "scope": scopes,
        "created_at": int(clock.now().timestamp()),
    }
