"""Conversations: what is said among a few, gathered for each of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock, ids
from app.database import Reader, SessionReader
from app.domain import events
from app.domain.accounts import accounts
from app.domain.relationships.hidden_authors import heard_by, wanted_by
from app.domain.statuses import rows
from app.domain.statuses.visibility import meant_for
from app.errors import NotFound
from app.pagination import Listing, Page

# Those a status is among: its author, and whom it mentions.
_AMONG = """
    SELECT {status}.account_id AS id
    UNION SELECT m.account_id FROM mentions m WHERE m.status_id = {status}.id
"""

# A row for each of them who wants to hear of it; the author always does.
_CONCERNED = f"""
SELECT s.id AS status_id, p.id AS account_id, coalesce(s.conversation_id, s.id) AS conversation_id,
       ARRAY(SELECT o.id FROM ({_AMONG.format(status="s")}) o
             WHERE o.id <> p.id ORDER BY o.id) AS participant_ids,
       p.id <> s.account_id AS unread
FROM statuses s CROSS JOIN LATERAL ({_AMONG.format(status="s")}) p
WHERE s.id = ANY($1::bigint[]) AND {heard_by("p.id", "s.account_id")}
ORDER BY s.id, p.id
"""

_ADD = """
INSERT INTO conversations
    (id, created_at, account_id, conversation_id, participant_ids, last_status_id, unread)
VALUES ($1, $2, $3, $4, $5::bigint[], $6, $7)
ON CONFLICT (account_id, conversation_id, participant_ids) DO UPDATE
SET last_status_id = greatest(conversations.last_status_id, excluded.last_status_id),
    unread = CASE WHEN conversations.last_status_id > excluded.last_status_id
        THEN conversations.unread ELSE excluded.unread END
"""


def _ending_before(goes: str) -> str:
    """Let conversations end before the status `l`, of which `goes` is true.

    Whoever is left without anything said has no conversation any more.
    """
    return f"""
WITH ended AS (
    SELECT c.id, (
        SELECT s.id FROM statuses s
        WHERE (s.conversation_id = c.conversation_id OR s.id = c.conversation_id)
          AND s.visibility = 'direct' AND NOT {goes.format("s")}
          AND ARRAY(SELECT o.id FROM ({_AMONG.format(status="s")}) o
                    WHERE o.id <> c.account_id ORDER BY o.id) = c.participant_ids
        ORDER BY s.id DESC LIMIT 1
    ) AS before
    FROM statuses l JOIN conversations c ON c.last_status_id = l.id WHERE {goes.format("l")}
), gone AS (
    DELETE FROM conversations c USING ended WHERE c.id = ended.id AND ended.before IS NULL
)
UPDATE conversations c SET last_status_id = ended.before
FROM ended WHERE c.id = ended.id AND ended.before IS NOT NULL
"""


_TAKE_OUT = _ending_before("{}.id = $1")
_TAKE_OUT_ALL_OF = _ending_before("{}.account_id = $1")

# Where the others have a conversation without that one already, the two become one. Reads all
# conversations: people are seldom erased.
_FORGET = """
WITH with_them AS (
    SELECT c.*, array_remove(c.participant_ids, $1) AS others
    FROM conversations c WHERE c.participant_ids @> ARRAY[$1::bigint]
), twins AS (
    SELECT t.id, t.last_status_id, t.unread, c.id AS without_id
    FROM with_them t JOIN conversations c
        ON c.account_id = t.account_id AND c.conversation_id = t.conversation_id
        AND c.participant_ids = t.others
), united AS (
    UPDATE conversations c
    SET last_status_id = greatest(c.last_status_id, twins.last_status_id),
        unread = c.unread OR twins.unread
    FROM twins WHERE c.id = twins.without_id
), gone AS (
    DELETE FROM conversations c USING twins WHERE c.id = twins.id
)
UPDATE conversations c SET participant_ids = t.others
FROM with_them t WHERE c.id = t.id AND NOT EXISTS (SELECT FROM twins WHERE twins.id = c.id)
"""

_COLUMNS = "c.last_status_id AS cursor, c.id, c.unread, c.participant_ids, c.last_status_id"

_LIST = Listing(
    f"""
    SELECT {_COLUMNS}
    FROM conversations c
    JOIN statuses s ON s.id = c.last_status_id JOIN accounts a ON a.id = s.account_id
    WHERE c.account_id = $1 AND c.last_status_id < $2 AND c.last_status_id > $3
      AND {meant_for()} AND {wanted_by("$1", "s.account_id")}
    ORDER BY c.last_status_id {{direction}} LIMIT $4
    """
)

_ONE = f"SELECT {_COLUMNS} FROM conversations c WHERE c.account_id = $1 AND c.id = $2"

_OF_MANY = f"""
SELECT {_COLUMNS}, c.account_id FROM conversations c
WHERE c.account_id = ANY($1::bigint[]) AND c.last_status_id = ANY($2::bigint[])
"""

_MARK = """
UPDATE conversations SET unread = $3 WHERE account_id = $1 AND id = $2 RETURNING id
"""
_PUT_AWAY = "DELETE FROM conversations WHERE account_id = $1 AND id = $2 RETURNING id"


@dataclass(frozen=True, slots=True)
class Conversations:
    """A page: the conversations, and the thin rows of the accounts and statuses in it."""

    rows: Sequence[Any]
    accounts: Sequence[Any]
    statuses: Sequence[Any]


async def add(session: AsyncSession, status_id: int) -> None:
    """Put a direct status into the conversations of those it is among; it is unread for them."""
    reader = SessionReader(session)
    concerned = await reader.fetch(_CONCERNED, [status_id])
    for row in concerned:
        await reader.fetch(
            _ADD,
            ids.new(),
            clock.now(),
            row["account_id"],
            row["conversation_id"],
            row["participant_ids"],
            status_id,
            row["unread"],
        )
    await events.record(
        session,
        "conversation.updated",
        conversation_id=concerned[0]["conversation_id"],
        status_id=status_id,
        account_ids=[row["account_id"] for row in concerned],
    )


async def add_old(connection: asyncpg.Connection, status_ids: Sequence[int]) -> None:
    """The same for what was said long ago, oldest first: it is read, and nobody is told."""
    await connection.executemany(
        _ADD,
        [
            (
                *(ids.new(), clock.now(), row["account_id"], row["conversation_id"]),
                *(row["participant_ids"], row["status_id"], False),
            )
            for row in await connection.fetch(_CONCERNED, status_ids)
        ],
    )


async def take_out(session: AsyncSession, status_id: int) -> None:
    """Let conversations that a direct status ended end with what was said before it."""
    await SessionReader(session).fetch(_TAKE_OUT, status_id)


async def forget(reader: Reader, account_id: int) -> None:
    """Leave somebody who is about to be erased, and all they said, out of conversations.

    What others said there is theirs.
    """
    await reader.fetch(_TAKE_OUT_ALL_OF, account_id)
    await reader.fetch(_FORGET, account_id)


async def page(reader: Reader, viewer: int, page: Page) -> Conversations:
    """The conversations of the viewer, the one in which something was said last first."""
    return await _with_things(reader, viewer, await _LIST.read(reader, viewer, page))


async def one(reader: Reader, viewer: int, conversation_id: int) -> Conversations:
    """A page of one; empty if the viewer has no such conversation."""
    return await _with_things(reader, viewer, await reader.fetch(_ONE, viewer, conversation_id))


async def ending_in(
    reader: Reader, viewers: Collection[int], status_ids: Collection[int]
) -> Conversations:
    """Those of the viewers, with `account_id`, in which one of these was said last.

    Without the statuses, which each viewer sees differently.
    """
    found = await reader.fetch(_OF_MANY, list(viewers), list(status_ids))
    people = {id_ for row in found for id_ in row["participant_ids"] or [row["account_id"]]}
    return Conversations(rows=found, accounts=await accounts.thin_rows(reader, people), statuses=())


async def mark(reader: Reader, viewer: int, conversation_id: int, *, unread: bool) -> None:
    """Say whether the viewer has read a conversation.

    Raises:
        NotFound: the viewer has no such conversation.
    """
    if not await reader.fetch(_MARK, viewer, conversation_id, unread):
        raise NotFound


async def put_away(reader: Reader, viewer: int, conversation_id: int) -> None:
    """Take a conversation out of the viewer's list, until something is said in it again.

    Raises:
        NotFound: the viewer has no such conversation.
    """
    if not await reader.fetch(_PUT_AWAY, viewer, conversation_id):
        raise NotFound


async def _with_things(reader: Reader, viewer: int, found: Sequence[Any]) -> Conversations:
    # Who talks to themselves is the only one who takes part.
    people = {id_ for row in found for id_ in row["participant_ids"] or [viewer]}
    statuses = [row["last_status_id"] for row in found if row["last_status_id"]]
    return Conversations(
        rows=found,
        accounts=await accounts.by_ids(reader, sorted(people)) if people else [],
        statuses=await rows.by_ids(reader, viewer, statuses),
    )
