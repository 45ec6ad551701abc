"""Hidden authors: whom a viewer does not come across, decided here for every path.

`visible_to` says what may be read at all; this says what is wanted of it. Each condition takes the
viewer as an expression (0 is anonymous, who hides nobody). Asked of one viewer, PostgreSQL
collects the hidden authors once per statement and looks each row up among them.
"""

from app.database import Reader


def wanted_by(viewer: str, *authors: str) -> str:
    """The SQL condition under which a viewer comes across what these authors made.

    `authors` are expressions for ids of accounts and may be null: of the author of a status, and
    of what it reblogs.
    """
    return _none_of(f"{_unwanted(viewer)} UNION ALL {_blocking(viewer)}", authors)


def wanted_to_be_named(viewer: str, *authors: str) -> str:
    """The SQL condition under which a viewer wants to hear of these accounts from others.

    As `wanted_by`, except that those who block the viewer may be talked about.
    """
    return _none_of(_unwanted(viewer), authors)


def heard_by(viewer: str, *authors: str) -> str:
    """The SQL condition under which what these accounts do notifies the viewer."""
    return _none_of(_unwanted(viewer, "hide_notifications"), authors)


def not_silenced_for(viewer: str, author: str) -> str:
    """The SQL condition under which a viewer comes across somebody without asking for them.

    Whom moderators silenced is met only by those who follow them. `author` is the alias of a row
    in `accounts`, which may be one of nulls.
    """
    return f"""(
        {author}.silenced_at IS NULL OR {author}.id = {viewer} OR EXISTS (
            SELECT FROM follows
            WHERE follows.account_id = {viewer} AND follows.target_account_id = {author}.id
              AND follows.accepted))"""


def not_blocking(viewer: str, *authors: str) -> str:
    """The SQL condition under which none of these accounts blocks the viewer."""
    return _none_of(_blocking(viewer), authors)


async def hidden_from(reader: Reader, viewer: int) -> tuple[int, ...]:
    """Ids of those whom a viewer does not come across where they did not ask for them."""
    return tuple(row[0] for row in await reader.fetch(_HIDDEN_FROM, viewer))


def _unwanted(viewer: str, mutes: str = "true") -> str:
    return f"""
        SELECT b.target_account_id FROM blocks b WHERE b.account_id = {viewer}
        UNION ALL
        SELECT b.target_account_id FROM mutes b
        WHERE b.account_id = {viewer} AND {mutes}
          AND (b.expires_at IS NULL OR b.expires_at > now())"""


def _blocking(viewer: str) -> str:
    return f"SELECT b.account_id FROM blocks b WHERE b.target_account_id = {viewer}"


def _none_of(hidden: str, authors: tuple[str, ...]) -> str:
    # An array, not NOT EXISTS: that would search the tables anew for each row. && passes over null.
    return f"(NOT ARRAY[{', '.join(authors)}] && ARRAY({hidden}))"


_HIDDEN_FROM = f"""
{_unwanted("$1")} UNION {_blocking("$1")}
UNION SELECT a.id FROM accounts a
WHERE a.silenced_at IS NOT NULL AND NOT {not_silenced_for("$1", "a")}
"""
