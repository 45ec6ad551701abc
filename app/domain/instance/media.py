"""Media: which stored files something still shows."""

from collections.abc import Sequence

from app.database import Reader

# Whoever gives a table a column that names a file adds it here, or its files are removed.
_UNUSED = """
SELECT given.name FROM unnest($1::text[]) AS given (name)
WHERE NOT EXISTS (SELECT FROM media_attachments m WHERE m.file = given.name)
  AND NOT EXISTS (SELECT FROM media_attachments m WHERE m.preview = given.name)
  AND NOT EXISTS (SELECT FROM media_attachments m WHERE m.upload = given.name)
EXCEPT SELECT image FROM preview_cards
EXCEPT SELECT avatar FROM accounts
EXCEPT SELECT header FROM accounts
EXCEPT SELECT picture FROM custom_emojis
EXCEPT SELECT static_picture FROM custom_emojis
"""


async def unused(reader: Reader, names: Sequence[str]) -> list[str]:
    """Those of these files that nothing shows any more."""
    return [row["name"] for row in await reader.fetch(_UNUSED, list(names))]
