"""Timelines: home, public, tag and account, as pages of thin rows, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.database import Reader
from app.domain.relationships.hidden_authors import wanted_by
from app.domain.statuses import rows, text
from app.pagination import Listing, Page

_PAGE = "s.id < $2 AND s.id > $3"
_END = "ORDER BY s.id {direction} LIMIT $4"

_MEDIA = "s.media_attachments_count > 0 AND "


def _listings(rest: str, **options: str) -> tuple[Listing, Listing]:
    """A timeline, and the same with nothing but media: two statements, each with its index."""
    return (
        Listing(rows.statement(rest, **options)),
        Listing(rows.statement(_MEDIA + rest, **options)),
    )


_HOME = Listing(
    rows.statement(
        "h.account_id = $1 AND h.status_id < $2 AND h.status_id > $3 "
        "ORDER BY h.status_id {direction} LIMIT $4",
        cursor="h.status_id",
        source="home_entries h JOIN statuses s ON s.id = h.status_id",
        shown=rows.WANTED,
    )
)

# No reblogs, no replies to others: what somebody wanted everybody to come across.
SAID_TO_ALL = (
    "s.visibility = 'public' AND s.reblog_of_id IS NULL "
    "AND (s.in_reply_to_account_id IS NULL OR s.in_reply_to_account_id = s.account_id)"
)

_PUBLIC = _listings(f"{SAID_TO_ALL} AND {_PAGE} {_END}", shown=rows.MET)

# What was said to the viewer, and what they said to others, alone.
_DIRECT = Listing(
    rows.statement(
        f"{_PAGE} {_END}",
        shown=rows.WANTED,
        source="""(
            SELECT d.id FROM statuses d WHERE d.account_id = $1 AND d.visibility = 'direct'
            UNION
            SELECT d.id FROM mentions m JOIN statuses d ON d.id = m.status_id
            WHERE m.account_id = $1 AND d.visibility = 'direct'
        ) among JOIN statuses s ON s.id = among.id""",
    )
)

_TAG = _listings(
    f"""
        s.visibility = 'public' AND s.reblog_of_id IS NULL
        AND NOT EXISTS (
            SELECT FROM unnest($6::text[]) AS wanted WHERE NOT EXISTS (
                SELECT FROM status_tags x JOIN tags t ON t.id = x.tag_id
                WHERE x.status_id = s.id AND t.name = wanted))
        AND NOT EXISTS (
            SELECT FROM status_tags x JOIN tags t ON t.id = x.tag_id
            WHERE x.status_id = s.id AND t.name = ANY($7::text[]))
        AND {_PAGE} {_END}
        """,
    source="(SELECT DISTINCT status_id FROM status_tags WHERE tag_id = ANY($5::bigint[])) st "
    "JOIN statuses s ON s.id = st.status_id",
    shown=rows.MET,
)

# With one tag, the usual case, PostgreSQL walks the index and stops at the limit.
_ONE_TAG = _listings(
    "st.tag_id = $5 AND st.status_id < $2 AND st.status_id > $3 "
    "AND s.visibility = 'public' AND s.reblog_of_id IS NULL "
    "ORDER BY st.status_id {direction} LIMIT $4",
    source="status_tags st JOIN statuses s ON s.id = st.status_id",
    shown=rows.MET,
)

# Who looks at somebody's profile wants to see them, but not everybody whom they pass on.
_ACCOUNT = _listings(
    f"""
        s.account_id = $5 AND ($5 = $1 OR {wanted_by("$1", "o.account_id")})
        AND (NOT $6::boolean OR coalesce(s.in_reply_to_account_id, $5) = $5)
        AND (NOT $7::boolean OR s.reblog_of_id IS NULL)
        AND ($8::text IS NULL OR EXISTS (
            SELECT FROM status_tags x JOIN tags t ON t.id = x.tag_id
            WHERE x.status_id = s.id AND t.name = $8))
        AND {_PAGE} {_END}
        """
)

_TAGS_NAMED = "SELECT id FROM tags WHERE name = ANY($1::text[])"


@dataclass(frozen=True, slots=True)
class TagChoice:
    """Which statuses a tag timeline holds: any of `names`, all of `all_of`, none of `none_of`."""

    names: Sequence[str]
    all_of: Sequence[str] = ()
    none_of: Sequence[str] = ()
    only_media: bool = False


@dataclass(frozen=True, slots=True)
class AccountChoice:
    """Which statuses of an account are wanted."""

    exclude_replies: bool = False
    exclude_reblogs: bool = False
    tagged: str | None = None
    only_media: bool = False


async def home(reader: Reader, viewer: int, page: Page) -> Sequence[Any]:
    """What the viewer and those they follow said."""
    return await _HOME.read(reader, viewer, page)


async def public(
    reader: Reader, viewer: int, page: Page, *, only_media: bool = False
) -> Sequence[Any]:
    """What anybody said to everybody."""
    return await _PUBLIC[only_media].read(reader, viewer, page)


async def direct(reader: Reader, viewer: int, page: Page) -> Sequence[Any]:
    """What the viewer and others said to each other alone."""
    return await _DIRECT.read(reader, viewer, page)


async def tag(reader: Reader, viewer: int, choice: TagChoice, page: Page) -> Sequence[Any]:
    """What anybody said to everybody about a tag; nothing for a tag nobody used."""
    names = _normalised(choice.names)
    found = await reader.fetch(_TAGS_NAMED, names) if names else []
    tag_ids = [row["id"] for row in found]
    if not tag_ids:
        return []
    all_of, none_of = _normalised(choice.all_of), _normalised(choice.none_of)
    if len(all_of) < len(choice.all_of):
        return []  # what cannot be a tag is on no status
    if len(tag_ids) == 1 and not all_of and not none_of:
        return await _ONE_TAG[choice.only_media].read(reader, viewer, page, tag_ids[0])
    return await _TAG[choice.only_media].read(reader, viewer, page, tag_ids, all_of, none_of)


async def account(
    reader: Reader, viewer: int, account_id: int, choice: AccountChoice, page: Page
) -> Sequence[Any]:
    """What an account said and passed on, as far as the viewer may read it."""
    tagged = text.normalise_hashtag(choice.tagged) if choice.tagged else None
    if choice.tagged and tagged is None:
        return []
    return await _ACCOUNT[choice.only_media].read(
        reader, viewer, page, account_id, choice.exclude_replies, choice.exclude_reblogs, tagged
    )


def _normalised(names: Sequence[str]) -> list[str]:
    found = (text.normalise_hashtag(name) for name in names)
    return [name for name in found if name is not None]
