"""Thin rows: what changes about a status, or depends on who looks, in one statement per page.

What does not is rendered once per version (`app/rendering`). A row holds, of the status and under
`o_` of what it reblogs: id, version, author with version and counters, own counters; and of the
status or what it reblogs, the viewer's marks. Rows that are equal look the same.
"""

from collections.abc import Sequence
from typing import Any

from app.database import Reader
from app.domain.relationships.hidden_authors import not_silenced_for, wanted_by
from app.domain.statuses.visibility import meant_for, visible_to

_TARGET = "coalesce(s.reblog_of_id, s.id)"


def _counted(counter: str) -> str:
    """Whether there is any mark of a kind, to look for no mark where there is none."""
    return f"coalesce(o.{counter}, s.{counter}) > 0"


def _exists(table: str, column: str) -> str:
    """Whether the viewer made a mark. Never EXISTS: for that PostgreSQL may read all they made."""
    return (
        f"coalesce((SELECT true FROM {table} m "
        f"WHERE m.account_id = $1 AND m.{column} = {_TARGET}), false)"
    )


# `reactions` has a line for each, oldest first: `t` if it is the viewer's or `f`, the picture of a
# custom emoji or nothing, and the emoji, with a space between. Grouping them here would cost more
# than the rest of the row together. `poll` is JSON: whether it has ended, the votes for each
# answer, the number of voters, the viewer's own votes, and whether the viewer asks.
COLUMNS = f"""
    s.id, s.version, s.account_id, a.version AS account_version,
    a.followers_count, a.following_count, a.statuses_count, a.last_status_on,
    s.replies_count, s.reblogs_count, s.favourites_count,
    o.id AS o_id, o.version AS o_version, o.account_id AS o_account_id,
    oa.version AS o_account_version, oa.followers_count AS o_followers_count,
    oa.following_count AS o_following_count, oa.statuses_count AS o_statuses_count,
    oa.last_status_on AS o_last_status_on, o.replies_count AS o_replies_count,
    o.reblogs_count AS o_reblogs_count, o.favourites_count AS o_favourites_count,
    {_counted("favourites_count")} AND {_exists("favourites", "status_id")} AS favourited,
    {_counted("reblogs_count")} AND {_exists("statuses", "reblog_of_id")} AS reblogged,
    {_exists("bookmarks", "status_id")} AS bookmarked,
    CASE WHEN o.id IS NULL THEN a.sensitized_at ELSE oa.sensitized_at END IS NOT NULL AS sensitized,
    coalesce((
        SELECT true FROM conversation_mutes m
        WHERE m.account_id = $1
          AND m.conversation_id = coalesce(o.conversation_id, o.id, s.conversation_id, s.id)
    ), false) AS muted,
    CASE WHEN coalesce(o.account_id, s.account_id) = $1
              AND coalesce(o.visibility, s.visibility) <> 'direct'
         THEN {_exists("pins", "status_id")} END AS pinned,
    CASE WHEN {_counted("reactions_count")} THEN (
        SELECT string_agg(
            concat_ws(' ', m.account_id = $1, coalesce((
                -- Emoji are no letters: only shortcodes are looked up.
                SELECT e.picture FROM custom_emojis e
                WHERE ascii(m.name) < 128 AND e.shortcode = m.name
            ), ''), m.name), E'\n' ORDER BY m.id)
        FROM reactions m WHERE m.status_id = {_TARGET}
    ) END AS reactions,
    CASE WHEN coalesce(o.poll_id, s.poll_id) IS NOT NULL THEN (
        SELECT json_build_array(p.expires_at <= now(), p.tallies, p.voters_count, ARRAY(
            SELECT v.choice FROM poll_votes v
            WHERE v.poll_id = p.id AND v.account_id = $1 ORDER BY v.choice
        ), coalesce(o.account_id, s.account_id) = $1)::text
        FROM polls p WHERE p.id = coalesce(o.poll_id, s.poll_id)
    ) END AS poll
"""

# Begins with an alias `s` for statuses already in FROM.
JOINS = """
    JOIN accounts a ON a.id = s.account_id
    LEFT JOIN statuses o ON o.id = s.reblog_of_id
    LEFT JOIN accounts oa ON oa.id = o.account_id
"""

# A reblog shows only to those who may read both the wrapper and what it reblogs.
VISIBLE = f"{visible_to()} AND (o.id IS NULL OR {visible_to(status='o', author='oa')})"
# As `VISIBLE`, without what hidden authors said or others passed on of them.
WANTED = (
    f"{meant_for()} AND (o.id IS NULL OR {meant_for(status='o', author='oa')}) "
    f"AND {wanted_by('$1', 's.account_id', 'o.account_id')}"
)

# As `WANTED`, without whom moderators silenced: where nobody asked for their authors.
MET = f"{WANTED} AND {not_silenced_for('$1', 'a')} AND {not_silenced_for('$1', 'oa')}"


def statement(
    rest: str, *, cursor: str = "s.id", source: str = "statuses s", shown: str = VISIBLE
) -> str:
    """A statement for thin rows: `rest` goes on after WHERE, `$1` is the viewer.

    `shown` is `VISIBLE`; or `WANTED` where somebody comes across statuses without naming them or
    their author; or `MET` where they do not follow the authors either.
    """
    return f"SELECT {cursor} AS cursor, {COLUMNS} FROM {source} {JOINS} WHERE {shown} AND {rest}"


_BY_IDS = statement("s.id = ANY($2::bigint[])")
_MET_BY_IDS = statement("s.id = ANY($2::bigint[])", shown=MET)


async def by_ids(reader: Reader, viewer: int, ids: Sequence[int]) -> list[Any]:
    """The visible ones of these statuses, in the order of `ids`, each once."""
    return await _in_order(reader, _BY_IDS, viewer, ids)


async def met_by_ids(reader: Reader, viewer: int, ids: Sequence[int]) -> list[Any]:
    """As `by_ids`, without what hidden and silenced authors said."""
    return await _in_order(reader, _MET_BY_IDS, viewer, ids)


async def _in_order(reader: Reader, sql: str, viewer: int, ids: Sequence[int]) -> list[Any]:
    if not ids:
        return []
    found = {row["id"]: row for row in await reader.fetch(sql, viewer, list(ids))}
    return [found[id_] for id_ in dict.fromkeys(ids) if id_ in found]
