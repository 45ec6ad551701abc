"""Status edits: the words of a status as they were typed, and how they changed."""

from collections.abc import Sequence
from typing import Any

from app.database import Reader
from app.domain.statuses.visibility import visible_to
from app.errors import NotFound

# What hung on it is kept by id and description; the rest of a file never changes.
_EDITS = """
SELECT w.created_at, w.text, w.spoiler_text, w.sensitive, w.poll_options,
       (SELECT json_agg(to_jsonb(m) || jsonb_build_object('description', k.said) ORDER BY k.place)
        FROM jsonb_array_elements(w.media) WITH ORDINALITY AS e (one, place)
        CROSS JOIN LATERAL (
            SELECT (e.one->>'id')::bigint AS id, e.one->'description' AS said, e.place
        ) k
        JOIN media_attachments m ON m.id = k.id)::text AS media
FROM (
    SELECT e.created_at, e.text, e.spoiler_text, e.sensitive, e.poll_options, e.media
    FROM status_edits e WHERE e.status_id = $1
    UNION ALL
    SELECT s.created_at, s.text, s.spoiler_text, s.sensitive, p.options, (
        SELECT coalesce(jsonb_agg(
            jsonb_build_object('id', m.id, 'description', m.description) ORDER BY m.position
        ), '[]') FROM media_attachments m WHERE m.status_id = s.id AND m.position IS NOT NULL)
    FROM statuses s LEFT JOIN polls p ON p.id = s.poll_id
    WHERE s.id = $1 AND s.edited_at IS NULL
) w
ORDER BY w.created_at
"""


_SOURCE = f"""
SELECT s.id, s.text, s.spoiler_text
FROM statuses s JOIN accounts a ON a.id = s.account_id
WHERE s.id = (SELECT coalesce(reblog_of_id, id) FROM statuses WHERE id = $2) AND {visible_to()}
"""


async def source(reader: Reader, viewer: int, status_id: int) -> Any:
    """Id and words of a status, or of what it reblogs, as they were typed.

    Raises:
        NotFound: absent, or not to be seen by the viewer.
    """
    rows = await reader.fetch(_SOURCE, viewer, status_id)
    if not rows:
        raise NotFound
    return rows[0]


async def history(reader: Reader, status_id: int) -> Sequence[Any]:
    """Every wording of a status, the original first, the current one last; at least one."""
    return await reader.fetch(_EDITS, status_id)
