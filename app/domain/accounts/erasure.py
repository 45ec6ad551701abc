"""Erasure: an account goes, with everything it wrote and did (GD-2, GD-3)."""

import hashlib
from datetime import timedelta
from typing import Final

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock, ids
from app.database import SessionReader
from app.domain import events
from app.domain.statuses import conversations
from app.models.accounts.accounts import Account
from app.models.accounts.erased_accounts import ErasedAccount

# For so long nobody else gets the user name.
NAME_KEPT: Final = timedelta(days=365)

# What others show of it, counted out before it goes. Each statement is one kind of count.
_COUNT_OUT = (
    """
    UPDATE accounts a SET followers_count = a.followers_count - 1
    FROM follows f WHERE f.account_id = $1 AND f.accepted AND a.id = f.target_account_id
    """,
    """
    UPDATE accounts a SET following_count = a.following_count - 1
    FROM follows f WHERE f.target_account_id = $1 AND f.accepted AND a.id = f.account_id
    """,
    """
    UPDATE accounts a SET statuses_count = a.statuses_count - r.n
    FROM (
        SELECT r.account_id, count(*) AS n FROM statuses r JOIN statuses o ON o.id = r.reblog_of_id
        WHERE o.account_id = $1 AND r.account_id <> $1 GROUP BY r.account_id
    ) r WHERE a.id = r.account_id
    """,
    """
    UPDATE statuses s SET favourites_count = s.favourites_count - 1
    FROM favourites m WHERE m.account_id = $1 AND s.id = m.status_id
    """,
    """
    UPDATE statuses s SET bookmarks_count = s.bookmarks_count - 1
    FROM bookmarks m WHERE m.account_id = $1 AND s.id = m.status_id
    """,
    """
    UPDATE statuses s SET reactions_count = s.reactions_count - m.n
    FROM (
        SELECT status_id, count(*) AS n FROM reactions WHERE account_id = $1 GROUP BY status_id
    ) m WHERE s.id = m.status_id
    """,
    """
    UPDATE statuses s SET reblogs_count = s.reblogs_count - 1
    FROM statuses r WHERE r.account_id = $1 AND s.id = r.reblog_of_id
    """,
    """
    UPDATE statuses s SET replies_count = s.replies_count - r.n
    FROM (
        SELECT in_reply_to_id, count(*) AS n FROM statuses
        WHERE account_id = $1 AND in_reply_to_id IS NOT NULL
          AND visibility IN ('public', 'unlisted')
        GROUP BY in_reply_to_id
    ) r WHERE s.id = r.in_reply_to_id
    """,
    """
    UPDATE statuses s SET quotes_count = s.quotes_count - q.n
    FROM (
        SELECT quote_of_id, count(*) AS n FROM statuses
        WHERE account_id = $1 AND quote_of_id IS NOT NULL AND quote_state = 'accepted'
          AND visibility IN ('public', 'unlisted')
        GROUP BY quote_of_id
    ) q WHERE s.id = q.quote_of_id
    """,
)

# What shows that it was there: whom others answered, and whom they mentioned.
_RENDER_ANEW = """
UPDATE statuses s SET version = greatest(version + 1, $2)
WHERE account_id <> $1 AND (
    in_reply_to_account_id = $1
    OR EXISTS (SELECT FROM mentions m WHERE m.status_id = s.id AND m.account_id = $1))
"""


async def erase(session: AsyncSession, account_id: int) -> None:
    """Remove an account and all it wrote; only its id is left. Without it, nothing happens."""
    account = await session.get(Account, account_id, with_for_update=True)
    if account is None:
        return
    reader = SessionReader(session)
    for statement in _COUNT_OUT:
        await reader.fetch(statement, account_id)
    tombstone = ErasedAccount(id=account_id, username_hash=_hash(account.username))
    await reader.fetch(_RENDER_ANEW, account_id, ids.new())
    await conversations.forget(reader, account_id)
    await session.delete(account)
    await session.exec(insert(ErasedAccount).values(**tombstone.model_dump()))
    await events.record(session, "account.deleted", account_id=account_id)


async def is_name_kept(session: AsyncSession, username: str) -> bool:
    """Whether somebody who was erased lately had this name."""
    found = await session.scalar(
        select(func.count())
        .select_from(ErasedAccount)
        .where(
            col(ErasedAccount.username_hash) == _hash(username),
            col(ErasedAccount.created_at) > clock.now() - NAME_KEPT,
        )
    )
    return bool(found)


def _hash(username: str) -> bytes:
    return hashlib.sha256(username.lower().encode()).digest()
