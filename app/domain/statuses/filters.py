"""Filters: saying what one wants to be spared."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from sqlmodel import col, delete, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock, ids
from app.database import Reader
from app.domain import events
from app.domain.statuses import text
from app.errors import Invalid, NotFound, Unprocessable
from app.models.statuses.filters import Filter, FilterKeyword

CONTEXTS: Final = ("home", "notifications", "public", "thread", "account")

MAX_TITLE: Final = 256
MAX_KEYWORD: Final = 512

# Every status is held against all words of its reader.
MAX_FILTERS: Final = 100
MAX_KEYWORDS: Final = 200

# Every timeline row says which filters its viewer has, by their versions; null means none. Not
# correlated to the row: PostgreSQL asks once per statement.
VERSIONS = """
    (SELECT string_agg(f.version::text, ' ' ORDER BY f.id) FROM filters f
     WHERE f.account_id = $1 AND (f.expires_at IS NULL OR f.expires_at > now()))
"""

_FILTERS = """
SELECT f.id, f.version, f.title, f.context, f.action, f.expires_at,
       (SELECT json_agg(json_build_array(k.id::text, k.keyword, k.whole_word) ORDER BY k.id)
        FROM filter_keywords k WHERE k.filter_id = f.id)::text AS keywords,
       (SELECT json_agg(json_build_array(x.id::text, x.status_id::text) ORDER BY x.id)
        FROM filter_statuses x WHERE x.filter_id = f.id)::text AS statuses
FROM filters f WHERE f.account_id = $1
"""

_ALL = f"{_FILTERS} ORDER BY f.id"
_ONE = f"{_FILTERS} AND f.id = $2"

# The same, for holding statuses against them.
_ACTIVE = (
    _FILTERS.replace("= $1", "= ANY($1::bigint[])")
    + " AND f.version = ANY($2::bigint[]) ORDER BY f.id"
)


@dataclass(frozen=True, slots=True)
class Words:
    """A keyword to add or to change; None leaves as it is. `id` names one that exists."""

    keyword: str | None = None
    whole_word: bool | None = None
    id: int | None = None
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """What to make of a filter; None leaves it as it is."""

    title: str | None = None
    context: Sequence[str] | None = None
    action: str | None = None
    # Whether it gets another end: in so many seconds, or never.
    ends_anew: bool = False
    expires_in_seconds: int | None = None
    words: Sequence[Words] = field(default_factory=tuple)


async def everything(reader: Reader, account_id: int) -> Sequence[Any]:
    """All filters of an account, the oldest first, with `keywords` and `statuses` as JSON."""
    return await reader.fetch(_ALL, account_id)


async def one(reader: Reader, account_id: int, filter_id: int) -> Any:
    """A filter as in `everything`.

    Raises:
        NotFound: the account has no such filter.
    """
    found = await reader.fetch(_ONE, account_id, filter_id)
    if not found:
        raise NotFound
    return found[0]


async def active(
    reader: Reader, account_ids: Collection[int], versions: Collection[int]
) -> Sequence[Any]:
    """Those of these accounts' `versions` that there are still, as in `everything`."""
    return await reader.fetch(_ACTIVE, list(account_ids), list(versions))


async def create(session: AsyncSession, account_id: int, wish: Wish) -> int:
    """Begin to filter; the id of the new filter.

    Raises:
        Invalid: no title or no place to filter in, or something too long.
        Unprocessable: the account has as many as it may.
    """
    made = Filter(account_id=account_id, title="", context=[], action="warn")
    required = Wish(wish.title or "", wish.context or [], wish.action or "warn")
    _apply(made, required)
    _end(made, wish)
    counted = select(func.count()).where(col(Filter.account_id) == account_id)
    if (await session.scalar(counted) or 0) >= MAX_FILTERS:
        raise Unprocessable(f"Validation failed: Only {MAX_FILTERS} filters are possible")
    session.add(made)
    await session.flush()
    await _change_words(session, made, wish.words)
    await changed(session, made)
    return made.id


async def update(session: AsyncSession, account_id: int, filter_id: int, wish: Wish) -> None:
    """Change a filter, and its keywords.

    Raises:
        Invalid: as `create`.
        NotFound: the account has no such filter, or the filter no such keyword.
    """
    found = await own(session, account_id, filter_id)
    _apply(found, wish)
    _end(found, wish)
    await _change_words(session, found, wish.words)
    await changed(session, found)


async def delete_own(session: AsyncSession, account_id: int, filter_id: int) -> None:
    """Filter no longer.

    Raises:
        NotFound: the account has no such filter.
    """
    found = await own(session, account_id, filter_id)
    await session.delete(found)
    await events.record(session, "filters.changed", account_id=account_id)


async def own(session: AsyncSession, account_id: int, filter_id: int) -> Filter:
    """A filter of the account's own, locked until the transaction ends.

    Raises:
        NotFound: it is somebody else's, or not there.
    """
    found: Filter | None = await session.scalar(
        select(Filter)
        .where(col(Filter.id) == filter_id, col(Filter.account_id) == account_id)
        .with_for_update()
    )
    if found is None:
        raise NotFound
    return found


async def changed(session: AsyncSession, found: Filter) -> None:
    """Let what was made for the owner of a filter be made anew."""
    found.version = ids.new()
    session.add(found)
    await events.record(session, "filters.changed", account_id=found.account_id)


async def add_words(session: AsyncSession, found: Filter, words: Words) -> FilterKeyword:
    """Look for further words.

    Raises:
        Invalid: no words, or too many letters.
        Unprocessable: the filter has as many as it may.
    """
    counted = select(func.count()).where(col(FilterKeyword.filter_id) == found.id)
    if (await session.scalar(counted) or 0) >= MAX_KEYWORDS:
        raise Unprocessable(f"Validation failed: Only {MAX_KEYWORDS} keywords are possible")
    added = FilterKeyword(
        filter_id=found.id,
        keyword=checked(words.keyword or ""),
        whole_word=words.whole_word is not False,
    )
    session.add(added)
    await session.flush()
    return added


def checked(keyword: str) -> str:
    """A keyword as it is kept.

    Raises:
        Invalid: it is empty, or too long.
    """
    cleaned = text.clean(keyword).strip()
    if not cleaned:
        raise Invalid({"keyword": [("ERR_BLANK", "can't be blank")]})
    if len(cleaned) > MAX_KEYWORD:
        raise Invalid(
            {"keyword": [("ERR_TOO_LONG", f"is too long (maximum is {MAX_KEYWORD} characters)")]}
        )
    return cleaned


def _apply(found: Filter, wish: Wish) -> None:
    problems: dict[str, list[tuple[str, str]]] = {}
    if wish.title is not None:
        found.title = text.clean(wish.title).strip()
        if not found.title:
            problems["title"] = [("ERR_BLANK", "can't be blank")]
        elif len(found.title) > MAX_TITLE:
            problems["title"] = [
                ("ERR_TOO_LONG", f"is too long (maximum is {MAX_TITLE} characters)")
            ]
    if wish.context is not None:
        found.context = [context for context in CONTEXTS if context in wish.context]
        if not wish.context:
            problems["context"] = [("ERR_BLANK", "can't be blank")]
        elif not set(wish.context) <= set(CONTEXTS):
            problems["context"] = [("ERR_INVALID", "None or invalid context supplied")]
    if problems:
        raise Invalid(problems)
    found.action = wish.action or found.action


def _end(found: Filter, wish: Wish) -> None:
    if wish.ends_anew:
        seconds = wish.expires_in_seconds
        found.expires_at = None if seconds is None else clock.now() + timedelta(seconds=seconds)


async def _change_words(session: AsyncSession, found: Filter, wishes: Sequence[Words]) -> None:
    known = await _known_words(session, found, [wish.id for wish in wishes if wish.id is not None])
    for wish in wishes:
        if wish.id is None:
            if not wish.is_gone:
                await add_words(session, found, wish)
            continue
        if wish.is_gone:
            await session.delete(known[wish.id])
        else:
            change_words(known[wish.id], wish)


def change_words(found: FilterKeyword, wish: Words) -> None:
    """Look for other words instead.

    Raises:
        Invalid: no words, or too many letters.
    """
    if wish.keyword is not None:
        found.keyword = checked(wish.keyword)
    if wish.whole_word is not None:
        found.whole_word = wish.whole_word


async def _known_words(
    session: AsyncSession, found: Filter, wanted: Sequence[int]
) -> Mapping[int, FilterKeyword]:
    rows = await session.exec(
        select(FilterKeyword).where(
            col(FilterKeyword.filter_id) == found.id, col(FilterKeyword.id).in_(wanted)
        )
    )
    known = {row.id: row for row in rows}
    if not set(wanted) <= known.keys():
        raise NotFound
    return known


async def keyword(
    session: AsyncSession, account_id: int, keyword_id: int
) -> tuple[Filter, FilterKeyword]:
    """A keyword of the account's own, and its filter, locked until the transaction ends.

    Raises:
        NotFound: it is somebody else's, or not there.
    """
    found = await session.get(FilterKeyword, keyword_id)
    if found is None:
        raise NotFound
    return await own(session, account_id, found.filter_id), found


async def delete_keyword(session: AsyncSession, account_id: int, keyword_id: int) -> None:
    """Look for these words no longer.

    Raises:
        NotFound: they are somebody else's, or not there.
    """
    found, _ = await keyword(session, account_id, keyword_id)
    await session.exec(delete(FilterKeyword).where(col(FilterKeyword.id) == keyword_id))
    await changed(session, found)
