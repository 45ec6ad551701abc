"""Accounts: finding them, and the thin row every list of them is made of."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.database import Reader
from app.domain.relationships.hidden_authors import not_silenced_for
from app.errors import NotFound, Unauthorized
from app.models.accounts.accounts import Account
from app.models.identity.users import User

# What changes about an account without a new version; the rest is rendered once per version.
COLUMNS = """
    a.id, a.version, a.followers_count, a.following_count, a.statuses_count, a.last_status_on
"""

# A login that is not confirmed or approved yet is nobody to others.
KNOWN = """
    NOT EXISTS (
        SELECT FROM users u
        WHERE u.account_id = a.id AND (u.confirmed_at IS NULL OR NOT u.approved))
"""

_BY_IDS = f"""
SELECT a.id AS cursor, {COLUMNS}, a.username
FROM accounts a WHERE a.id = ANY($1::bigint[]) AND {KNOWN}
"""

# Whom moderators silenced is found by those who follow them or know their name.
_MET_BY_IDS = f"""
SELECT a.id AS cursor, {COLUMNS}, a.username
FROM accounts a
WHERE a.id = ANY($1::bigint[]) AND {KNOWN}
  AND ({not_silenced_for("$2", "a")} OR lower(a.username) = $3)
"""

_THIN = f"SELECT {COLUMNS} FROM accounts a WHERE a.id = ANY($1::bigint[])"

_BY_USERNAMES = f"""
SELECT a.id AS cursor, {COLUMNS}, a.username
FROM accounts a
WHERE lower(a.username) = ANY($1::text[]) AND a.suspended_at IS NULL AND {KNOWN}
"""

# Locked in one order, so that two of these do not wait for each other.
_COUNT_OUT = """
WITH authors AS (SELECT id, count(*) AS n FROM unnest($1::bigint[]) AS id GROUP BY id),
held AS MATERIALIZED (
    SELECT a.id, authors.n FROM accounts a JOIN authors ON authors.id = a.id
    ORDER BY a.id FOR NO KEY UPDATE OF a
)
UPDATE accounts a SET statuses_count = a.statuses_count - held.n FROM held WHERE a.id = held.id
"""


async def get(session: AsyncSession, account_id: int) -> Account:
    """An account, for acting on it.

    Raises:
        NotFound: there is none, it is suspended, or its login is not confirmed or approved yet.
    """
    waiting = select(User.id).where(
        col(User.account_id) == account_id,
        or_(col(User.confirmed_at).is_(None), col(User.approved).is_(False)),
    )
    account: Account | None = await session.scalar(
        select(Account).where(
            col(Account.id) == account_id,
            col(Account.suspended_at).is_(None),
            ~waiting.exists(),
        )
    )
    if account is None:
        raise NotFound
    return account


async def own(session: AsyncSession, account_id: int) -> Account:
    """The account of somebody who is logged in, for writing.

    Raises:
        Unauthorized: it is gone.
    """
    account = await session.get(Account, account_id)
    if account is None:
        raise Unauthorized
    return account


async def by_ids(reader: Reader, ids: Sequence[int]) -> list[Any]:
    """Thin rows of the known ones of these accounts, in the order of `ids`."""
    found = {row["id"]: row for row in await reader.fetch(_BY_IDS, list(ids))}
    return [found[id_] for id_ in dict.fromkeys(ids) if id_ in found]


async def thin_rows(reader: Reader, ids: Iterable[int]) -> Sequence[Any]:
    """Thin rows of these accounts, in any order, whether they are known to others or not."""
    wanted = sorted(ids)
    return await reader.fetch(_THIN, wanted) if wanted else []


async def met_by_ids(reader: Reader, viewer: int, ids: Sequence[int], *, name: str) -> list[Any]:
    """As `by_ids`, without whom moderators silenced, unless `name` is theirs."""
    rows = await reader.fetch(_MET_BY_IDS, list(ids), viewer, name.lower())
    found = {row["id"]: row for row in rows}
    return [found[id_] for id_ in ids if id_ in found]


async def count_out(reader: Reader, author_ids: Sequence[int]) -> None:
    """Statuses of these accounts are gone, of each as many as it is named times."""
    await reader.fetch(_COUNT_OUT, list(author_ids))


async def require(reader: Reader, account_id: int) -> Any:
    """The thin row of an account.

    Raises:
        NotFound: there is none, or its login is not confirmed or approved yet.
    """
    rows = await by_ids(reader, [account_id])
    if not rows:
        raise NotFound
    return rows[0]


async def by_usernames(reader: Reader, usernames: Iterable[str]) -> dict[str, Any]:
    """`{lower-case name: thin row with username}` of those that exist; case does not matter."""
    names = sorted({name.lower() for name in usernames})
    if not names:
        return {}
    return {row["username"].lower(): row for row in await reader.fetch(_BY_USERNAMES, names)}


async def by_acct(reader: Reader, acct: str, *, domain: str) -> Any:
    """The thin row of `user` or `user@host`; an `@` in front and the case do not matter.

    Raises:
        NotFound: there is none, or it is of another host. `domain` is ours, with its port.
    """
    username, _, host = acct.removeprefix("@").partition("@")
    if host and host.lower() not in {domain.lower(), domain.lower().partition(":")[0]}:
        raise NotFound
    found = await by_usernames(reader, [username])
    if username.lower() not in found:
        raise NotFound
    return found[username.lower()]
