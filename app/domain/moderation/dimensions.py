"""Dimensions: what the server is made of, in parts, and nothing about a person (IS-2 to IS-4)."""

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.database import Reader
from app.domain.moderation.measures import Period, spoken_of
from app.languages import NAMES

_LOCALES = """
SELECT u.locale AS language, count(*) AS n
FROM users u JOIN accounts a ON a.id = u.account_id
WHERE u.approved AND a.suspended_at IS NULL AND $1::bigint IS NOT NULL AND $2::bigint IS NOT NULL
GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT $3
"""
# Public, so that anybody could count it.
_TAG_LANGUAGES = """
SELECT coalesce(s.language, 'und') AS language, count(*) AS n
FROM status_tags st
JOIN statuses s ON s.id = st.status_id JOIN accounts a ON a.id = s.account_id
WHERE st.tag_id = $4 AND st.status_id >= ($1::bigint * 1000) << 16
  AND st.status_id < ($2::bigint * 1000) << 16
  AND s.visibility = 'public' AND a.suspended_at IS NULL
GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT $3
"""
_SPACE = """
SELECT pg_database_size(current_database()) AS postgresql,
       (SELECT coalesce(sum(size_bytes), 0)::bigint FROM media_attachments) AS media
"""
_VERSION = "SELECT current_setting('server_version') AS version"

# What is not known here: which app somebody came with, and anything of other servers.
_UNKNOWN: Final = (
    *("sources", "servers", "tag_servers", "instance_accounts", "instance_languages"),
)
KEYS: Final = ("languages", "space_usage", "software_versions", "tag_languages", *_UNKNOWN)


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its key, its name for people, how much it is, and of what."""

    key: str
    name: str
    value: str
    unit: str | None = None


async def dimension(
    reader: Reader, key: str, period: Period, limit: int, tag_id: int | None, version: str
) -> list[Part]:
    """The parts of one of `KEYS`, the largest first; `version` is that of this server."""
    if key == "space_usage":
        (row,) = await reader.fetch(_SPACE)
        return [
            Part("postgresql", "PostgreSQL", str(row["postgresql"]), "bytes"),
            Part("media", "Media", str(row["media"]), "bytes"),
        ]
    if key == "software_versions":
        (row,) = await reader.fetch(_VERSION)
        return [
            Part("hardop", "Hardop", version),
            Part("python", "Python", platform.python_version()),
            Part("postgresql", "PostgreSQL", row["version"]),
        ]
    _, first, after = period.moments()
    if key == "languages":
        rows = await reader.fetch(_LOCALES, first, after, limit)
        told = [(row["language"], spoken_of(row["n"], row["n"])) for row in rows]
        return _languages([(language, n) for language, n in told if n])
    if key == "tag_languages" and tag_id is not None:
        rows = await reader.fetch(_TAG_LANGUAGES, first, after, limit, tag_id)
        return _languages([(row["language"], row["n"]) for row in rows])
    return []


def _languages(counted: Sequence[tuple[str, int]]) -> list[Part]:
    return [Part(code, NAMES.get(code, code), str(n)) for code, n in counted]
