"""Own expertise: what others see of somebody, and what that somebody decides about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from app.database import Reader
from app.domain.expertise import hidden_topics, known_for, skills
from app.domain.expertise.known_for import KnownFor
from app.models.accounts.accounts import Account
from search.evidence import FINDABLE
from search.formula import Weights

# Somebody who is not logged in, blocks nobody and is blocked by nobody: anybody.
_ANYBODY = 0

_STATE = f"""
SELECT {FINDABLE} AS is_found, a.expertise_paused AS is_paused FROM accounts a WHERE a.id = $1
"""


@dataclass(frozen=True, slots=True)
class OwnExpertise:
    """What others see, and what they do not.

    `topics` are empty while nobody finds the account by what it knows.
    """

    is_found: bool
    is_paused: bool
    topics: Sequence[KnownFor]
    skills: Sequence[Any]
    hidden_topics: Sequence[Any]


async def own(reader: Reader, weights: Weights, account_id: int) -> OwnExpertise:
    """Exactly what others see of an account, and what it hides."""
    (state,) = await reader.fetch(_STATE, account_id)
    seen = []
    if state["is_found"]:
        seen = await known_for.topics(reader, weights, _ANYBODY, account_id)
    return OwnExpertise(
        is_found=state["is_found"],
        is_paused=state["is_paused"],
        topics=seen,
        skills=await skills.declared(reader, account_id),
        hidden_topics=await hidden_topics.hidden(reader, account_id),
    )


async def pause(session: AsyncSession, account: Account) -> None:
    """Be found by what one knows no longer, from the next search on. Twice is once."""
    await _set_paused(session, account, True)


async def resume(session: AsyncSession, account: Account) -> None:
    """Be found by what one knows again. Twice is once."""
    await _set_paused(session, account, False)


async def _set_paused(session: AsyncSession, account: Account, is_paused: bool) -> None:
    await session.exec(
        update(Account).where(col(Account.id) == account.id).values(expertise_paused=is_paused)
    )
