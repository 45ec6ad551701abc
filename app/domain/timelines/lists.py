"""Lists: timelines of chosen people."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock, ids
from app.database import Reader, SessionReader
from app.domain import events
from app.domain.accounts import accounts
from app.domain.statuses import rows, text
from app.domain.timelines import home_entries
from app.errors import Invalid, NotFound, Unprocessable
from app.models.accounts.accounts import Account
from app.models.timelines.lists import List, RepliesPolicy
from app.pagination import Listing, Page

MAX_LISTS: Final = 50
MAX_TITLE: Final = 256


@dataclass(frozen=True, slots=True)
class Changes:
    """What a list is to be; None leaves it as it is, or at its default for a new one."""

    title: str | None = None
    replies_policy: RepliesPolicy | None = None
    exclusive: bool | None = None


async def create(session: AsyncSession, account: Account, changes: Changes) -> List:
    """Make a list with nobody in it.

    Raises:
        Invalid: no title, or too long a one.
        Unprocessable: it is one too many.
    """
    title = _checked(changes.title or "")
    # One after the other, so that two requests cannot both take the last place.
    await session.refresh(account, with_for_update=True)
    count = select(func.count()).select_from(List).where(List.account_id == account.id)
    if (await session.scalar(count) or 0) >= MAX_LISTS:
        raise Unprocessable("Validation failed: You have reached the maximum number of lists")
    created = List(
        account_id=account.id,
        title=title,
        replies_policy=changes.replies_policy or RepliesPolicy.LIST,
        exclusive=bool(changes.exclusive),
    )
    session.add(created)
    await session.flush()
    return created


async def update(session: AsyncSession, account_id: int, list_id: int, changes: Changes) -> List:
    """Change a list of one's own.

    Raises:
        Invalid: no title, or too long a one.
        NotFound: the account has no such list.
    """
    found = await own(session, account_id, list_id)
    if changes.title is not None:
        found.title = _checked(changes.title)
    if changes.replies_policy is not None:
        found.replies_policy = changes.replies_policy
    if changes.exclusive is not None and changes.exclusive is not found.exclusive:
        found.exclusive = changes.exclusive
        await _settle(session, found, await _members(session, list_id))
    session.add(found)
    await session.flush()
    return found


async def delete(session: AsyncSession, account_id: int, list_id: int) -> None:
    """Do away with a list; who was in it comes home again.

    Raises:
        NotFound: the account has no such list.
    """
    found = await own(session, account_id, list_id)
    if found.exclusive:
        await _settle(session, found, await _members(session, list_id))
    await session.delete(found)


async def own(session: AsyncSession, account_id: int, list_id: int) -> List:
    """A list of the account's own, locked until the transaction ends.

    Raises:
        NotFound: it is somebody else's, or not there.
    """
    found: List | None = await session.scalar(
        select(List)
        .where(col(List.id) == list_id, col(List.account_id) == account_id)
        .with_for_update()
    )
    if found is None:
        raise NotFound
    return found


async def require(reader: Reader, viewer: int, list_id: int) -> Any:
    """The row of a list of the viewer's.

    Raises:
        NotFound: it is somebody else's, or not there.
    """
    found = await reader.fetch(_OWN, viewer, list_id)
    if not found:
        raise NotFound
    return found[0]


async def all_of(reader: Reader, viewer: int) -> Sequence[Any]:
    """The viewer's lists, the oldest first."""
    return await reader.fetch(_ALL, viewer)


async def with_member(reader: Reader, viewer: int, account_id: int) -> Sequence[Any]:
    """Those of the viewer's lists that an account is in, the oldest first."""
    return await reader.fetch(_WITH_MEMBER, viewer, account_id)


async def add(
    session: AsyncSession, account_id: int, list_id: int, account_ids: Sequence[int]
) -> None:
    """Put people into a list: whom the owner follows or asked to follow, and the owner.

    Who is in it already stays.

    Raises:
        NotFound: the account has no such list, or does not follow one of them.
    """
    found = await own(session, account_id, list_id)
    wanted = list(dict.fromkeys(account_ids))
    reader = SessionReader(session)
    allowed = await reader.fetch(_ALLOWED, account_id, wanted)
    if len(allowed) < len(wanted):
        raise NotFound
    await reader.fetch(
        _ADD,
        list_id,
        [ids.new() for _ in allowed],
        clock.now(),
        [row["account_id"] for row in allowed],
        [row["follow_id"] for row in allowed],
    )
    if found.exclusive:
        await _settle(session, found, wanted)


async def remove(
    session: AsyncSession, account_id: int, list_id: int, account_ids: Sequence[int]
) -> None:
    """Take people out of a list, as far as they are in it.

    Raises:
        NotFound: the account has no such list.
    """
    found = await own(session, account_id, list_id)
    await SessionReader(session).fetch(_REMOVE, list_id, list(account_ids))
    if found.exclusive:
        await _settle(session, found, account_ids)


async def members(reader: Reader, viewer: int, list_id: int, page: Page) -> Sequence[Any]:
    """Thin rows of who is in a list of the viewer's, the latest first.

    Raises:
        NotFound: the viewer has no such list.
    """
    await require(reader, viewer, list_id)
    return await _MEMBERS.read(reader, viewer, page, list_id)


async def timeline(reader: Reader, viewer: int, list_id: int, page: Page) -> Sequence[Any]:
    """What the members of a list of the viewer's say, as far as it would come home to the viewer.

    Raises:
        NotFound: the viewer has no such list.
    """
    found = await require(reader, viewer, list_id)
    return await _TIMELINE.read(reader, viewer, page, list_id, found["replies_policy"])


async def _members(session: AsyncSession, list_id: int) -> list[int]:
    found = await SessionReader(session).fetch(_ALL_MEMBERS, list_id)
    return [row["account_id"] for row in found]


async def _settle(session: AsyncSession, changed: List, account_ids: Sequence[int]) -> None:
    if account_ids:
        await events.record(
            session,
            "list.changed",
            account_id=changed.account_id,
            list_id=changed.id,
            target_account_ids=list(account_ids),
        )


def _checked(title: str) -> str:
    cleaned = " ".join(text.clean(title).split())
    if not cleaned:
        raise Invalid({"title": [("ERR_BLANK", "can't be blank")]})
    if len(cleaned) > MAX_TITLE:
        problem = f"is too long (maximum is {MAX_TITLE} characters)"
        raise Invalid({"title": [("ERR_TOO_LONG", problem)]})
    return cleaned


_COLUMNS = "l.id, l.title, l.replies_policy, l.exclusive"
_OWN = f"SELECT {_COLUMNS} FROM lists l WHERE l.account_id = $1 AND l.id = $2"
_ALL = f"SELECT {_COLUMNS} FROM lists l WHERE l.account_id = $1 ORDER BY l.id"
_WITH_MEMBER = f"""
SELECT {_COLUMNS} FROM lists l JOIN list_accounts x ON x.list_id = l.id
WHERE l.account_id = $1 AND x.account_id = $2 ORDER BY l.id
"""
_ALL_MEMBERS = "SELECT account_id FROM list_accounts WHERE list_id = $1"

# Waits for somebody who is ending a follow just now.
_ALLOWED = """
WITH followed AS (
    SELECT f.target_account_id AS account_id, f.id AS follow_id FROM follows f
    WHERE f.account_id = $1 AND f.target_account_id = ANY($2::bigint[]) FOR KEY SHARE
)
SELECT account_id, follow_id FROM followed
UNION ALL
SELECT $1::bigint, NULL WHERE $1 = ANY($2::bigint[])
"""

_ADD = """
INSERT INTO list_accounts (id, created_at, list_id, account_id, follow_id)
SELECT x.id, $3, $1, x.account_id, x.follow_id
FROM unnest($2::bigint[], $4::bigint[], $5::bigint[]) x (id, account_id, follow_id)
ON CONFLICT DO NOTHING
"""

_REMOVE = "DELETE FROM list_accounts WHERE list_id = $1 AND account_id = ANY($2::bigint[])"

_MEMBERS = Listing(
    f"""
    SELECT x.id AS cursor, {accounts.COLUMNS}
    FROM list_accounts x JOIN accounts a ON a.id = x.account_id
    WHERE x.list_id = $5 AND x.id < $2 AND x.id > $3 AND a.suspended_at IS NULL
      AND $1::bigint IS NOT NULL
    ORDER BY x.id {{direction}} LIMIT $4
    """
)


def wanted_of_member(
    viewer: str = "l.account_id", list_: str = "x.list_id", replies: str = "l.replies_policy"
) -> str:
    """The SQL condition under which a list shows a status of a member to `viewer`, who owns it.

    `f` is the viewer's follow of the member if the member is somebody else, `s` the status, `o`
    what it reblogs. Who may read it, and hidden authors, are no matter of this.
    """
    return f"""
        (s.in_reply_to_account_id IS NULL
         OR s.in_reply_to_account_id IN ({viewer}, s.account_id)
         OR {replies} = 'followed'
         OR {replies} = 'list' AND EXISTS (
             SELECT FROM list_accounts y
             WHERE y.list_id = {list_} AND y.account_id = s.in_reply_to_account_id))
        AND (f.id IS NULL OR {home_entries.wanted_of_followed(viewer)})"""


_WANTED = f"""{rows.WANTED} AND {wanted_of_member("$1", "$5", "$6")}"""

# Of each member the newest, and of those the newest: a list costs what its members are, not what
# they said. Looking at a status costs more than finding it. So a page is looked for among three
# times as many as it has; only where too few of them are wanted, all members are gone through.
_TIMELINE = Listing(
    rows.statement(
        "true ORDER BY s.id {direction}",
        source=f"""
        (WITH near AS MATERIALIZED (
             SELECT said.id, x.follow_id
             FROM list_accounts x
             CROSS JOIN LATERAL (
                 SELECT s.id FROM statuses s
                 WHERE s.account_id = x.account_id AND s.id < $2 AND s.id > $3
                 ORDER BY s.id {{direction}} LIMIT 3 * $4
             ) said
             WHERE x.list_id = $5
             ORDER BY said.id {{direction}} LIMIT 3 * $4
         ), wanted AS MATERIALIZED (
             SELECT s.id
             FROM near JOIN statuses s ON s.id = near.id {rows.JOINS}
             LEFT JOIN follows f ON f.id = near.follow_id
             WHERE {_WANTED}
         ), known AS MATERIALIZED (
             SELECT (SELECT count(*) FROM wanted) >= $4
                 OR (SELECT count(*) FROM near) < 3 * $4 AS is_enough
         )
         SELECT id FROM wanted WHERE (SELECT is_enough FROM known)
         UNION ALL
         SELECT found.id
         FROM list_accounts x
         LEFT JOIN follows f ON f.id = x.follow_id
         CROSS JOIN LATERAL (
             SELECT s.id FROM statuses s {rows.JOINS}
             WHERE s.account_id = x.account_id AND s.id < $2 AND s.id > $3 AND {_WANTED}
             ORDER BY s.id {{direction}} LIMIT $4
         ) found
         WHERE x.list_id = $5 AND NOT (SELECT is_enough FROM known)
         ORDER BY id {{direction}} LIMIT $4) page
        JOIN statuses s ON s.id = page.id
        """,
        shown="true",
    )
)
