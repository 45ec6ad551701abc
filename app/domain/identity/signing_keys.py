"""Signing keys: making, publishing and changing what JWT access tokens are signed with (OA-12)."""

import asyncio
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from jwt.algorithms import RSAAlgorithm
from sqlalchemy import delete, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock
from app.database import Reader
from app.domain.identity import secrecy
from app.models.identity.signing_keys import SigningKey
from app.settings import Settings

ALGORITHM = "RS256"
_BITS = 3072
_PURPOSE = "signing keys"
# Resource servers may keep the published set for a while before they see a new key.
ANNOUNCED = timedelta(hours=24)
# The longest a token signed before the change can be valid, and an hour.
OUTLIVES = timedelta(hours=1, minutes=10)
# Any number, but the same everywhere: makes two processes agree on the first key.
_LOCK = 4_715_301


@dataclass(frozen=True, slots=True)
class Signer:
    """The key that signs at this moment."""

    kid: str
    key: rsa.RSAPrivateKey


async def published(reader: Reader) -> dict[str, dict[str, Any]]:
    """`{kid: JWK}` of the keys that sign, will sign soon, or signed what may still be valid."""
    rows = await reader.fetch(
        "SELECT kid, public_key, active_from FROM signing_keys ORDER BY active_from DESC, kid"
    )
    return {row["kid"]: _jwk(row["public_key"]) for row in _current(rows)}


async def signer(session: AsyncSession, settings: Settings) -> Signer:
    """The key to sign with. The first call ever makes one.

    Raises:
        CannotStart: it was encrypted with another secret key.
    """
    row = await _newest(session)
    if row is None:
        await ensure(session, settings)
        row = await _newest(session)
        assert row is not None
    pem = secrecy.decrypt(settings, _PURPOSE, row.private_key)
    key = load_pem_private_key(pem, None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return Signer(row.kid, key)


async def ensure(session: AsyncSession, settings: Settings) -> None:
    """Make the first key, if there is none. Of several processes one does it."""
    await session.exec(select(func.pg_advisory_xact_lock(_LOCK)))
    if await _newest(session) is None:
        session.add(await _new(settings, clock.now()))
        await session.flush()


async def rotate(session: AsyncSession, settings: Settings, *, at_once: bool = False) -> datetime:
    """Make a new key, and forget those that no valid token needs; when the new one begins to sign.

    `at_once`: a key was stolen. The old ones go now, and every JWT with them; clients refresh.
    """
    await session.exec(select(func.pg_advisory_xact_lock(_LOCK)))
    now = clock.now()
    rows = (
        await session.exec(select(SigningKey).order_by(col(SigningKey.active_from).desc()))
    ).all()
    kept = [] if at_once else [row["kid"] for row in _current([row.model_dump() for row in rows])]
    await session.exec(delete(SigningKey).where(col(SigningKey.kid).not_in(kept)))
    active_from = now + ANNOUNCED if kept else now
    session.add(await _new(settings, active_from))
    await session.flush()
    return active_from


async def _newest(session: AsyncSession) -> SigningKey | None:
    query = (
        select(SigningKey)
        .where(col(SigningKey.active_from) <= clock.now())
        .order_by(col(SigningKey.active_from).desc(), col(SigningKey.kid))
        .limit(1)
    )
    return (await session.exec(query)).first()


def _current(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Of rows with the newest first, those whose successor has not signed for long enough."""
    now = clock.now()
    kept, successor = [], None
    for row in rows:
        if successor is None or successor + OUTLIVES > now:
            kept.append(row)
        successor = row["active_from"]
    return kept


async def _new(settings: Settings, active_from: datetime) -> SigningKey:
    # Up to a second of arithmetic.
    key = await asyncio.to_thread(rsa.generate_private_key, 65537, _BITS)
    kid = secrets.token_urlsafe(12)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return SigningKey(
        kid=kid,
        algorithm=ALGORITHM,
        public_key={**_members(public), "kid": kid, "alg": ALGORITHM, "use": "sig"},
        private_key=secrecy.cipher(settings, _PURPOSE).encrypt(pem),
        active_from=active_from,
    )


def _members(public: dict[str, Any]) -> dict[str, Any]:
    return {name: public[name] for name in ("kty", "n", "e")}


def _jwk(stored: str | dict[str, Any]) -> dict[str, Any]:
    # asyncpg hands JSON over as text; a session's driver as an object.
    decoded: dict[str, Any] = json.loads(stored) if isinstance(stored, str) else stored
    return decoded
