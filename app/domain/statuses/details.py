"""Details: what a thin row leaves out because few statuses have it, in a second statement.

Polls and quotes. Inside the row they would cost every page their share of its plan, most of all
where there are none.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from app.database import Reader
from app.domain.relationships.hidden_authors import wanted_by
from app.domain.statuses import rows
from app.domain.statuses.visibility import visible_to


class Details(NamedTuple):
    """What one viewer sees of the poll and the quote of a status, as JSON; None without.

    `poll`: whether it has ended, the votes for each answer, the number of voters, the viewer's own
    votes, and whether the viewer asks. `quote`: its state for the viewer, and, if that shows it,
    a thin row of what is quoted with its `poll`, and of what that quotes its state and id.
    """

    poll: str | None
    quote: str | None


NONE = Details(None, None)


def _of_status(column: str) -> str:
    return f"s.{column}"


def _of_quoted(column: str) -> str:
    return f"q.{column}"


def _poll(target: rows.Target) -> str:
    return f"""
        CASE WHEN {target("poll_id")} IS NOT NULL THEN (
            SELECT json_build_array(p.expires_at <= now(), p.tallies, p.voters_count, ARRAY(
                SELECT v.choice FROM poll_votes v
                WHERE v.poll_id = p.id AND v.account_id = $1 ORDER BY v.choice
            ), {target("account_id")} = $1)::text
            FROM polls p WHERE p.id = {target("poll_id")}
        ) END"""


def _quote(target: rows.Target, quoted: str, author: str, shown: str) -> str:
    """The quote with `shown` in it; `quoted` and `author` are aliases for the quoted status."""
    return f"""
        CASE WHEN {target("quote_state")} IS NOT NULL THEN (
            SELECT json_build_array(quote.state, CASE
                WHEN quote.state IN ('accepted', 'blocked_account', 'muted_account') THEN {shown}
            END)
            FROM (SELECT) AS one
            LEFT JOIN statuses {quoted} ON {quoted}.id = {target("quote_of_id")}
            LEFT JOIN accounts {author} ON {author}.id = {quoted}.account_id
            CROSS JOIN LATERAL (SELECT CASE
                WHEN {target("quote_state")} <> 'accepted' THEN {target("quote_state")}
                WHEN {quoted}.id IS NULL THEN 'deleted'
                WHEN NOT {visible_to(status=quoted, author=author)} THEN 'unauthorized'
                WHEN EXISTS (
                    SELECT FROM blocks b
                    WHERE b.account_id = $1 AND b.target_account_id = {quoted}.account_id
                ) THEN 'blocked_account'
                WHEN NOT {wanted_by("$1", f"{quoted}.account_id")} THEN 'muted_account'
                ELSE 'accepted' END AS state) AS quote
        ) END"""


# Of what a quoted status quotes, there is only the id.
_QUOTED = f"""
    (SELECT row_to_json(quoted) FROM (
        SELECT {rows.own("q", "qa")}, qa.sensitized_at IS NOT NULL AS sensitized,
               {rows.marks(_of_quoted)}, {_poll(_of_quoted)} AS poll,
               {_quote(_of_quoted, "qq", "qqa", "to_json(qq.id)")} AS quote
    ) AS quoted)"""

_DETAILS = rows.of_pairs(
    f"""
    SELECT pair.viewer, s.id, {_poll(_of_status)} AS poll,
           {_quote(_of_status, "q", "qa", _QUOTED)}::text AS quote
    FROM {{pairs}} JOIN statuses s ON s.id = pair.id
    """
)


async def of(
    reader: Reader, thin: Sequence[Any], viewers: Iterable[int]
) -> Sequence[Details | None]:
    """For each thin row what its viewer sees; None if the status was deleted since.

    Sends nothing when no row says that it has details.
    """
    pairs = [
        (viewer, row["o_id"] or row["id"]) if row["has_details"] else None
        for row, viewer in zip(thin, viewers, strict=False)
    ]
    asked = {pair for pair in pairs if pair is not None}
    if not asked:
        return [NONE] * len(pairs)
    found = {
        (row["viewer"], row["id"]): Details(row["poll"], row["quote"])
        for row in await rows.by_pairs(reader, _DETAILS, asked)
    }
    return [NONE if pair is None else found.get(pair) for pair in pairs]
