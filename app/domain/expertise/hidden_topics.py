"""Hidden topics: what somebody does not want to be known for."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock
from app.database import Reader
from app.domain.expertise import topics
from app.domain.statuses import tags
from app.errors import NotFound
from app.models.accounts.accounts import Account
from app.models.expertise.hidden_topics import HiddenTopic

_HIDDEN = """
SELECT t.name, t.display_name FROM hidden_topics h JOIN tags t ON t.id = h.tag_id
WHERE h.account_id = $1 ORDER BY t.name
"""


async def hide(session: AsyncSession, account: Account, topic: str) -> None:
    """Be known for a topic no longer, from the next search on. Twice is once.

    Raises:
        NotFound: no such topic can be.
    """
    await session.exec(
        insert(HiddenTopic)
        .values(created_at=clock.now(), account_id=account.id, tag_id=await _tag(session, topic))
        .on_conflict_do_nothing()
    )


async def unhide(session: AsyncSession, account: Account, topic: str) -> None:
    """Be known for a topic again. Without having hidden it, nothing happens.

    Raises:
        NotFound: no such topic can be.
    """
    await session.exec(
        delete(HiddenTopic).where(
            col(HiddenTopic.account_id) == account.id,
            col(HiddenTopic.tag_id) == await _tag(session, topic),
        )
    )


async def hidden(reader: Reader, account_id: int) -> Sequence[Any]:
    """The tags of the topics that an account hides, by name."""
    return await reader.fetch(_HIDDEN, account_id)


async def _tag(session: AsyncSession, topic: str) -> int:
    name = topics.written(topic)
    if name is None:
        raise NotFound
    return await tags.ensure_named(session, name)
