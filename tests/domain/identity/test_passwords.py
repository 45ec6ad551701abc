"""Hashing and refusing passwords (LG-5 to LG-7)."""

import asyncio

import pytest
from argon2 import PasswordHasher

from app.domain.identity import passwords
from app.errors import Unavailable
from app.settings import Settings

LOCAL = Settings(_env_file=None)
PUBLIC = Settings(_env_file=None, base_url="https://hardop.example.org", title="Acme Works")


@pytest.mark.anyio
async def test_a_password_fits_its_own_hash_only() -> None:
    stored = await passwords.hashed("six small owls")

    assert await passwords.fits("six small owls", stored)
    assert not await passwords.fits("six small owl", stored)
    assert not await passwords.fits("", stored)
    assert not await passwords.fits("x", "not a hash")
    assert not await passwords.fits("x", None)


def test_old_parameters_are_noticed() -> None:
    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash("x")

    assert passwords.is_outdated(old)


@pytest.mark.anyio
async def test_more_than_can_be_compared_in_time_are_refused() -> None:
    """LG-6."""
    results = await asyncio.gather(
        *(passwords.fits("x", None) for _ in range(60)), return_exceptions=True
    )

    refused = [result for result in results if isinstance(result, Unavailable)]
    assert len(refused) == 60 - 32
    assert results.count(False) == 32
    assert not await passwords.fits("x", None)


@pytest.mark.parametrize(
    ("settings", "password", "code"),
    [
        (LOCAL, "password", None),
        (LOCAL, "1234567", "ERR_TOO_SHORT"),
        (PUBLIC, "short phrase", None),
        (PUBLIC, "elevenchars", "ERR_TOO_SHORT"),
        (PUBLIC, "PASSWORD1234", "ERR_INVALID"),
        (PUBLIC, "aaaaaaaaaaaaaa", "ERR_INVALID"),
        (PUBLIC, "I am Lovelace!", "ERR_INVALID"),
        (PUBLIC, "acme2026 1234", "ERR_INVALID"),
        (PUBLIC, "adabyron1815", "ERR_INVALID"),
        (PUBLIC, "at example we trust", "ERR_INVALID"),
        (PUBLIC, "x y" * 42 + "zz", None),
        (PUBLIC, "x y" * 43, "ERR_TOO_LONG"),
        (PUBLIC, "", "ERR_BLANK"),
    ],
)
def test_the_rules(settings: Settings, password: str, code: str | None) -> None:
    problem = passwords.problem(
        settings, password, ["ada_byron", "Ada Lovelace", "ada@company.org"]
    )

    assert (problem[0] if problem else None) == code
