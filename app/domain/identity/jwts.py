"""JWT access tokens (RFC 9068), for applications that refresh: making and checking them."""

import secrets
import time
from collections.abc import Callable, Coroutine
from typing import Any

import jwt
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock
from app.database import Database, Reader
from app.domain.identity import signing_keys, tokens
from app.domain.identity.tokens import ANONYMOUS, Caller
from app.errors import Unauthorized
from app.settings import Settings

LIFE_SECONDS = 600
LEEWAY_SECONDS = 60
# A key that was withdrawn is not believed for longer than this.
_KEYS_KEPT_SECONDS = 60.0

_TYPES = frozenset(("at+jwt", "application/at+jwt"))
_ALGORITHMS = ("RS256", "ES256")
_REQUIRED = ["iss", "exp", "aud", "sub", "client_id", "iat", "jti", "sid"]

VerifyJwt = Callable[[str], Coroutine[Any, Any, Caller]]


def issuer(settings: Settings) -> str:
    """What we call ourselves in tokens, metadata and authorization responses (OA-1, OA-4)."""
    return settings.origin + "/"


async def issue(
    session: AsyncSession,
    settings: Settings,
    *,
    user_id: int,
    account_id: int,
    client_id: str,
    application_id: int,
    family_id: int,
    scopes: str,
) -> str:
    """A token for ten minutes. `sid` names the refresh tokens that it lives and dies with."""
    signer = await signing_keys.signer(session, settings)
    now = int(clock.now().timestamp())
    claims = {
        "iss": issuer(settings),
        "aud": issuer(settings),
        "sub": str(account_id),
        "client_id": client_id,
        "scope": scopes,
        "iat": now,
        "exp": now + LIFE_SECONDS,
        "jti": secrets.token_urlsafe(16),
        "sid": f"{family_id}.{user_id}.{application_id}",
    }
    return jwt.encode(
        claims,
        signer.key,
        algorithm=signing_keys.ALGORITHM,
        headers={"typ": "at+jwt", "kid": signer.kid},
    )


def verifier(database: Database, settings: Settings) -> VerifyJwt:
    """What tells who holds a JWT: `ANONYMOUS` if it is none of ours.

    It raises `Unauthorized` for one that was ours, but is expired or revoked.
    """
    keys = Keys(database)

    async def verify(token: str) -> Caller:
        claims = await claims_of(token, keys, settings)
        if claims is None:
            return ANONYMOUS
        family_id, user_id, application_id = family_of(claims)
        return await tokens.caller_by_family(
            database,
            family_id=family_id,
            user_id=user_id,
            application_id=application_id,
            scopes=str(claims.get("scope", "")),
        )

    return verify


class Keys:
    """Our public keys by their id, read again now and then and when an unknown one is named."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._keys: dict[str, jwt.PyJWK] = {}
        self._read_at = float("-inf")

    async def get(self, kid: str) -> jwt.PyJWK | None:
        """The key with this id, if it is one of our own."""
        if kid not in self._keys or self._read_at + _KEYS_KEPT_SECONDS < time.monotonic():
            published = await signing_keys.published(self._reader)
            self._keys = {name: jwt.PyJWK(key) for name, key in published.items()}
            self._read_at = time.monotonic()
        return self._keys.get(kid)


async def claims_of(token: str, keys: Keys, settings: Settings) -> dict[str, Any] | None:
    """The claims of an access token that we signed (OA-11); None for anything else.

    The key is chosen by `kid` from our own set; keys that the token brings along are not looked at.

    Raises:
        Unauthorized: we signed it, and it has expired.
    """
    try:
        header = jwt.get_unverified_header(token)
        kid, kind, algorithm = header.get("kid"), header.get("typ"), header.get("alg")
        if not isinstance(kid, str) or str(kind).lower() not in _TYPES:
            return None
        key = await keys.get(kid)
        if key is None or algorithm not in _ALGORITHMS or algorithm != key.algorithm_name:
            return None
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[algorithm],
            audience=issuer(settings),
            issuer=issuer(settings),
            leeway=LEEWAY_SECONDS,
            options={"require": _REQUIRED},
        )
    except jwt.ExpiredSignatureError:
        raise Unauthorized("The access token expired") from None
    except (jwt.InvalidTokenError, ValueError):
        return None
    return claims


def family_of(claims: dict[str, Any]) -> tuple[int, int, int]:
    """`(family_id, user_id, application_id)` of a token that `claims_of` believed."""
    family_id, user_id, application_id = str(claims["sid"]).split(".")
    return int(family_id), int(user_id), int(application_id)
