"""Contexts: the conversation around a status."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from app.database import Reader
from app.domain.statuses import rows, visibility
from app.domain.statuses.visibility import visible_to
from app.errors import NotFound

# Client API, statuses/context: what anonymous readers get, and everybody else.
_ANONYMOUS = (40, 60, 20)
_KNOWN = (4096, 4096, 4096)

# Of a conversation without end, the part that is looked at.
_CONSIDERED = 20_000

# The beginning, and the status that is asked for, belong to that part always. What the viewer may
# not read stands in it too: what they may read can be above and below.
_CONVERSATION = f"""
WITH begun AS MATERIALIZED (
    SELECT coalesce(conversation_id, id) AS id FROM statuses WHERE id = $2
)
SELECT s.id, s.in_reply_to_id, {visible_to()} AS is_visible
FROM statuses s JOIN accounts a ON a.id = s.account_id
WHERE s.id IN ($2, (SELECT id FROM begun)) AND s.reblog_of_id IS NULL
UNION ALL (
    SELECT s.id, s.in_reply_to_id, {visible_to()}
    FROM statuses s JOIN accounts a ON a.id = s.account_id
    WHERE s.conversation_id = (SELECT id FROM begun)
    ORDER BY s.id LIMIT $3
)
"""


class Context(NamedTuple):
    """Thin rows: what came before, root first, and what came of it, depth first."""

    ancestors: Sequence[Any]
    descendants: Sequence[Any]


async def context(reader: Reader, viewer: int, status_id: int) -> Context:
    """What the viewer may and wants to read of the conversation around a status, or its original.

    Raises:
        NotFound: the status is absent, or not to be seen by the viewer.
    """
    found = await _conversation(reader, viewer, status_id)
    if status_id not in found or not found[status_id]["is_visible"]:
        status_id = await visibility.require_visible(reader, viewer, status_id)
        found = await _conversation(reader, viewer, status_id)
        if status_id not in found:
            raise NotFound  # deleted since it was found
    ancestors, descendants, depth = _KNOWN if viewer else _ANONYMOUS
    before = _before(found, status_id, ancestors)
    after = _after(found, status_id, descendants, depth)
    shown = {row["id"]: row for row in await rows.met_by_ids(reader, viewer, [*before, *after])}
    return Context(
        [shown[id_] for id_ in before if id_ in shown],
        [shown[id_] for id_ in after if id_ in shown],
    )


async def _conversation(reader: Reader, viewer: int, status_id: int) -> dict[int, Any]:
    rows_ = await reader.fetch(_CONVERSATION, viewer, status_id, _CONSIDERED)
    return {row["id"]: row for row in rows_}


def _before(found: Mapping[int, Any], status_id: int, limit: int) -> list[int]:
    """The visible ones above a status, nearest `limit`, root first."""
    chain: list[int] = []
    parent = found.get(found[status_id]["in_reply_to_id"])
    while parent is not None and len(chain) < limit:
        if parent["is_visible"]:
            chain.append(parent["id"])
        parent = found.get(parent["in_reply_to_id"])
    return chain[::-1]


def _after(found: Mapping[int, Any], status_id: int, limit: int, depth: int) -> list[int]:
    """The visible ones below a status, depth first, each branch in the order it was written."""
    replies: dict[int, list[int]] = {}
    for row in found.values():
        replies.setdefault(row["in_reply_to_id"], []).append(row["id"])
    below: list[int] = []
    # The next one to look at is the last.
    waiting = [(id_, 1) for id_ in sorted(replies.get(status_id, ()), reverse=True)]
    while waiting and len(below) < limit:
        id_, level = waiting.pop()
        if found[id_]["is_visible"]:
            below.append(id_)
        if level < depth:
            waiting += ((reply, level + 1) for reply in sorted(replies.get(id_, ()), reverse=True))
    return below
