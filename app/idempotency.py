"""Idempotency keys: a retried request gets the first answer and does nothing (ID-1 to ID-3).

The answer is kept sealed with the key that its client chose, and the key itself is not kept: what
was answered, secrets of clients and deleted texts among it, cannot be read from the database.
"""

import asyncio
import hashlib
from dataclasses import dataclass

from pydantic_core import to_json
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, update
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from app import clock
from app.domain.identity import secrecy
from app.domain.identity.tokens import Caller
from app.errors import BadRequest, Unprocessable
from app.models.identity.idempotency_keys import IdempotencyKey
from app.networks import address_key
from app.parameters import Sizes, read_parameters

_PURPOSE = "idempotent answers"


@dataclass(frozen=True, slots=True)
class Claim:
    """The request is the first with its key; its answer is stored with `keep`."""

    account_id: int
    application_id: int
    route: str
    # As it is stored; `secret` is as the client sent it.
    key: str
    secret: str


def key_of(request: Request) -> str | None:
    """The key a client sent, without the quotes that the IETF draft puts around it.

    Raises:
        BadRequest: it is not 1-255 visible ASCII characters.
    """
    sent = request.headers.get("idempotency-key")
    if sent is None:
        return None
    key = sent[1:-1] if len(sent) >= 2 and sent[0] == sent[-1] == '"' else sent
    if not 1 <= len(key) <= 255 or not all("!" <= letter <= "~" for letter in key):
        raise BadRequest("Idempotency-Key must be 1 to 255 visible ASCII characters")
    return key


async def claim(
    session: AsyncSession, request: Request, caller: Caller, key: str, sizes: Sizes
) -> Claim | Response:
    """Take the key for this request, or the answer its first use got.

    A second request that comes while the first still runs waits for it: the unique key makes
    PostgreSQL hold the second insert until the first transaction ends.

    Raises:
        Unprocessable: the key was used for a different request.
    """
    taken = Claim(
        caller.account_id,
        caller.application_id,
        request.url.path,
        _stored(request, caller, key),
        key,
    )
    fingerprint = await _fingerprint(request, sizes)
    identity = {
        "account_id": taken.account_id,
        "application_id": taken.application_id,
        "route": taken.route,
        "key": taken.key,
    }
    first = await session.scalar(
        insert(IdempotencyKey)
        .values(**identity, fingerprint=fingerprint, created_at=clock.now())
        .on_conflict_do_nothing()
        .returning(col(IdempotencyKey.key))
    )
    if first is not None:
        return taken
    stored = await session.get_one(IdempotencyKey, tuple(identity.values()))
    if stored.fingerprint != fingerprint:
        raise Unprocessable("This Idempotency-Key was used for a different request")
    return Response(
        secrecy.sealed_by(key, _PURPOSE).decrypt(stored.body or b""),
        status_code=stored.status or 200,
        media_type="application/json",
        headers={"Idempotent-Replayed": "true"},
    )


async def keep(session: AsyncSession, claim: Claim, response: Response) -> None:
    """Store the answer in the transaction of its effect."""
    await session.exec(
        update(IdempotencyKey)
        .where(
            col(IdempotencyKey.account_id) == claim.account_id,
            col(IdempotencyKey.application_id) == claim.application_id,
            col(IdempotencyKey.route) == claim.route,
            col(IdempotencyKey.key) == claim.key,
        )
        .values(
            status=response.status_code,
            body=secrecy.sealed_by(claim.secret, _PURPOSE).encrypt(bytes(response.body)),
        )
    )


def _stored(request: Request, caller: Caller, key: str) -> str:
    """What tells this key from others without telling the key.

    Those who have neither account nor application are told apart by their addresses.
    """
    known = caller.account_id or caller.application_id
    whose = "" if known else address_key(request.scope)
    return hashlib.sha256(f"{whose} {key}".encode()).hexdigest()


async def _fingerprint(request: Request, sizes: Sizes) -> bytes:
    sent = await read_parameters(request, sizes)
    for name, value in sent.items():
        if isinstance(value, UploadFile):
            sent[name] = await asyncio.to_thread(_digest, value)
    return hashlib.sha256(
        to_json([request.method, request.url.path, sent], fallback=str, serialize_unknown=True)
    ).digest()


def _digest(upload: UploadFile) -> str:
    """What tells a file from others, whatever its name; it is left as it was found."""
    upload.file.seek(0)
    found = hashlib.file_digest(upload.file, "sha256")  # type: ignore[arg-type]  # it is binary
    upload.file.seek(0)
    return found.hexdigest()
