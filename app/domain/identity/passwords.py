"""Passwords: hashing, comparing and refusing bad ones (LG-5, LG-6)."""

import asyncio
import re
import unicodedata
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.errors import Unavailable
from app.settings import Settings

MAX_LENGTH = 128
_MIN_LENGTH = 12
# What the client API promises, and enough on one's own machine.
_MIN_LENGTH_LOCAL = 8
# Each takes 20 MB and 40 ms of a processor. More than this waiting is an attack or an accident.
_MAX_WAITING = 32

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_threads = ThreadPoolExecutor(2, thread_name_prefix="passwords")
_waiting = 0

# A hash that no password fits, so that unknown names cost what known ones do (LG-7).
_NOBODY = (
    "$argon2id$v=19$m=19456,t=2,p=1$aGFyZG9wLW5vYm9keS0wMA$"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
)

# Our own, and those of 8 characters and more in the list of zxcvbn (Dropbox, MIT licence).
_COMMON = Path(__file__).with_name("common_passwords.txt")

_BETWEEN_WORDS = re.compile(r"[\W_]+")

Result = TypeVar("Result")


def min_length(settings: Settings) -> int:
    """How long a password must be here, in characters."""
    return _MIN_LENGTH if _is_strict(settings) else _MIN_LENGTH_LOCAL


def problem(settings: Settings, password: str, context: Sequence[str]) -> tuple[str, str] | None:
    """Why this password is refused: `(ERR_CODE, rest of a sentence)`, or None if it may be used.

    `context`: the words others would try first, such as the user name and the mail address.
    On a server that speaks plain HTTP, which is somebody's own machine, only the length counts.
    """
    text = _normal(password)
    shortest = min_length(settings)
    if not text:
        return "ERR_BLANK", "can't be blank"
    if len(text) < shortest:
        return "ERR_TOO_SHORT", f"is too short (minimum is {shortest} characters)"
    if len(text) > MAX_LENGTH:
        return "ERR_TOO_LONG", f"is too long (maximum is {MAX_LENGTH} characters)"
    if not _is_strict(settings):
        return None
    folded = text.casefold()
    if folded in _common() or len(set(folded)) < 4:
        return "ERR_INVALID", "is one of the first that others would try"
    if any(word in folded for word in _words([*context, settings.title, settings.domain])):
        return "ERR_INVALID", "must not contain your name, your address or that of this server"
    return None


async def hashed(password: str) -> str:
    """The hash to store.

    Raises:
        Unavailable: too many are being computed already.
    """
    return await _in_thread(lambda: _hasher.hash(_normal(password)))


async def fits(password: str, stored: str | None) -> bool:
    """Whether the password has this hash. Without one it takes just as long, and does not.

    Raises:
        Unavailable: too many are being compared already.
    """
    return await _in_thread(lambda: _verify(stored or _NOBODY, password))


def is_outdated(stored: str) -> bool:
    """Whether it was hashed with other parameters than today's, and should be again."""
    return _hasher.check_needs_rehash(stored)


def _verify(stored: str, password: str) -> bool:
    if len(password) > MAX_LENGTH * 4:
        password = ""
    try:
        return _hasher.verify(stored, _normal(password))
    except (VerificationError, InvalidHashError):
        return False


async def _in_thread(work: Callable[[], Result]) -> Result:
    global _waiting
    if _waiting >= _MAX_WAITING:
        raise Unavailable
    _waiting += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_threads, work)
    finally:
        _waiting -= 1


def _is_strict(settings: Settings) -> bool:
    return settings.origin.startswith("https:")


def _normal(password: str) -> str:
    # The same letters typed on two keyboards may come as different code points.
    return unicodedata.normalize("NFC", password)


def _words(context: Sequence[str]) -> set[str]:
    parts = {part for text in context for part in _BETWEEN_WORDS.split(text.casefold())}
    return {part for part in parts if len(part) >= 4}


@cache
def _common() -> frozenset[str]:
    return frozenset(_COMMON.read_text().split())
