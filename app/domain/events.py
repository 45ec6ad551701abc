"""Events: what happened, and the jobs that follow from it, in one transaction.

Jobs are done once, by a worker. Besides, every API process reads the events themselves, to tell the
clients whose streams are open.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from pgqueuer.db import AsyncpgDriver
from pgqueuer.queries import Queries
from pydantic_core import to_json
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock, ids
from app.database import Reader, SessionReader

# Where a trigger says that an event was recorded; the message is empty (QU-3).
CHANNEL = "hardop_events"
# What is older concerns nobody who listens.
_LISTENED_TO = timedelta(minutes=5)

Name = Literal[
    "account.created",
    "account.confirmed",
    "account.updated",
    "account.deleted",
    "status.created",
    "status.updated",
    # `status_id` says the same, and does not look the same.
    "status.refreshed",
    "status.deleted",
    "follow.created",
    "follow.requested",
    # Or a request that was not `accepted`; with it, the target left `list_ids` of who followed.
    "follow.deleted",
    "block.created",
    "block.deleted",
    "mute.created",
    "mute.deleted",
    "tag.followed",
    "tag.unfollowed",
    # `account_id` reads `target_account_ids` at home or elsewhere, otherwise than before.
    "list.changed",
    "favourite.created",
    "favourite.deleted",
    "reaction.created",
    "reaction.deleted",
    # `poll_id` under `status_id` has ended.
    "poll.closed",
    # A status has come home to those who follow its author.
    "status.delivered",
    # `status_ids` are no longer at home with `account_id`, who hides them or may not read them.
    "home.cleared",
    # `ids` of notifications of any accounts.
    "notifications.created",
    # What was kept aside for `account_id` is among its notifications now.
    "notifications.merged",
    # A direct status was added: `conversation_id`, as statuses name it, and `account_ids` of those
    # who take part.
    "conversation.updated",
    # `account_id` changed what it wants to be spared.
    "filters.changed",
    # Also when its words were changed.
    "announcement.published",
    "announcement.deleted",
    # `announcement_id` was given, or lost, an `emoji`.
    "announcement.reacted",
    # A moderator did `action` to `account_id`, or undid it; `warning_id` is what its owner is told.
    "account.moderated",
    # `user_id`, or nobody (0), is to be written to: to confirm their address, to choose a password,
    # or that it is another one.
    "user.unconfirmed",
    "user.password_forgotten",
    "user.password_changed",
    # What `account_id` scheduled could not be posted.
    "scheduled_status.failed",
    # `account_id` is to be erased.
    "account.given_up",
    # `account_id` asked the moderators to look at `target_account_id`.
    "report.created",
    # `account_id` said what a colleague knows about, in `topic_endorsement_id`.
    "topic.endorsed",
    # Hashtags on the profile of `account_id` are about to be no evidence any more.
    "skills.fading",
    # Everything that names the emoji `shortcode` has to be rendered anew.
    "custom_emoji.changed",
    # Of `media_id` something is to be made; of a film or a sound, which takes minutes.
    "media.uploaded",
    "film.uploaded",
    # People and statuses came from elsewhere, more than are worth naming.
    "people.imported",
]

# Which jobs an event causes. A job's payload is the event's.
_JOBS: dict[Name, tuple[str, ...]] = {
    "account.created": ("notify", "send_letter"),
    "account.confirmed": ("notify",),
    "account.updated": (),
    "account.deleted": (),
    "status.created": ("fan_out", "notify", "fetch_card"),
    "status.updated": ("notify", "fetch_card"),
    "status.refreshed": (),
    "status.deleted": ("denotify",),
    "follow.created": ("fill_home", "notify"),
    "follow.requested": ("notify",),
    "follow.deleted": ("clear_home", "denotify"),
    "block.created": ("hide_author", "denotify"),
    "block.deleted": (),
    "mute.created": ("hide_author",),
    "mute.deleted": ("fill_home",),
    "tag.followed": ("fill_home_with_tag",),
    "tag.unfollowed": ("clear_home_of_tag",),
    "list.changed": ("settle_home",),
    "favourite.created": ("notify",),
    "favourite.deleted": ("denotify",),
    "reaction.created": ("notify",),
    "reaction.deleted": ("denotify",),
    "poll.closed": ("notify",),
    "status.delivered": (),
    "home.cleared": (),
    "notifications.created": (),
    "notifications.merged": (),
    "conversation.updated": (),
    "filters.changed": (),
    "announcement.published": (),
    "announcement.deleted": (),
    "announcement.reacted": (),
    "account.moderated": ("notify",),
    "user.unconfirmed": ("send_letter",),
    "user.password_forgotten": ("send_letter",),
    "user.password_changed": ("send_letter",),
    "scheduled_status.failed": ("send_letter",),
    "account.given_up": ("erase_account",),
    "report.created": ("notify",),
    "topic.endorsed": ("notify",),
    "skills.fading": ("notify",),
    "custom_emoji.changed": ("refresh_emoji",),
    "media.uploaded": ("process_media",),
    "film.uploaded": ("process_film",),
    "people.imported": (),
}

_RECORD = """
INSERT INTO events (id, created_at, name, payload)
SELECT happened.id, $3, $4, happened.payload::jsonb
FROM unnest($1::bigint[], $2::text[]) AS happened (id, payload)
"""

# By transaction and not by id: ids are given before the commit, so that a lower one may appear
# after a higher one was read (DB-4). A transaction that a restored backup brought from another
# server may be numbered above all there are here.
_SINCE = """
SELECT pg_current_snapshot()::text AS position, e.id, e.name, e.payload::text AS payload
FROM (SELECT $1::text::pg_snapshot AS before) given
LEFT JOIN events e
    ON e.transaction >= (pg_snapshot_xmin(given.before)::text)::bigint
    AND e.transaction < (pg_snapshot_xmax(pg_current_snapshot())::text)::bigint
    AND NOT pg_visible_in_snapshot((e.transaction::text)::xid8, given.before)
    AND e.created_at > $2 AND e.name = ANY($3::text[])
ORDER BY e.id
"""

# What was committed after one snapshot, or recorded after an event, and before another snapshot.
_BETWEEN = """
SELECT e.id, e.name, e.payload::text AS payload
FROM events e
WHERE (e.id > $2 OR NOT pg_visible_in_snapshot((e.transaction::text)::xid8, $1::text::pg_snapshot))
  AND pg_visible_in_snapshot((e.transaction::text)::xid8, $3::text::pg_snapshot)
  AND e.created_at > $4 AND e.name = ANY($5::text[])
ORDER BY e.id DESC LIMIT $6
"""

_NOW = "SELECT pg_current_snapshot()::text AS position"


@dataclass(frozen=True, slots=True)
class Happened:
    """One event, as it is read by those who only listen."""

    id: int
    name: str
    payload: dict[str, Any]


class _SessionDriver(AsyncpgDriver):
    """Lets pgqueuer write through a session, so that its jobs commit with the rest."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def fetch(self, query: str, *args: Any) -> list[dict[str, Any]]:
        connection = await self._session.connection()
        result = await connection.exec_driver_sql(query, tuple(args))
        return [dict(row) for row in result.mappings()]


async def record(session: AsyncSession, name: Name, /, **payload: Any) -> None:
    """Write down that `name` happened and enqueue what follows from it.

    `payload` holds ids and short values, never texts: a handler reads what is true when it runs.
    Both roll back with the session.
    """
    await record_many(session, name, [payload])


async def record_many(
    session: AsyncSession, name: Name, payloads: Sequence[Mapping[str, Any]]
) -> None:
    """As `record`, for something that happened to many at once; the statements stay as few."""
    await SessionReader(session).fetch(
        _RECORD,
        [ids.new() for _ in payloads],
        [to_json(payload).decode() for payload in payloads],
        clock.now(),
        name,
    )
    if jobs := [
        (job, to_json({"event": name, **payload})) for payload in payloads for job in _JOBS[name]
    ]:
        await Queries(_SessionDriver(session)).enqueue(
            [job for job, _ in jobs], [body for _, body in jobs], [0] * len(jobs)
        )


async def later(session: AsyncSession, job: str, at: datetime, **payload: Any) -> None:
    """Enqueue a job for a moment to come; it rolls back with the session.

    Plans change, and the queue has a clock of its own, which counts from the beginning of this
    transaction: when it runs, the job looks whether it is still wanted, and whether it is time.
    """
    await session.flush()
    await Queries(_SessionDriver(session)).enqueue(
        job, to_json(payload), execute_after=max(at - clock.now(), timedelta())
    )


async def enqueue(session: AsyncSession, job: str, payloads: Sequence[Mapping[str, Any]]) -> None:
    """Enqueue many jobs of one kind; they roll back with the session."""
    if payloads:
        await session.flush()
        await Queries(_SessionDriver(session)).enqueue(
            [job] * len(payloads), [to_json(payload) for payload in payloads], [0] * len(payloads)
        )


def recording(name: Name, payload: str) -> str:
    """The beginning of SQL that records an event for each row of what follows it.

    For workers, whose statement then is its own transaction. `payload` is an expression:
    `WITH told AS (INSERT ... RETURNING id) {recording(..., "...jsonb_agg(id)...")} FROM told`.
    """
    return f"""
INSERT INTO events (id, created_at, name, payload)
SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint << 16 | floor(random() * 65536)::int,
       clock_timestamp(), '{name}', jsonb_build_object({payload})
"""


async def position(reader: Reader) -> str:
    """The present moment, for `since`: what is committed by now, and nothing else, is before it."""
    now: str = (await reader.fetch(_NOW))[0]["position"]
    return now


async def since(
    reader: Reader, before: str, names: Collection[Name], *, at_most: timedelta = _LISTENED_TO
) -> tuple[str, list[Happened]]:
    """The position now, and the events that were committed between `before` and now, oldest first.

    Reading on from there finds every event exactly once, whatever order they are committed in, but
    for those that are older than `at_most`.
    """
    rows = await reader.fetch(_SINCE, before, clock.now() - at_most, list(names))
    return rows[0]["position"], [_happened(row) for row in rows if row["id"]]


async def between(
    reader: Reader, before: str, last_id: int, until: str, names: Collection[Name], *, limit: int
) -> list[Happened]:
    """The newest events up to the position `until`, oldest first, for who was away since `before`.

    Of those that were committed together with `last_id`, the later ones are new to them.

    Raises:
        asyncpg.DataError: `before` is no position.
    """
    since_when = clock.now() - _LISTENED_TO
    rows = await reader.fetch(_BETWEEN, before, last_id, until, since_when, list(names), limit)
    return [_happened(row) for row in reversed(rows)]


def _happened(row: Any) -> Happened:
    return Happened(row["id"], row["name"], json.loads(row["payload"]))
