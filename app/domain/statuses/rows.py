"""Thin rows: what changes about a status, or depends on who looks, in one statement per page.

What does not is rendered once per version (`app/rendering`). A row holds, of the status and under
`o_` of what it reblogs: id, version, author with version and counters, own counters; and of the
status or what it reblogs, the viewer's marks, and whether there is more to ask (`details`); and
which filters the viewer has. Rows that are equal, with equal details, look the same.
"""

import re
from collections.abc import Callable, Collection, Sequence
from typing import Any

from app.database import Reader
from app.domain.relationships.hidden_authors import not_silenced_for, wanted_by
from app.domain.statuses import filters
from app.domain.statuses.visibility import meant_for, visible_to

# A statement has a time to end: of more it is sent again.
_PAIRS_AT_ONCE = 2_000

Target = Callable[[str], str]
"""The expression for a column of a status, or of what it reblogs."""


def of_row(column: str) -> str:
    """What a row shows: a column of what it reblogs, or of itself."""
    return f"coalesce(o.{column}, s.{column})"


def _exists(table: str, column: str, target: Target) -> str:
    """Whether the viewer made a mark. Never EXISTS: for that PostgreSQL may read all they made."""
    return (
        f"coalesce((SELECT true FROM {table} m "
        f"WHERE m.account_id = $1 AND m.{column} = {target('id')}), false)"
    )


def own(status: str, author: str, prefix: str = "") -> str:
    """What a row holds of a status and its author, whoever looks; aliases of their tables."""
    return f"""
        {status}.id AS {prefix}id, {status}.version AS {prefix}version,
        {status}.account_id AS {prefix}account_id, {author}.version AS {prefix}account_version,
        {author}.followers_count AS {prefix}followers_count,
        {author}.following_count AS {prefix}following_count,
        {author}.statuses_count AS {prefix}statuses_count,
        {author}.last_status_on AS {prefix}last_status_on,
        {status}.replies_count AS {prefix}replies_count,
        {status}.reblogs_count AS {prefix}reblogs_count,
        {status}.favourites_count AS {prefix}favourites_count"""


def marks(target: Target) -> str:
    """What a row holds for the viewer.

    `reactions` has a line for each, oldest first: `t` if it is the viewer's or `f`, the picture of
    a custom emoji or nothing, and the emoji, with a space between. Grouping them here would cost
    more than the rest of the row together. Conversations that the viewer muted are few: they are
    collected once per statement.
    """
    return f"""
        {target("quotes_count")} AS quotes_count,
        {target("favourites_count")} > 0
            AND {_exists("favourites", "status_id", target)} AS favourited,
        {target("reblogs_count")} > 0
            AND {_exists("statuses", "reblog_of_id", target)} AS reblogged,
        {target("bookmarks_count")} > 0
            AND {_exists("bookmarks", "status_id", target)} AS bookmarked,
        coalesce({target("conversation_id")}, {target("id")}) = ANY(ARRAY(
            SELECT m.conversation_id FROM conversation_mutes m WHERE m.account_id = $1
        )) AS muted,
        CASE WHEN {target("account_id")} = $1 AND {target("visibility")} <> 'direct'
             THEN {_exists("pins", "status_id", target)} END AS pinned,
        CASE WHEN {target("reactions_count")} > 0 THEN (
            SELECT string_agg(
                concat_ws(' ', m.account_id = $1, coalesce((
                    -- Emoji are no letters: only shortcodes are looked up.
                    SELECT e.picture FROM custom_emojis e
                    WHERE ascii(m.name) < 128 AND e.shortcode = m.name
                ), ''), m.name), E'\n' ORDER BY m.id)
            FROM reactions m WHERE m.status_id = {target("id")}
        ) END AS reactions,
        CASE WHEN {target("account_id")} = $1 THEN {target("visibility")} <> 'direct'
             WHEN {target("visibility")} NOT IN ('public', 'unlisted') THEN false
             WHEN {target("quote_policy")} = 'public' THEN $1 <> 0
             WHEN {target("quote_policy")} = 'followers' THEN coalesce((
                SELECT f.accepted FROM follows f
                WHERE f.account_id = $1 AND f.target_account_id = {target("account_id")}
             ), false)
             ELSE false END AS quotable"""


COLUMNS = f"""
    {own("s", "a")}, {own("o", "oa", "o_")},
    CASE WHEN o.id IS NULL THEN a.sensitized_at ELSE oa.sensitized_at END IS NOT NULL AS sensitized,
    {marks(of_row)},
    {of_row("poll_id")} IS NOT NULL OR {of_row("quote_state")} IS NOT NULL AS has_details,
    {filters.VERSIONS} AS filters
"""

# Begins with an alias `s` for statuses already in FROM.
JOINS = """
    JOIN accounts a ON a.id = s.account_id
    LEFT JOIN (statuses o JOIN accounts oa ON oa.id = o.account_id) ON o.id = s.reblog_of_id
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


def of_pairs(one: str) -> str:
    """A statement about one viewer, `$1`, said for many: of pairs of `$1` (viewers) and `$2`.

    `{pairs}` in it stands for those pairs, whose alias is `pair (viewer, id)`.
    """
    pairs = "unnest($1::bigint[], $2::bigint[]) AS pair (viewer, id)"
    return re.sub(r"\$1\b", "pair.viewer", one).replace("{pairs}", pairs)


async def by_pairs(reader: Reader, sql: str, pairs: Collection[tuple[int, int]]) -> list[Any]:
    """The rows of a statement that `of_pairs` made, for these viewers and statuses."""
    found: list[Any] = []
    asked = [*pairs]
    for begin in range(0, len(asked), _PAIRS_AT_ONCE):
        viewers, ids = zip(*asked[begin : begin + _PAIRS_AT_ONCE], strict=True)
        found += await reader.fetch(sql, viewers, ids)
    return found


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
