"""Audiences: whom an event concerns.

Each statement has a row for each notification an event makes: `account_id`, `type`,
`from_account_id`, `status_id`. What an event is about begins at `$6`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.relationships.hidden_authors import heard_by
from app.domain.statuses.visibility import visible_to


@dataclass(frozen=True, slots=True)
class Audience:
    """The statement for one event, and which members of its payload the statement takes."""

    sql: str
    about: tuple[str, ...]

    def arguments(self, payload: Mapping[str, Any]) -> tuple[Any, ...]:
        """Its values, for `$6` and on."""
        return tuple(payload[name] for name in self.about)


# Those a new status mentions (unless it is about somebody they do not want to hear), those who
# asked to hear of its author, and the authors of what it reblogs or quotes.
_STATUS = f"""
SELECT m.account_id, 'mention' AS type, s.account_id AS from_account_id, s.id AS status_id
FROM statuses s JOIN mentions m ON m.status_id = s.id
WHERE s.id = $6 AND {heard_by("m.account_id", "s.in_reply_to_account_id")}
  AND NOT EXISTS (SELECT FROM mentions x
                  WHERE x.status_id = s.id AND NOT {heard_by("m.account_id", "x.account_id")})
UNION ALL
SELECT f.account_id, 'status', s.account_id, s.id
FROM statuses s
JOIN accounts a ON a.id = s.account_id
JOIN follows f ON f.target_account_id = s.account_id AND f.accepted AND f.notify
WHERE s.id = $6 AND s.reblog_of_id IS NULL AND {visible_to("f.account_id")}
  AND (s.in_reply_to_account_id IS NULL OR s.in_reply_to_account_id = s.account_id)
  AND NOT EXISTS (SELECT FROM mentions m WHERE m.status_id = s.id AND m.account_id = f.account_id)
UNION ALL
SELECT o.account_id, 'reblog', s.account_id, o.id
FROM statuses s JOIN statuses o ON o.id = s.reblog_of_id
WHERE s.id = $6
UNION ALL
SELECT q.account_id, 'quote', s.account_id, s.id
FROM statuses s
JOIN accounts a ON a.id = s.account_id
JOIN statuses q ON q.id = s.quote_of_id AND s.quote_state = 'accepted'
WHERE s.id = $6 AND {visible_to("q.account_id")}
"""

# Those who passed a status on or quote it are told when its words change; those now mentioned, too.
_EDIT = """
SELECT r.account_id, 'update' AS type, s.account_id AS from_account_id, s.id AS status_id
FROM statuses s JOIN statuses r ON r.reblog_of_id = s.id
WHERE s.id = $6
UNION ALL
SELECT m.account_id, 'mention', s.account_id, s.id
FROM statuses s JOIN mentions m ON m.status_id = s.id
WHERE s.id = $6 AND m.account_id = ANY($7::bigint[])
UNION ALL
SELECT q.account_id, 'quoted_update', s.account_id, q.id
FROM statuses s JOIN statuses q ON q.quote_of_id = s.id AND q.quote_state = 'accepted'
WHERE s.id = $6
"""

_FAVOURITE = """
SELECT s.account_id, 'favourite' AS type, m.account_id AS from_account_id, s.id AS status_id
FROM favourites m JOIN statuses s ON s.id = m.status_id
WHERE m.status_id = $6 AND m.account_id = $7
"""

_REACTION = """
SELECT s.account_id, 'reaction' AS type, m.account_id AS from_account_id, s.id AS status_id
FROM reactions m JOIN statuses s ON s.id = m.status_id
WHERE m.status_id = $6 AND m.account_id = $7 AND m.name = $8
"""

_FOLLOW = """
SELECT f.target_account_id AS account_id,
       CASE WHEN f.accepted THEN 'follow' ELSE 'follow_request' END AS type,
       f.account_id AS from_account_id, NULL::bigint AS status_id
FROM follows f WHERE f.account_id = $6 AND f.target_account_id = $7
"""

# Those who look after accounts hear of a new one once its address is known to be somebody's.
_ACCOUNT = """
SELECT moderator.account_id, 'admin.sign_up' AS type, newcomer.account_id AS from_account_id,
       NULL::bigint AS status_id
FROM users newcomer JOIN users moderator ON moderator.role <> 'member'
WHERE newcomer.account_id = $6 AND newcomer.confirmed_at IS NOT NULL AND NOT moderator.disabled
"""

_REPORT = """
SELECT moderator.account_id, 'admin.report' AS type, r.account_id AS from_account_id,
       NULL::bigint AS status_id
FROM reports r JOIN users moderator ON moderator.role <> 'member'
WHERE r.id = $6 AND NOT moderator.disabled AND moderator.account_id <> r.target_account_id
"""

# Those who took part, and who asked: it comes from themselves, as their own poll.
_POLL = """
SELECT DISTINCT v.account_id, 'poll' AS type, s.account_id AS from_account_id, s.id AS status_id
FROM poll_votes v JOIN statuses s ON s.poll_id = v.poll_id
WHERE v.poll_id = $6
UNION ALL
SELECT s.account_id, 'poll', s.account_id, s.id
FROM polls p JOIN statuses s ON s.id = p.status_id
WHERE p.id = $6
"""

# Moderators stay unnamed: a warning comes from the account itself. Undoing tells nobody.
_WARNING = """
SELECT w.target_account_id AS account_id, 'moderation_warning' AS type,
       w.target_account_id AS from_account_id, NULL::bigint AS status_id
FROM account_warnings w WHERE w.id = $4
"""

# What somebody hid or declined they do not hear of again.
_ENDORSEMENT = """
SELECT e.target_account_id AS account_id, 'endorsement' AS type, e.account_id AS from_account_id,
       NULL::bigint AS status_id
FROM topic_endorsements e WHERE e.id = $5 AND e.state = 'shown' AND NOT e.withdrawn
"""

# From nobody in particular.
_SKILLS = """
SELECT $6::bigint AS account_id, 'skills_fading' AS type, $6::bigint AS from_account_id,
       NULL::bigint AS status_id
"""

AUDIENCES: Mapping[str, Audience] = {
    "status.created": Audience(_STATUS, ("status_id",)),
    "status.updated": Audience(_EDIT, ("status_id", "mentioned")),
    "favourite.created": Audience(_FAVOURITE, ("status_id", "account_id")),
    "reaction.created": Audience(_REACTION, ("status_id", "account_id", "emoji")),
    "poll.closed": Audience(_POLL, ("poll_id",)),
    "follow.created": Audience(_FOLLOW, ("account_id", "target_account_id")),
    "follow.requested": Audience(_FOLLOW, ("account_id", "target_account_id")),
    "account.created": Audience(_ACCOUNT, ("account_id",)),
    "account.confirmed": Audience(_ACCOUNT, ("account_id",)),
    "account.moderated": Audience(_WARNING, ()),
    "report.created": Audience(_REPORT, ("report_id",)),
    "topic.endorsed": Audience(_ENDORSEMENT, ()),
    "skills.fading": Audience(_SKILLS, ("account_id",)),
}
