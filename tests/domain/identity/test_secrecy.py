"""What is derived from the secret key (OP-4)."""

import pytest

from app.domain.identity import secrecy
from app.errors import CannotStart
from app.settings import Settings

FIRST = Settings(_env_file=None, secret_key="the first key, which is long enough")
SECOND = Settings(
    _env_file=None,
    secret_key="the second key, which is long too",
    previous_secret_key="the first key, which is long enough",
)
THIRD = Settings(_env_file=None, secret_key="the third key and no previous one")


def test_what_the_previous_key_encrypted_can_be_read() -> None:
    stored = secrecy.cipher(FIRST, "letters").encrypt(b"dear")

    assert secrecy.decrypt(FIRST, "letters", stored) == b"dear"
    assert secrecy.decrypt(SECOND, "letters", stored) == b"dear"


def test_another_key_is_told_to_be_wrong() -> None:
    stored = secrecy.cipher(FIRST, "letters").encrypt(b"dear")

    with pytest.raises(CannotStart, match="HARDOP_SECRET_KEY is not the key"):
        secrecy.decrypt(THIRD, "letters", stored)


def test_each_purpose_has_a_key_of_its_own() -> None:
    stored = secrecy.cipher(FIRST, "letters").encrypt(b"dear")

    with pytest.raises(CannotStart):
        secrecy.decrypt(FIRST, "numbers", stored)
    assert secrecy.signature(FIRST, "letters", "x") != secrecy.signature(FIRST, "numbers", "x")
