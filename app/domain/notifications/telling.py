"""Telling: whoever an event concerns gets a notification, once.

Nobody is told what they did themselves. That their own poll has ended was not their doing, and a
warning, or a reminder, comes from nobody in particular.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock
from app.database import SessionReader
from app.domain import events
from app.domain.notifications import policies, pushes, requests
from app.domain.notifications.audiences import AUDIENCES
from app.domain.relationships.hidden_authors import heard_by
from app.domain.statuses import conversation_mutes

# What can be shown as one with others of its kind.
GROUPED_TYPES = ("favourite", "reblog", "follow", "admin.sign_up")

# Which types may come from the recipient.
_ONES_OWN = "('poll', 'moderation_warning', 'skills_fading')"

# What was said before this reminder, it says again.
_REMINDED = "DELETE FROM notifications WHERE account_id = $1 AND type = 'skills_fading'"

# What a status's author did again takes the place of what they did before, not of what came since.
_OUTDATED = """
DELETE FROM notifications n USING statuses s
WHERE s.id = $1 AND n.created_at < s.edited_at AND (
    n.status_id = s.id AND n.type = 'update'
    OR n.status_id IN (SELECT q.id FROM statuses q WHERE q.quote_of_id = s.id)
       AND n.type = 'quoted_update')
"""

# A group goes on for as long as its hour is one of the last twelve; then the next begins.
_GROUP_KEY = """
    CASE WHEN c.type IN ('favourite', 'reblog', 'follow', 'admin.sign_up') THEN coalesce((
        SELECT max(n.group_key) FROM notifications n
        WHERE n.account_id = c.account_id
          AND n.group_key > concat(c.type, '-' || c.status_id, '-', moment.hour - 12)
          AND n.group_key <= concat(c.type, '-' || c.status_id, '-', moment.hour)
    ), concat(c.type, '-' || c.status_id, '-', moment.hour)) END
"""

# Nobody is told of a conversation they mute, or of those they do not want to hear. Their policy
# judges the rest.
_TELL = f"""
WITH concerned AS ({{audience}}),
judged AS (
    SELECT c.*, {_GROUP_KEY} AS group_key, {policies.VERDICTS} AS verdicts
    FROM concerned c
    JOIN accounts recipient ON recipient.id = c.account_id
    JOIN accounts sender ON sender.id = c.from_account_id
    LEFT JOIN notification_policies p ON p.account_id = c.account_id
    LEFT JOIN statuses s ON s.id = c.status_id
    CROSS JOIN (SELECT floor(extract(epoch FROM $1::timestamptz) / 3600)::bigint AS hour) moment
    WHERE (c.account_id <> c.from_account_id OR c.type IN {_ONES_OWN})
      AND recipient.suspended_at IS NULL
      AND (s.id IS NULL OR NOT {conversation_mutes.muted("c.account_id", "s")})
      AND {heard_by("c.account_id", "c.from_account_id")}
)
INSERT INTO notifications
    (created_at, account_id, from_account_id, type, status_id, emoji, report_id, warning_id,
     topic_endorsement_id, group_key, filtered)
SELECT $1, account_id, from_account_id, type, status_id, $2::text, $3::bigint, $4::bigint,
       $5::bigint, group_key, coalesce('filter' = ANY(verdicts), false)
FROM judged WHERE NOT coalesce('drop' = ANY(verdicts), false)
ON CONFLICT (account_id, type, from_account_id, status_id, emoji, report_id, warning_id,
             topic_endorsement_id)
DO NOTHING
RETURNING id, account_id, from_account_id, filtered
"""

_FORGET_BLOCKED = f"""
DELETE FROM notifications
WHERE account_id = $1 AND from_account_id = $2 AND NOT {heard_by("$1", "$2::bigint")}
"""

# What was done again in the meantime was told already: its own job finds the notification there.
_FORGET = """
DELETE FROM notifications n
WHERE n.type = ANY($1::text[]) AND n.from_account_id = $2
  AND ($3::bigint IS NULL OR n.account_id = $3)
  AND n.status_id IS NOT DISTINCT FROM $4 AND n.emoji IS NOT DISTINCT FROM $5
  AND NOT CASE n.type
    WHEN 'favourite' THEN EXISTS (
        SELECT FROM favourites m WHERE m.status_id = $4 AND m.account_id = $2)
    WHEN 'reaction' THEN EXISTS (
        SELECT FROM reactions m WHERE m.status_id = $4 AND m.account_id = $2 AND m.name = $5)
    WHEN 'reblog' THEN EXISTS (
        SELECT FROM statuses m WHERE m.reblog_of_id = $4 AND m.account_id = $2)
    ELSE EXISTS (
        SELECT FROM follows m
        WHERE m.account_id = $2 AND m.target_account_id = $3
          AND m.accepted = (n.type = 'follow'))
    END
"""


async def tell(session: AsyncSession, event: str, about: Mapping[str, Any]) -> None:
    """Notify everybody whom an event concerns; a second run tells nobody again."""
    reader = SessionReader(session)
    if event == "status.updated":
        await reader.fetch(_OUTDATED, about["status_id"])
    elif event == "skills.fading":
        await reader.fetch(_REMINDED, about["account_id"])
    elif event == "follow.created":
        # They asked before, and were let in.
        await _forget(reader, ["follow_request"], about["account_id"], about["target_account_id"])
    told = await reader.fetch(
        _statement(event),
        clock.now(),
        about.get("emoji"),
        about.get("report_id"),
        about.get("warning_id"),
        about.get("topic_endorsement_id"),
        *AUDIENCES[event].arguments(about),
    )
    if aside := [row for row in told if row["filtered"]]:
        await requests.make(session, [(row["account_id"], row["from_account_id"]) for row in aside])
    if shown := [row["id"] for row in told if not row["filtered"]]:
        await events.record(session, "notifications.created", ids=shown)
        await pushes.plan(session, shown)


async def untell(session: AsyncSession, event: str, about: Mapping[str, Any]) -> None:
    """Take back what was told of something that is undone."""
    reader = SessionReader(session)
    actor = about["account_id"]
    if event == "block.created":
        await reader.fetch(_FORGET_BLOCKED, actor, about["target_account_id"])
    elif event == "follow.deleted":
        await _forget(reader, ["follow", "follow_request"], actor, about["target_account_id"])
    elif event == "favourite.deleted":
        await _forget(reader, ["favourite"], actor, status_id=about["status_id"])
    elif event == "reaction.deleted":
        await _forget(
            reader, ["reaction"], actor, status_id=about["status_id"], emoji=about["emoji"]
        )
    elif about.get("reblog_of_id"):
        await _forget(reader, ["reblog"], actor, status_id=about["reblog_of_id"])


@cache
def _statement(event: str) -> str:
    return _TELL.replace("{audience}", AUDIENCES[event].sql)


async def _forget(
    reader: SessionReader,
    types: list[str],
    actor: int,
    account_id: int | None = None,
    *,
    status_id: int | None = None,
    emoji: str | None = None,
) -> None:
    await reader.fetch(_FORGET, types, actor, account_id, status_id, emoji)
