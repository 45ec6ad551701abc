"""Refresh tokens: rotated at each use; one that comes back later betrays a thief (OA-13)."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pydantic_core import from_json, to_json
from sqlalchemy import delete, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock, ids
from app.domain.identity import secrecy
from app.models.identity.refresh_tokens import RefreshToken

PREFIX = "hdp_rt_"
IDLE = timedelta(days=30)
LONGEST = timedelta(days=180)
# A client that did not hear the answer asks again within this time, and gets the same.
GRACE = timedelta(seconds=10)

_PURPOSE = "refresh answer"


def digest(token: str) -> bytes:
    """What is stored of a refresh token."""
    return hashlib.sha256(token.encode()).digest()


async def begin(
    session: AsyncSession,
    *,
    application_id: int,
    user_id: int,
    scopes: str,
    code_hash: bytes | None,
) -> tuple[str, int]:
    """The first refresh token of a new family, and the family's id."""
    now = clock.now()
    token, family_id = PREFIX + secrets.token_urlsafe(32), ids.new(now)
    session.add(
        RefreshToken(
            created_at=now,
            token_hash=digest(token),
            family_id=family_id,
            family_started_at=now,
            application_id=application_id,
            user_id=user_id,
            scopes=scopes,
            code_hash=code_hash,
            expires_at=now + IDLE,
        )
    )
    await session.flush()
    return token, family_id


async def held(session: AsyncSession, token: str, application_id: int) -> RefreshToken | None:
    """An application's refresh token in whatever state, locked until the transaction ends."""
    query = (
        select(RefreshToken)
        .where(
            col(RefreshToken.token_hash) == digest(token),
            col(RefreshToken.application_id) == application_id,
        )
        .with_for_update()
    )
    return (await session.exec(query)).first()


def is_usable(row: RefreshToken) -> bool:
    """Whether it may be exchanged: not revoked, not used, not too old."""
    return row.revoked_at is None and row.rotated_at is None and row.expires_at > clock.now()


def kept_answer(row: RefreshToken, token: str) -> dict[str, Any] | None:
    """What the exchange of this token gave, if that was only a moment ago."""
    if row.revoked_at is not None or row.rotated_at is None or row.answer is None:
        return None
    if row.rotated_at + GRACE < clock.now():
        return None
    answer: dict[str, Any] = from_json(secrecy.sealed_by(token, _PURPOSE).decrypt(row.answer))
    return answer


async def rotate(session: AsyncSession, row: RefreshToken) -> str:
    """The successor of a token, of the same family and with the same scopes (RFC 6749, 6)."""
    now = clock.now()
    row.rotated_at = now
    session.add(row)
    successor = PREFIX + secrets.token_urlsafe(32)
    session.add(
        RefreshToken(
            created_at=now,
            token_hash=digest(successor),
            family_id=row.family_id,
            family_started_at=row.family_started_at,
            application_id=row.application_id,
            user_id=row.user_id,
            scopes=row.scopes,
            code_hash=row.code_hash,
            expires_at=min(now + IDLE, row.family_started_at + LONGEST),
        )
    )
    await session.flush()
    await _sweep(session)
    return successor


async def keep_answer(
    session: AsyncSession, row: RefreshToken, token: str, answer: Mapping[str, object]
) -> None:
    """Keep what the exchange gave, readable only with the token that was exchanged."""
    row.answer = secrecy.sealed_by(token, _PURPOSE).encrypt(to_json(answer))
    session.add(row)
    await session.flush()


async def end_family(session: AsyncSession, family_id: int) -> None:
    """Revoke a refresh token with all before and after it, and the JWTs that came with them."""
    await session.exec(
        update(RefreshToken)
        .where(col(RefreshToken.family_id) == family_id, col(RefreshToken.revoked_at).is_(None))
        .values(revoked_at=clock.now(), answer=None)
    )


async def _sweep(session: AsyncSession) -> None:
    old = (
        select(col(RefreshToken.id))
        .where(col(RefreshToken.expires_at) < clock.now() - timedelta(days=1))
        .limit(100)
        .with_for_update(skip_locked=True)
    )
    await session.exec(delete(RefreshToken).where(col(RefreshToken.id).in_(old)))
