"""Contexts: the conversation around a status."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from app.database import Reader
from app.domain.statuses import rows

# Client API, statuses/context: what anonymous readers get, and everybody else.
_ANONYMOUS = (40, 60, 20)
_KNOWN = (4096, 4096, 4096)

_ANCESTORS = """
WITH RECURSIVE chain(id, parent_id, depth) AS (
    SELECT id, in_reply_to_id, 0 FROM statuses WHERE id = $1
    UNION ALL
    SELECT s.id, s.in_reply_to_id, c.depth + 1
    FROM chain c JOIN statuses s ON s.id = c.parent_id WHERE c.depth < $2
)
SELECT id FROM chain WHERE depth > 0 ORDER BY depth DESC
"""

# Depth first, each branch in the order it was written.
_DESCENDANTS = """
WITH RECURSIVE tree(id, path) AS (
    SELECT id, ARRAY[id] FROM statuses WHERE in_reply_to_id = $1
    UNION ALL
    SELECT s.id, t.path || s.id
    FROM tree t JOIN statuses s ON s.in_reply_to_id = t.id WHERE cardinality(t.path) < $3
)
SELECT id FROM tree ORDER BY path LIMIT $2
"""


class Context(NamedTuple):
    """Thin rows: what came before, root first, and what came of it, depth first."""

    ancestors: Sequence[Any]
    descendants: Sequence[Any]


async def context(reader: Reader, viewer: int, status_id: int) -> Context:
    """What the viewer may read of the conversation around a status they may read."""
    ancestors, descendants, depth = _KNOWN if viewer else _ANONYMOUS
    before = [row["id"] for row in await reader.fetch(_ANCESTORS, status_id, ancestors)]
    after = [row["id"] for row in await reader.fetch(_DESCENDANTS, status_id, descendants, depth)]
    found = {row["id"]: row for row in await rows.by_ids(reader, viewer, [*before, *after])}
    return Context(
        [found[id_] for id_ in before if id_ in found],
        [found[id_] for id_ in after if id_ in found],
    )
