"""Looking into tokens and ending them, for the clients they were issued to (RFC 7009, RFC 7662)."""

from dataclasses import dataclass
from typing import Any

from authlib.oauth2.rfc6749.errors import OAuth2Error
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock
from app.database import SessionReader
from app.domain.identity import jwts, refresh_tokens, tokens, users
from app.domain.identity.jwts import Keys
from app.domain.identity.oauth_requests import (
    BASIC,
    NONE,
    POST,
    Answer,
    OAuthRequest,
    authenticate,
)
from app.domain.moderation import audit
from app.errors import Unauthorized
from app.models.accounts.accounts import Account
from app.models.identity.access_tokens import AccessToken
from app.models.identity.applications import Application
from app.models.identity.refresh_tokens import RefreshToken
from app.models.identity.users import User
from app.settings import Settings

_INACTIVE: dict[str, Any] = {"active": False}
_NO_STORE = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class _Found:
    """A token of ours: a row, or the family that a JWT belongs to."""

    application_id: int | None
    row: AccessToken | RefreshToken | None = None
    family_id: int = 0
    claims: dict[str, Any] | None = None


async def revocation_answer(
    session: AsyncSession, settings: Settings, request: OAuthRequest
) -> Answer:
    """End a token of the client that asks; one that nobody knows is ended already (OA-14).

    With a refresh token, or a JWT, all tokens of its family end.
    """
    try:
        client = await authenticate(session, request, frozenset((BASIC, POST, NONE)))
    except OAuth2Error as error:
        return _error(error)
    token = request.form.get("token")
    if token is None:
        return _not_yours()
    found = await _find(session, settings, token)
    if found is None:
        return Answer(200, {}, _NO_STORE)
    if found.application_id != client.application.id:
        return _not_yours()
    actor = audit.Actor("user", application_id=found.application_id)
    await audit.record(session, actor, "revoke", "access_token", None)
    if isinstance(found.row, AccessToken):
        found.row.revoked_at = found.row.revoked_at or clock.now()
        session.add(found.row)
    else:
        await refresh_tokens.end_family(session, found.family_id)
    return Answer(200, {}, _NO_STORE, revoked=True)


async def introspection_answer(
    session: AsyncSession, settings: Settings, request: OAuthRequest
) -> Answer:
    """What a token is worth (OA-15). A client with a secret may ask, about tokens of its own."""
    try:
        client = await authenticate(session, request, frozenset((BASIC, POST)))
    except OAuth2Error as error:
        return _error(error)
    token = request.form.get("token", "")
    found = await _find(session, settings, token)
    body = _INACTIVE
    if found is not None and found.application_id == client.application.id:
        body = await _described(session, settings, client.application, found, token)
    return Answer(200, body, _NO_STORE)


async def _find(session: AsyncSession, settings: Settings, token: str) -> _Found | None:
    access = select(AccessToken).filter_by(token_hash=tokens.digest(token))
    if row := (await session.exec(access)).first():
        return _Found(row.application_id, row)
    refresh = select(RefreshToken).filter_by(token_hash=refresh_tokens.digest(token))
    if refresh_row := (await session.exec(refresh)).first():
        return _Found(refresh_row.application_id, refresh_row, refresh_row.family_id)
    if token.count(".") != 2:
        return None
    try:
        claims = await jwts.claims_of(token, Keys(SessionReader(session)), settings)
    except Unauthorized:
        return None
    if claims is None:
        return None
    family_id, _, application_id = jwts.family_of(claims)
    return _Found(application_id, family_id=family_id, claims=claims)


async def _described(
    session: AsyncSession, settings: Settings, application: Application, found: _Found, token: str
) -> dict[str, Any]:
    try:
        user_id, described = await _what_lasts(session, settings, found, token)
    except Unauthorized:
        return _INACTIVE
    if user_id is not None:
        user = await session.get_one(User, user_id)
        if await users.is_disabled(session, user) or users.waits_for(user):
            return _INACTIVE
        account = await session.get_one(Account, user.account_id)
        described |= {"sub": str(account.id), "username": account.username}
    issuer = jwts.issuer(settings)
    return {
        "active": True,
        "client_id": application.client_id,
        "token_type": "Bearer",
        "iss": issuer,
        "aud": issuer,
        **described,
    }


async def _what_lasts(
    session: AsyncSession, settings: Settings, found: _Found, token: str
) -> tuple[int | None, dict[str, Any]]:
    """Whose it is, and what only this kind of token has.

    Raises:
        Unauthorized: it is over.
    """
    row, reader = found.row, SessionReader(session)
    if isinstance(row, AccessToken):
        await tokens.caller_by_token(reader, token, idle_days=settings.token_idle_days)
        issued_at = int(row.created_at.timestamp())
        return row.user_id, {"scope": row.scopes, "iat": issued_at, "nbf": issued_at}
    if isinstance(row, RefreshToken):
        if not refresh_tokens.is_usable(row):
            raise Unauthorized
        issued_at = int(row.created_at.timestamp())
        expires_at = int(row.expires_at.timestamp())
        return row.user_id, {"scope": row.scopes, "iat": issued_at, "exp": expires_at}
    assert found.claims is not None
    family_id, user_id, application_id = jwts.family_of(found.claims)
    await tokens.caller_by_family(
        reader, family_id=family_id, user_id=user_id, application_id=application_id, scopes=""
    )
    shown = ("scope", "iat", "exp", "jti")
    return user_id, {name: found.claims[name] for name in shown if name in found.claims}


def _not_yours() -> Answer:
    body = {
        "error": "unauthorized_client",
        "error_description": "You are not authorized to revoke this token",
    }
    return Answer(403, body, _NO_STORE)


def _error(error: OAuth2Error) -> Answer:
    status, body, headers = error()
    return Answer(status, body, dict(headers))
