"""Push messages: encrypted for the one application that may read them (RFC 8291), and signed."""

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.domain.notifications.vapid_keys import Signer

# For how long a push service keeps a message for a device that is off.
KEPT_SECONDS = 48 * 60 * 60
_SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent to a push service."""

    content: bytes
    headers: Mapping[str, str]


def encrypted(
    text: bytes, *, endpoint: str, p256dh: bytes, auth: bytes, standard: bool, signer: Signer
) -> Message:
    """`text` for whoever has the private key of `p256dh`, in the coding they read."""
    salt = os.urandom(_SALT_BYTES)
    ours = ec.generate_private_key(ec.SECP256R1())
    point = ours.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    coding = "aes128gcm" if standard else "aesgcm"
    content = http_ece.encrypt(
        text,
        salt=salt,
        private_key=ours,
        dh=p256dh,
        auth_secret=auth,
        version=coding,
    )
    headers = {
        "Content-Type": "application/octet-stream",
        "Content-Encoding": coding,
        "TTL": str(KEPT_SECONDS),
        "Urgency": "normal",
    }
    token = signer.token(endpoint)
    if standard:
        headers["Authorization"] = f"vapid t={token}, k={signer.public_key}"
    else:
        headers["Authorization"] = f"WebPush {token}"
        headers["Encryption"] = f"salt={_base64(salt)}"
        # In this order: receivers read the last one to the end.
        headers["Crypto-Key"] = f"dh={_base64(point)};p256ecdsa={signer.public_key}"
    return Message(content, headers)


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
