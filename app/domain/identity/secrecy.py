"""What is derived from the server's secret key: one key for each purpose, never the key itself."""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.errors import CannotStart
from app.settings import Settings, secret_key


def cipher(settings: Settings, purpose: str) -> MultiFernet:
    """Encrypts for storing. What the previous secret key encrypted can still be read (OP-4)."""
    keys = [secret_key(settings), settings.previous_secret_key]
    return MultiFernet([_fernet(key.encode(), purpose) for key in keys if key])


def decrypt(settings: Settings, purpose: str, stored: bytes) -> bytes:
    """What `cipher` encrypted.

    Raises:
        CannotStart: the secret key is not the one it was encrypted with.
    """
    try:
        return cipher(settings, purpose).decrypt(stored)
    except InvalidToken:
        raise CannotStart(
            "HARDOP_SECRET_KEY is not the key that this database was used with. Restore it, give "
            "the old one as HARDOP_PREVIOUS_SECRET_KEY, or run `hardop keys rotate --now`."
        ) from None


def renewed(settings: Settings, purpose: str, stored: bytes) -> bytes:
    """The same, encrypted with the present secret key: the previous one can be dropped then.

    Raises:
        CannotStart: neither is the key it was encrypted with.
    """
    return cipher(settings, purpose).encrypt(decrypt(settings, purpose, stored))


def sealed_by(token: str, purpose: str) -> Fernet:
    """Encrypts so that only who holds `token` can read it; the database alone cannot."""
    return _fernet(token.encode(), purpose)


def signature(settings: Settings, purpose: str, text: str) -> str:
    """A text's HMAC under a key of its own, in URL-safe base64."""
    key = _derived(secret_key(settings).encode(), purpose)
    return _base64(hmac.digest(key, text.encode(), hashlib.sha256))


def _fernet(secret: bytes, purpose: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_derived(secret, purpose)))


def _derived(secret: bytes, purpose: str) -> bytes:
    info = f"hardop {purpose}".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(secret)


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
