"""The audit log: written in the transaction of the act, and chained so that nothing goes missing.

AU-1 to AU-3.
"""

import hashlib
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock
from app.database import Reader, SessionReader
from app.models.moderation.audit_entries import AuditEntry

# What the hash of the first entry is made of.
BEGINNING: Final = bytes(32)

# Any number, the same for all who write to one log.
_LOCK = 4_827_364
_BATCH = 1000

_TAKE_TURN = "SELECT pg_advisory_xact_lock($1)"
_LAST = """
SELECT clock_timestamp() AS now, coalesce(max(position), 0) AS position,
       (SELECT hash FROM audit_entries ORDER BY position DESC LIMIT 1) AS hash
FROM audit_entries
"""
_COLUMNS = (
    "position, created_at, actor_kind, actor_id, application_id, token_id, request_id, action, "
    "object_type, object_id, details::text AS details, hash"
)
_FROM = f"SELECT {_COLUMNS} FROM audit_entries WHERE position > $1 ORDER BY position LIMIT $2"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. Ids are None where there is none: a command has no account."""

    kind: Literal["user", "command", "server"]
    account_id: int | None = None
    application_id: int | None = None
    token_id: int | None = None
    request_id: str | None = None


# Somebody who may run commands on the server itself, and the server by itself.
COMMAND: Final = Actor("command")
SERVER: Final = Actor("server")


class Broken(Exception):
    """The log was tampered with: `position` is the first entry that does not fit."""

    def __init__(self, position: int) -> None:
        self.position = position
        super().__init__(f"Entry {position} of the audit log does not follow from the one before")


async def record(
    session: AsyncSession,
    actor: Actor,
    action: str,
    object_type: str,
    object_id: int | None,
    **details: Any,
) -> None:
    """Write down that `actor` did something.

    Entries are written one after the other: whoever comes second waits for the first's commit.
    `details` holds ids, numbers and words of ours, never names, addresses or what people wrote.
    """
    reader = SessionReader(session)
    await reader.fetch(_TAKE_TURN, _LOCK)
    # Looked up by a statement of its own: one that had waited would not see what it waited for.
    (last,) = await reader.fetch(_LAST)
    entry = AuditEntry(
        position=last["position"] + 1,
        created_at=last["now"],
        actor_kind=actor.kind,
        actor_id=actor.account_id,
        application_id=actor.application_id,
        token_id=actor.token_id,
        request_id=actor.request_id,
        action=action,
        object_type=object_type,
        object_id=object_id,
        details=details,
        hash=b"",
    )
    entry.hash = _hash(last["hash"] or BEGINNING, entry.model_dump())
    session.add(entry)
    await session.flush()


async def record_list(
    session: AsyncSession, actor: Actor, object_type: str, rows: Sequence[Any]
) -> None:
    """Write down of whom `actor` saw personal data; of an empty list, nothing."""
    if rows:
        seen = [row["id"] for row in rows]
        await record(session, actor, "list", object_type, None, ids=seen)


async def verify(reader: Reader) -> tuple[int, bytes]:
    """Read the log from its beginning: how many entries it has, and the hash of the last.

    Who keeps both elsewhere can tell later that nothing was cut off at the end.

    Raises:
        Broken: an entry was changed, removed or put in between.
    """
    position, expected = 0, BEGINNING
    async for entry in _entries(reader):
        position += 1
        expected = _hash(expected, entry)
        if entry["position"] != position or bytes(entry["hash"]) != expected:
            raise Broken(position)
    return position, expected


async def entries(reader: Reader) -> AsyncIterator[dict[str, Any]]:
    """The entries as they can be shown, the oldest first."""
    async for entry in _entries(reader):
        yield {
            **entry,
            "created_at": clock.iso(entry["created_at"]),
            "hash": bytes(entry["hash"]).hex(),
        }


async def _entries(reader: Reader) -> AsyncIterator[dict[str, Any]]:
    position = 0
    while rows := await reader.fetch(_FROM, position, _BATCH):
        for row in rows:
            yield {**row, "details": json.loads(row["details"])}
        position = rows[-1]["position"]


def _hash(before: bytes, entry: Mapping[str, Any]) -> bytes:
    """`SHA256(hash of the entry before || the entry in one way of writing)`."""
    row = [
        entry["position"],
        entry["created_at"].isoformat(),
        entry["actor_kind"],
        entry["actor_id"],
        entry["application_id"],
        entry["token_id"],
        entry["request_id"],
        entry["action"],
        entry["object_type"],
        entry["object_id"],
        entry["details"],
    ]
    written = json.dumps(row, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(before + written.encode()).digest()
