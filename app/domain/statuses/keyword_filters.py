"""Keyword filters: filters as clients of the first version know them, one for each keyword."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.database import Reader
from app.domain.statuses import filters
from app.domain.statuses.filters import Wish, Words
from app.errors import NotFound, Unprocessable
from app.models.statuses.filters import Filter, FilterKeyword, FilterStatus

_ALL = """
SELECT k.id, k.keyword, k.whole_word, f.context, f.action, f.expires_at
FROM filter_keywords k JOIN filters f ON f.id = k.filter_id
WHERE f.account_id = $1
"""


async def everything(reader: Reader, account_id: int) -> Sequence[Any]:
    """A row for each keyword of an account, the oldest first."""
    return await reader.fetch(f"{_ALL} ORDER BY k.id", account_id)


async def one(reader: Reader, account_id: int, keyword_id: int) -> Any:
    """A row as in `everything`.

    Raises:
        NotFound: the account has no such keyword.
    """
    found = await reader.fetch(f"{_ALL} AND k.id = $2", account_id, keyword_id)
    if not found:
        raise NotFound
    return found[0]


async def create(session: AsyncSession, account_id: int, wish: Wish, words: Words) -> int:
    """Begin to filter by one keyword, which is the title as well; its id.

    Raises:
        Invalid: no keyword, nowhere to filter, or something too long.
    """
    title = filters.checked(words.keyword or "")[: filters.MAX_TITLE]
    filter_id = await filters.create(
        session,
        account_id,
        Wish(title, wish.context, wish.action, wish.ends_anew, wish.expires_in_seconds, [words]),
    )
    created = await session.exec(
        select(FilterKeyword.id).where(col(FilterKeyword.filter_id) == filter_id)
    )
    return created.one()


async def update(
    session: AsyncSession, account_id: int, keyword_id: int, wish: Wish, words: Words
) -> None:
    """Change a keyword and, if it is the only one there, its filter.

    Raises:
        Invalid: as `create`.
        NotFound: the account has no such keyword.
        Unprocessable: other keywords, which the client does not know, would change with it.
    """
    found, keyword = await filters.keyword(session, account_id, keyword_id)
    others = await _count(session, FilterKeyword, found) - 1
    if others and _changes_more(found, wish):
        raise Unprocessable(
            "These parameters cannot be changed from this application because "
            "they apply to more than one filter keyword. Use a more recent application or the web "
            "interface."
        )
    filters.change_words(keyword, words)
    session.add(keyword)
    await filters.update(session, account_id, found.id, wish)


async def delete(session: AsyncSession, account_id: int, keyword_id: int) -> None:
    """Filter by a keyword no longer; a filter that is left without anything goes with it.

    Raises:
        NotFound: the account has no such keyword.
    """
    found, _ = await filters.keyword(session, account_id, keyword_id)
    await filters.delete_keyword(session, account_id, keyword_id)
    left = await _count(session, FilterKeyword, found) + await _count(session, FilterStatus, found)
    if not left:
        await session.delete(found)


def _changes_more(found: Filter, wish: Wish) -> bool:
    return (
        (wish.context is not None and set(wish.context) != set(found.context))
        or (wish.action is not None and wish.action != found.action)
        or wish.ends_anew
    )


async def _count(
    session: AsyncSession, table: type[FilterKeyword] | type[FilterStatus], found: Filter
) -> int:
    counted = select(func.count()).where(col(table.filter_id) == found.id)
    return await session.scalar(counted) or 0
