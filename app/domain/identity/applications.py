"""Applications: the clients that people may let in."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock, ids
from app.database import Reader
from app.domain.identity import redirect_uris as redirect_uris_
from app.domain.identity import scopes as scopes_
from app.errors import Conflict, Unauthorized, Unprocessable
from app.models.identity.access_tokens import AccessToken
from app.models.identity.applications import Application
from app.models.identity.authorization_codes import AuthorizationCode
from app.models.identity.refresh_tokens import RefreshToken
from app.models.identity.users import User
from app.models.timelines.private_feeds import PrivateFeed

COMMAND_LINE = "hardop-command-line"

_LET_IN = """
SELECT a.id, a.name, a.website, g.first_at, g.feeds_count,
       (SELECT string_agg(DISTINCT s, ' ' ORDER BY s)
        FROM unnest(string_to_array(g.scopes, ' ')) s) AS scopes
FROM applications a
JOIN (
    SELECT application_id, min(created_at) AS first_at, string_agg(scopes, ' ') AS scopes,
           count(*) FILTER (WHERE is_feed) AS feeds_count
    FROM (
        SELECT application_id, created_at, scopes, false AS is_feed FROM access_tokens
        WHERE user_id = $1 AND revoked_at IS NULL AND ($2::timestamptz IS NULL OR created_at >= $2)
        UNION ALL
        SELECT application_id, family_started_at, scopes, false FROM refresh_tokens
        WHERE user_id = $1 AND revoked_at IS NULL AND rotated_at IS NULL AND expires_at > $3
          AND ($2::timestamptz IS NULL OR family_started_at >= $2)
        UNION ALL
        SELECT f.application_id, f.created_at, 'read', true
        FROM private_feeds f JOIN users u ON u.account_id = f.account_id
        WHERE u.id = $1 AND ($2::timestamptz IS NULL OR f.created_at >= $2)
    ) keys
    GROUP BY application_id
) g ON g.application_id = a.id
ORDER BY lower(a.name), a.id
"""


def digest(secret: str) -> bytes:
    """What is stored of a client secret: long and random, so no slow hash is needed (OA-8)."""
    return hashlib.sha256(secret.encode()).digest()


def has_secret(application: Application, secret: str) -> bool:
    """Whether this is the application's secret, compared in constant time."""
    if application.secret_hash is None:
        return False
    return hmac.compare_digest(application.secret_hash, digest(secret))


async def register(
    session: AsyncSession,
    *,
    name: str,
    redirect_uris: Sequence[str],
    scopes: str = "read",
    website: str | None = None,
    refresh: bool = False,
    public: bool = False,
) -> tuple[Application, str]:
    """A new client and its secret, which is not kept; empty for a public one (RFC 8252).

    Raises:
        Unprocessable: a redirect URI that cannot be, or a scope that does not exist.
    """
    _check(redirect_uris, scopes)
    secret = "" if public else secrets.token_urlsafe(32)
    application = Application(
        name=name,
        website=website,
        redirect_uris=list(redirect_uris),
        scopes=scopes_.tidy(scopes),
        client_id=secrets.token_urlsafe(32),
        secret_hash=digest(secret) if secret else None,
        refresh=refresh,
    )
    session.add(application)
    await session.flush()
    return application, secret


async def establish(
    session: AsyncSession,
    *,
    name: str,
    redirect_uris: Sequence[str],
    scopes: str,
    client_id: str,
    secret: str,
    website: str | None = None,
    refresh: bool = False,
) -> Application:
    """A client whose id and secret somebody chose; the same again brings it up to date.

    Raises:
        Conflict: there is one with this id and another secret.
        Unprocessable: a redirect URI that cannot be, or a scope that does not exist.
    """
    _check(redirect_uris, scopes)
    described = {
        "name": name,
        "redirect_uris": list(redirect_uris),
        "scopes": scopes_.tidy(scopes),
        "website": website,
        "refresh": refresh,
    }
    await session.exec(
        insert(Application)
        .values(
            id=ids.new(),
            created_at=clock.now(),
            client_id=client_id,
            secret_hash=digest(secret),
            **described,
        )
        .on_conflict_do_nothing()
    )
    application = await by_client_id(session, client_id)
    if application is None or not has_secret(application, secret):
        raise Conflict(f"There is an application with the client id {client_id} and another secret")
    for field, value in described.items():
        setattr(application, field, value)
    session.add(application)
    await session.flush()
    return application


async def command_line(session: AsyncSession) -> Application:
    """The application behind tokens that were made on the command line."""
    await session.exec(
        insert(Application)
        .values(
            id=ids.new(),
            created_at=clock.now(),
            name="Hardop command line",
            client_id=COMMAND_LINE,
            secret_hash=digest(secrets.token_urlsafe(32)),
            redirect_uris=[redirect_uris_.OUT_OF_BAND],
            scopes="read write follow push",
        )
        .on_conflict_do_nothing()
    )
    return (await session.exec(select(Application).filter_by(client_id=COMMAND_LINE))).one()


async def by_client_id(session: AsyncSession, client_id: str) -> Application | None:
    """The application with this public id."""
    return (await session.exec(select(Application).filter_by(client_id=client_id))).first()


async def behind_token(session: AsyncSession, application_id: int) -> Application:
    """The application that a token belongs to.

    Raises:
        Unauthorized: it was deleted a moment ago, and its tokens with it.
    """
    application = await session.get(Application, application_id)
    if application is None:
        raise Unauthorized("The access token was revoked")
    return application


async def let_in_by(
    reader: Reader, user_id: int, tokens_not_before: datetime | None
) -> Sequence[Any]:
    """Whom a user has let in, by name (OA-17).

    Rows of `id, name, website, scopes, first_at, feeds_count`. A private feed is a key like a
    token: whoever made one is in as long as it opens something.
    """
    return await reader.fetch(_LET_IN, user_id, tokens_not_before, clock.now())


async def shut_out(session: AsyncSession, *, user_id: int, application_id: int) -> None:
    """End all a user's tokens of one application, its unused codes, and the feeds it made.

    Twice changes nothing.
    """
    now = clock.now()
    for table in (AccessToken, RefreshToken):
        await session.exec(
            update(table)
            .where(
                col(table.user_id) == user_id,
                col(table.application_id) == application_id,
                col(table.revoked_at).is_(None),
            )
            .values(revoked_at=now)
        )
    await session.exec(
        delete(AuthorizationCode).where(
            col(AuthorizationCode.user_id) == user_id,
            col(AuthorizationCode.application_id) == application_id,
        )
    )
    account_id = select(User.account_id).where(col(User.id) == user_id).scalar_subquery()
    await session.exec(
        delete(PrivateFeed).where(
            col(PrivateFeed.account_id) == account_id,
            col(PrivateFeed.application_id) == application_id,
        )
    )


async def remove(session: AsyncSession, application: Application) -> None:
    """Delete an application; its tokens, codes and feeds go with it (OA-19)."""
    await session.delete(application)
    await session.flush()


def _check(redirect_uris: Sequence[str], scopes: str) -> None:
    if not redirect_uris:
        raise Unprocessable("Validation failed: Redirect URI can't be blank")
    for uri in redirect_uris:
        if problem := redirect_uris_.problem(uri):
            raise Unprocessable(f"Validation failed: Redirect URI {problem}")
    if scopes_.unknown(scopes):
        raise Unprocessable("Validation failed: Scopes doesn't match configured on the server.")
