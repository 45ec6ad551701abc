"""Endorsements: whom somebody features on their profile."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import col, delete
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock, ids
from app.database import Reader, SessionReader
from app.domain.accounts import accounts
from app.domain.relationships import relationships
from app.domain.relationships.hidden_authors import wanted_by
from app.errors import Unprocessable
from app.models.relationships.endorsements import Endorsement
from app.pagination import Listing, Page

# Waits for somebody who is ending the follow just now.
_ENDORSE = """
WITH followed AS (
    SELECT id FROM follows
    WHERE account_id = $3 AND target_account_id = $4 AND accepted FOR KEY SHARE
), featured AS (
    INSERT INTO endorsements (id, created_at, account_id, target_account_id, follow_id)
    SELECT $1, $2, $3, $4, id FROM followed
    ON CONFLICT DO NOTHING
)
SELECT id FROM followed
"""


async def endorse(session: AsyncSession, account_id: int, target_account_id: int) -> None:
    """Feature somebody the account follows, for as long as it does. Twice is once.

    Raises:
        Unprocessable: it does not follow them.
    """
    followed = await SessionReader(session).fetch(
        _ENDORSE, ids.new(), clock.now(), account_id, target_account_id
    )
    if not followed:
        raise Unprocessable(
            "Validation failed: You must be already following the person you want to endorse"
        )


async def unendorse(session: AsyncSession, account_id: int, target_account_id: int) -> None:
    """Feature them no longer. Twice is once."""
    await session.exec(
        delete(Endorsement).where(
            col(Endorsement.account_id) == account_id,
            col(Endorsement.target_account_id) == target_account_id,
        )
    )


async def endorsed(reader: Reader, viewer: int, account_id: int, page: Page) -> Sequence[Any]:
    """Thin rows of whom an account features, the latest first; none for those it blocks.

    Raises:
        NotFound: there is no such account.
    """
    if not await relationships.shows_people(reader, viewer, account_id):
        return []
    return await _ENDORSED.read(reader, viewer, page, account_id)


_ENDORSED = Listing(
    f"""
    SELECT e.id AS cursor, {accounts.COLUMNS}
    FROM endorsements e JOIN accounts a ON a.id = e.target_account_id
    WHERE e.account_id = $5 AND e.id < $2 AND e.id > $3 AND a.suspended_at IS NULL
      AND ($1 = $5 OR {wanted_by("$1", "a.id")})
    ORDER BY e.id {{direction}} LIMIT $4
    """
)
