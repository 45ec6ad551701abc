"""Media: what stored files stand for, and which of them something still shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.database import Reader
from app.errors import NotFound

# Whoever gives a table a column that names a file adds it here and below, or its files are neither
# given out nor kept. What suspended people uploaded is kept, and shown to nobody.
_SHOWN = """
SELECT m.name, coalesce(s.visibility IN ('public', 'unlisted'), false) AS is_public
FROM media_attachments m
JOIN accounts a ON a.id = m.account_id AND a.suspended_at IS NULL
LEFT JOIN statuses s ON s.id = m.status_id
WHERE m.file = $1 OR m.preview = $1
UNION ALL
SELECT NULL, true
WHERE EXISTS (SELECT FROM accounts WHERE avatar = $1 AND suspended_at IS NULL)
   OR EXISTS (SELECT FROM accounts WHERE header = $1 AND suspended_at IS NULL)
   OR EXISTS (SELECT FROM preview_cards WHERE image = $1)
   OR EXISTS (SELECT FROM instance_pictures WHERE file = $1)
   OR EXISTS (SELECT FROM custom_emojis WHERE picture = $1 OR static_picture = $1)
UNION ALL
SELECT NULL, false WHERE EXISTS (SELECT FROM reported_statuses WHERE files @> ARRAY[$1::text])
LIMIT 1
"""

_UNUSED = """
SELECT given.name FROM unnest($1::text[]) AS given (name)
WHERE NOT EXISTS (SELECT FROM media_attachments m WHERE m.file = given.name)
  AND NOT EXISTS (SELECT FROM media_attachments m WHERE m.preview = given.name)
  AND NOT EXISTS (SELECT FROM media_attachments m WHERE m.upload = given.name)
  AND NOT EXISTS (SELECT FROM reported_statuses r WHERE r.files @> ARRAY[given.name])
EXCEPT SELECT image FROM preview_cards
EXCEPT SELECT file FROM instance_pictures
EXCEPT SELECT avatar FROM accounts
EXCEPT SELECT header FROM accounts
EXCEPT SELECT picture FROM custom_emojis
EXCEPT SELECT static_picture FROM custom_emojis
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """A file that something shows.

    `called` is how a document was called when it was uploaded. It is public if everybody may read
    what it hangs on.
    """

    called: str | None
    is_public: bool


async def shown(reader: Reader, name: str) -> Shown:
    """What a file stands for at this moment.

    Raises:
        NotFound: nothing shows it (any more).
    """
    rows = await reader.fetch(_SHOWN, name)
    if not rows:
        raise NotFound
    return Shown(rows[0]["name"], rows[0]["is_public"])


async def unused(reader: Reader, names: Sequence[str]) -> list[str]:
    """Those of these files that nothing shows any more."""
    return [row["name"] for row in await reader.fetch(_UNUSED, list(names))]
