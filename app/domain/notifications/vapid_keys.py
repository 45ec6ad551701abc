"""VAPID keys: making the one there is, and signing with it (RFC 8292)."""

import base64
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from app import clock
from app.database import Reader
from app.domain.identity import secrecy
from app.settings import Settings

_PURPOSE: Final = "vapid keys"
# At most a day is allowed; clocks may differ.
_VALID_FOR = timedelta(hours=12)

_READ = "SELECT public_key, private_key FROM vapid_keys"

_MAKE = """
INSERT INTO vapid_keys (id, created_at, public_key, private_key) VALUES (1, $1, $2, $3)
ON CONFLICT DO NOTHING
"""

_RESEAL = "UPDATE vapid_keys SET private_key = $1"

_FORGET = "WITH gone AS (DELETE FROM vapid_keys) DELETE FROM push_subscriptions"


@dataclass(frozen=True, slots=True)
class Signer:
    """The key, ready to sign."""

    public_key: str
    key: ec.EllipticCurvePrivateKey
    subject: str

    def token(self, endpoint: str) -> str:
        """What says to the push service at `endpoint` who sends a message."""
        place = urlsplit(endpoint)
        claims = {
            "aud": f"{place.scheme}://{place.netloc}",
            "exp": clock.now() + _VALID_FOR,
            "sub": self.subject,
        }
        return jwt.encode(claims, self.key, algorithm="ES256")


async def public_key(reader: Reader, settings: Settings) -> str:
    """What applications subscribe with. The first call ever makes the key."""
    found = await reader.fetch(_READ)
    if not found:
        await reader.fetch(_MAKE, clock.now(), *_new(settings))
        # Of several processes one was the first.
        found = await reader.fetch(_READ)
    key: str = found[0]["public_key"]
    return key


async def signer(reader: Reader, settings: Settings) -> Signer:
    """The key to sign with.

    Raises:
        CannotStart: it was encrypted with another secret key.
    """
    public = await public_key(reader, settings)
    stored = (await reader.fetch(_READ))[0]["private_key"]
    key = load_pem_private_key(secrecy.decrypt(settings, _PURPOSE, stored), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    address = settings.contact_email
    return Signer(public, key, f"mailto:{address}" if address else settings.origin)


async def renew(reader: Reader, settings: Settings) -> None:
    """Encrypt the key with the present secret key.

    Raises:
        CannotStart: it was encrypted with one that is not known any more.
    """
    for row in await reader.fetch(_READ):
        sealed = secrecy.renewed(settings, _PURPOSE, row["private_key"])
        await reader.fetch(_RESEAL, sealed)


async def forget(reader: Reader) -> None:
    """Drop the key and what was subscribed with it; applications subscribe anew with the next."""
    await reader.fetch(_FORGET)


def _new(settings: Settings) -> tuple[str, bytes]:
    key = ec.generate_private_key(ec.SECP256R1())
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = base64.urlsafe_b64encode(point).rstrip(b"=").decode()
    return public, secrecy.cipher(settings, _PURPOSE).encrypt(pem)
