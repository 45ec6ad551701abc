"""Tokens: who is behind a request."""

import hashlib
import re
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock
from app.database import Reader
from app.domain.identity import scopes as scopes_
from app.errors import Conflict, Unauthorized, Unprocessable
from app.models.identity.access_tokens import AccessToken
from app.models.identity.users import Role

PREFIX = "hdp_at_"

# Acceptance suites bring tokens of their own, with names for values.
_MIN_VALUE_LENGTH = 8
_VALUE = re.compile(r"[!-~]+")

_BY_HASH = """
SELECT t.id AS token_id, t.application_id, t.user_id, t.scopes, t.created_at, t.last_used_on,
       t.revoked_at, u.account_id, u.role, u.confirmed_at, u.approved, u.disabled,
       u.tokens_not_before, a.suspended_at
FROM access_tokens t
LEFT JOIN users u ON u.id = t.user_id
LEFT JOIN accounts a ON a.id = u.account_id
WHERE t.token_hash = $1
"""

_OF_MANY = """
SELECT t.id, t.created_at, u.confirmed_at, u.approved, u.disabled, u.tokens_not_before,
       a.suspended_at
FROM access_tokens t
JOIN users u ON u.id = t.user_id
JOIN accounts a ON a.id = u.account_id
WHERE t.id = ANY($1::bigint[]) AND t.revoked_at IS NULL
"""

_BY_FAMILY = """
SELECT u.id AS user_id, u.account_id, u.role, u.confirmed_at, u.approved, u.disabled,
       a.suspended_at,
       EXISTS (
           SELECT FROM refresh_tokens r
           WHERE r.family_id = $2 AND r.user_id = u.id AND r.application_id = $3
             AND r.revoked_at IS NULL
             AND (u.tokens_not_before IS NULL OR r.family_started_at >= u.tokens_not_before)
       ) AS alive
FROM users u JOIN accounts a ON a.id = u.account_id
WHERE u.id = $1
"""

_TOUCH = """
UPDATE access_tokens SET last_used_on = $2 WHERE id = $1 AND last_used_on < $2
"""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is behind a request. `account_id` 0: anonymous, or an application alone."""

    account_id: int = 0
    user_id: int = 0
    application_id: int = 0
    token_id: int = 0
    scopes: frozenset[str] = frozenset()
    role: Role = Role.MEMBER
    # Why the login may not be used yet or any more; empty when it may.
    barred: str = ""

    @property
    def is_anonymous(self) -> bool:
        """No valid token came with the request."""
        return not self.user_id and not self.application_id and not self.token_id


ANONYMOUS = Caller()


def digest(token: str) -> bytes:
    """What is stored of a random token: it is long, so no slow hash is needed (OA-8)."""
    return hashlib.sha256(token.encode()).digest()


def issue(
    session: AsyncSession,
    *,
    scopes: str,
    application_id: int | None,
    user_id: int | None,
    value: str | None = None,
    code_hash: bytes | None = None,
) -> str:
    """A new reference token for a user, or for an application itself; only its hash is kept."""
    token = value or PREFIX + secrets.token_urlsafe(32)
    session.add(
        AccessToken(
            token_hash=digest(token),
            application_id=application_id,
            user_id=user_id,
            scopes=scopes,
            last_used_on=clock.now().date(),
            code_hash=code_hash,
        )
    )
    return token


async def establish(
    session: AsyncSession, *, scopes: str, application_id: int, user_id: int, value: str | None
) -> str:
    """A token an administrator makes; with a `value` of their choice, the same again renews it.

    Raises:
        Conflict: the value is somebody else's token.
        Unprocessable: the value is too short, or would be taken for a JWT.
    """
    if value is None:
        token = issue(session, scopes=scopes, application_id=application_id, user_id=user_id)
        await session.flush()
        return token
    if len(value) < _MIN_VALUE_LENGTH or value.count(".") == 2 or not _VALUE.fullmatch(value):
        raise Unprocessable(
            f"A token must have {_MIN_VALUE_LENGTH} or more visible characters, and not two dots"
        )
    row = (await session.exec(select(AccessToken).filter_by(token_hash=digest(value)))).first()
    if row is None:
        issue(session, scopes=scopes, application_id=application_id, user_id=user_id, value=value)
    elif row.user_id != user_id:
        raise Conflict("This value is the token of somebody else")
    else:
        now = clock.now()
        row.scopes, row.application_id = scopes, application_id
        row.created_at, row.last_used_on, row.revoked_at = now, now.date(), None
        session.add(row)
    await session.flush()
    return value


async def caller_by_token(reader: Reader, token: str, *, idle_days: int) -> Caller | None:
    """Who holds a reference token; None when we never issued it.

    Raises:
        Unauthorized: it was revoked, or has been unused for too long.
    """
    rows = await reader.fetch(_BY_HASH, digest(token))
    if not rows:
        return None
    row = rows[0]
    not_before = row["tokens_not_before"]
    if row["revoked_at"] is not None or (not_before and row["created_at"] < not_before):
        raise Unauthorized("The access token was revoked")
    today = clock.now().date()
    if row["last_used_on"] < today - timedelta(days=idle_days):
        raise Unauthorized("The access token expired")
    if row["last_used_on"] < today:
        await reader.fetch(_TOUCH, row["token_id"], today)
    return Caller(
        account_id=row["account_id"] or 0,
        user_id=row["user_id"] or 0,
        application_id=row["application_id"] or 0,
        token_id=row["token_id"],
        scopes=scopes_.granted(row["scopes"]),
        role=Role(row["role"]) if row["role"] else Role.MEMBER,
        barred=barred(row) if row["user_id"] else "",
    )


async def valid(reader: Reader, token_ids: Collection[int]) -> set[int]:
    """Those of these reference tokens with which people may still come in."""
    if not token_ids:
        return set()
    return {
        row["id"]
        for row in await reader.fetch(_OF_MANY, list(token_ids))
        if not barred(row)
        and (row["tokens_not_before"] is None or row["created_at"] >= row["tokens_not_before"])
    }


async def caller_by_family(
    reader: Reader, *, family_id: int, user_id: int, application_id: int, scopes: str
) -> Caller:
    """Who a JWT speaks for, as things stand now: it lives as long as its refresh tokens (OA-10).

    Raises:
        Unauthorized: the user or the application is gone, or the tokens were ended.
    """
    rows = await reader.fetch(_BY_FAMILY, user_id, family_id, application_id)
    if not rows or not rows[0]["alive"]:
        raise Unauthorized("The access token was revoked")
    row = rows[0]
    return Caller(
        account_id=row["account_id"],
        user_id=user_id,
        application_id=application_id,
        scopes=scopes_.granted(scopes),
        role=Role(row["role"]),
        barred=barred(row),
    )


def barred(row: Mapping[str, Any]) -> str:
    """Why this login cannot be used at present, in the words clients know; empty if it can."""
    if row["disabled"] or row["suspended_at"] is not None:
        return "Your login is currently disabled"
    if row["confirmed_at"] is None:
        return "Your login is missing a confirmed e-mail address"
    if not row["approved"]:
        return "Your login is currently pending approval"
    return ""
