"""Home entries: laying out home timelines, one statement at a time, each of which may run twice."""

from app.database import Reader
from app.domain import events
from app.domain.relationships.hidden_authors import wanted_by, wanted_to_be_named
from app.domain.statuses import rows

# How long a home timeline is kept laid out. Further back there is the account's own timeline.
LENGTH = 800
# How much of somebody's past comes home when they are followed.
FILLED = 200
# Among how many of the newest a status counts as there already when it is passed on.
LATELY = 40
# Of how much that goes those are told who watch their home: as much as a page has.
_TOLD = 40


def wanted_of_followed(viewer: str = "f.account_id") -> str:
    """The SQL condition under which a viewer wants a status of somebody they follow.

    `f` is the follow, `s` the status, `o` what it reblogs: reblogs unless switched off, the
    languages asked for, replies only to themselves, the author or somebody they follow, and nothing
    about those they hide. Hidden authors are no matter of this.
    """
    return f"""
        f.accepted
        AND (s.reblog_of_id IS NULL OR f.show_reblogs)
        AND (f.languages IS NULL OR coalesce(o.language, s.language) IS NULL
             OR f.languages ? coalesce(o.language, s.language))
        AND (s.in_reply_to_account_id IS NULL
             OR s.in_reply_to_account_id IN ({viewer}, s.account_id)
             OR EXISTS (SELECT FROM follows r
                        WHERE r.account_id = {viewer} AND r.accepted
                          AND r.target_account_id = s.in_reply_to_account_id))
        AND NOT (s.reblog_of_id IS NOT NULL AND o.account_id = {viewer})
        AND {_about_nobody_hidden(viewer)}"""


def _about_nobody_hidden(viewer: str, statuses: str = "s.id, o.id") -> str:
    return f"""
        NOT EXISTS (SELECT FROM mentions m
                    WHERE m.status_id IN ({statuses})
                      AND NOT {wanted_to_be_named(viewer, "m.account_id")})"""


# Who reads somebody in an exclusive list does not want them at home.
_NOT_ELSEWHERE = """
    NOT EXISTS (SELECT FROM list_accounts x JOIN lists l ON l.id = x.list_id
                WHERE x.follow_id = f.id AND l.exclusive)
"""

# Nothing they may not read comes home.
WANTED = f"""
    {wanted_of_followed()}
    AND {_NOT_ELSEWHERE}
    AND (s.visibility <> 'direct'
         OR EXISTS (SELECT FROM mentions m
                    WHERE m.status_id = s.id AND m.account_id = f.account_id))
    AND {wanted_by("f.account_id", "s.account_id", "o.account_id")}
"""

# Who follows a tag (`t`) gets what others say to everybody, unless moderators silenced them.
_TAGGED = f"""
    s.visibility = 'public' AND s.reblog_of_id IS NULL AND s.account_id <> t.account_id
    AND a.suspended_at IS NULL AND a.silenced_at IS NULL
    AND {_about_nobody_hidden("t.account_id", "s.id")}
    AND {wanted_by("t.account_id", "s.account_id")}
"""

# What several people pass on comes home once, as long as it was there lately.
_NOT_THERE_LATELY = """
    (s.reblog_of_id IS NULL OR NOT EXISTS (
        SELECT FROM (
            SELECT x.status_id FROM home_entries x
            WHERE x.account_id = f.account_id ORDER BY x.status_id DESC LIMIT $2
        ) late
        JOIN statuses l ON l.id = late.status_id
        WHERE coalesce(l.reblog_of_id, l.id) = s.reblog_of_id AND l.id <> s.id))
"""

_FAN_OUT = f"""
WITH home AS (
    INSERT INTO home_entries (account_id, status_id)
    SELECT f.account_id, s.id
    FROM statuses s
    LEFT JOIN statuses o ON o.id = s.reblog_of_id
    JOIN follows f ON f.target_account_id = s.account_id
    WHERE s.id = $1 AND {WANTED} AND {_NOT_THERE_LATELY}
    UNION
    SELECT t.account_id, s.id
    FROM statuses s
    JOIN accounts a ON a.id = s.account_id
    JOIN status_tags st ON st.status_id = s.id
    JOIN tag_follows t ON t.tag_id = st.tag_id
    WHERE s.id = $1 AND {_TAGGED}
    ON CONFLICT DO NOTHING
)
{events.recording("status.delivered", "'status_id', s.id")}
FROM statuses s WHERE s.id = $1
"""

_FILL = f"""
INSERT INTO home_entries (account_id, status_id)
SELECT f.account_id, s.id
FROM follows f
CROSS JOIN LATERAL (
    SELECT * FROM statuses
    WHERE account_id = f.target_account_id ORDER BY id DESC LIMIT $3
) s
LEFT JOIN statuses o ON o.id = s.reblog_of_id
WHERE f.account_id = $1 AND f.target_account_id = $2 AND {WANTED}
ON CONFLICT DO NOTHING
"""

_FILL_WITH_TAG = f"""
INSERT INTO home_entries (account_id, status_id)
SELECT t.account_id, s.id
FROM tag_follows t
CROSS JOIN LATERAL (
    SELECT status_id FROM status_tags
    WHERE tag_id = t.tag_id ORDER BY status_id DESC LIMIT $3
) st
JOIN statuses s ON s.id = st.status_id
JOIN accounts a ON a.id = s.account_id
WHERE t.account_id = $1 AND t.tag_id = $2 AND {_TAGGED}
ON CONFLICT DO NOTHING
"""

# What stays because of a tag, in whichever way it came.
_STAYS_FOR_TAG = """
    s.visibility = 'public' AND s.reblog_of_id IS NULL
    AND EXISTS (SELECT FROM status_tags st JOIN tag_follows t ON t.tag_id = st.tag_id
                WHERE st.status_id = s.id AND t.account_id = $1)
"""


# What left a home and may be read elsewhere is not told: clients take a status that is told as
# deleted from everywhere, also from the profile somebody looks at while they stop following.
_STILL_READ = f"""
EXISTS (
    SELECT FROM statuses s JOIN accounts a ON a.id = s.account_id
    LEFT JOIN statuses o ON o.id = s.reblog_of_id LEFT JOIN accounts oa ON oa.id = o.account_id
    WHERE s.id = gone.status_id AND {rows.WANTED})
"""


def _clearing(what: str, *, kept: str = "false") -> str:
    """A statement that takes `what` from the home (`h`) of `$1`, and records `home.cleared`.

    Not of what is `kept` elsewhere.
    """
    return f"""
WITH gone AS (
    DELETE FROM home_entries h USING {what} RETURNING h.status_id
)
{events.recording("home.cleared", "'account_id', $1::bigint, 'status_ids', told.ids")}
FROM (
    SELECT jsonb_agg(newest.status_id) AS ids
    FROM (SELECT status_id FROM gone WHERE NOT {kept}
          ORDER BY status_id DESC LIMIT {_TOLD}) newest
) told WHERE told.ids IS NOT NULL
"""


_CLEAR = _clearing(
    f"""
    statuses s
    WHERE h.account_id = $1 AND s.id = h.status_id AND s.account_id = $2 AND s.account_id <> $1
      AND NOT EXISTS (SELECT FROM follows f
                      WHERE f.account_id = $1 AND f.target_account_id = $2 AND f.accepted
                        AND {_NOT_ELSEWHERE})
      AND NOT ({_STAYS_FOR_TAG})
    """,
    kept=_STILL_READ,
)

_CLEAR_OF_TAG = _clearing(
    f"""
    statuses s, status_tags gone_tag
    WHERE h.account_id = $1 AND s.id = h.status_id AND s.account_id <> $1
      AND gone_tag.status_id = s.id AND gone_tag.tag_id = $2
      AND NOT EXISTS (SELECT FROM follows f
                      WHERE f.account_id = $1 AND f.target_account_id = s.account_id AND f.accepted
                        AND {_NOT_ELSEWHERE})
      AND NOT ({_STAYS_FOR_TAG})
    """,
    kept=_STILL_READ,
)

# What the viewer said themselves stays.
_HIDE = _clearing(
    f"""
    statuses s LEFT JOIN statuses o ON o.id = s.reblog_of_id
    WHERE h.account_id = $1 AND s.id = h.status_id AND s.account_id <> $1
      AND NOT {wanted_by("$1", "$2::bigint")}
      AND (s.account_id = $2 OR o.account_id = $2
           OR EXISTS (SELECT FROM mentions m
                      WHERE m.status_id IN (s.id, o.id) AND m.account_id = $2
                        AND NOT {wanted_to_be_named("$1", "$2::bigint")}))
    """
)

_TRIM = """
DELETE FROM home_entries h
USING (
    SELECT account_id,
           (SELECT status_id FROM home_entries x WHERE x.account_id = a.account_id
            ORDER BY status_id DESC OFFSET $1 LIMIT 1) AS last_id
    FROM (SELECT id AS account_id FROM accounts) a
) full_home
WHERE h.account_id = full_home.account_id AND h.status_id <= full_home.last_id
"""

_SWEEP = """
DELETE FROM home_entries h
WHERE NOT EXISTS (SELECT FROM statuses s WHERE s.id = h.status_id)
"""


async def fan_out(reader: Reader, status_id: int) -> None:
    """Bring a status home to everybody who follows its author, or a tag of it, and wants it.

    Records `status.delivered`: now is the time to tell those who watch their home.
    """
    await reader.fetch(_FAN_OUT, status_id, LATELY)


async def fill(reader: Reader, account_id: int, target_account_id: int) -> None:
    """Bring home what somebody said lately, now that they are followed."""
    await reader.fetch(_FILL, account_id, target_account_id, FILLED)


async def fill_with_tag(reader: Reader, account_id: int, tag_id: int) -> None:
    """Bring home what was said lately with a tag, now that it is followed."""
    await reader.fetch(_FILL_WITH_TAG, account_id, tag_id, FILLED)


async def clear(reader: Reader, account_id: int, target_account_id: int) -> None:
    """Take away what somebody said, unless it belongs there by now."""
    await reader.fetch(_CLEAR, account_id, target_account_id)


async def clear_of_tag(reader: Reader, account_id: int, tag_id: int) -> None:
    """Take away what came with a tag, unless it belongs there by now, or for another reason."""
    await reader.fetch(_CLEAR_OF_TAG, account_id, tag_id)


async def hide(reader: Reader, account_id: int, target_account_id: int) -> None:
    """Take away what somebody said and what is said about them, if they are still hidden."""
    await reader.fetch(_HIDE, account_id, target_account_id)


async def trim(reader: Reader) -> None:
    """Cut every home timeline to `LENGTH` and sweep up entries of deleted statuses."""
    await reader.fetch(_TRIM, LENGTH)
    await reader.fetch(_SWEEP)
