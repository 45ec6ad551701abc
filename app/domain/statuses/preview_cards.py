"""Preview cards: which link of a status has one, and what is known of it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from app import clock, ids
from app.database import Reader
from app.domain.statuses import rows, text
from app.domain.statuses.tags import HISTORY_DAYS
from app.pagination import Listing, Page

# How long what a page said is good for, and how long a page that could not be read is left alone.
KEPT: Final = timedelta(days=14)
FAILED: Final = timedelta(days=1)

_STATUS = """
SELECT text FROM statuses WHERE id = $1 AND reblog_of_id IS NULL
"""

_KNOWN = """
SELECT id FROM preview_cards
WHERE url = $1 AND fetched_at > CASE WHEN title = '' THEN $2::timestamptz ELSE $3::timestamptz END
"""

_NOTHING = {
    "title": "",
    "description": "",
    "language": None,
    "author_name": "",
    "provider_name": "",
    "image": None,
    "image_description": "",
    "blurhash": None,
    "width": 0,
    "height": 0,
}
_INSERT = """
INSERT INTO preview_cards (id, created_at, fetched_at, url, title, description, language,
    author_name, provider_name, image, image_description, blurhash, width, height)
VALUES ($1, $2, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (url) DO UPDATE SET fetched_at = excluded.fetched_at
"""

# Statuses that show the card already show what the page says now.
_KEEP = f"""
WITH kept AS (
{_INSERT}, title = excluded.title,
    description = excluded.description, language = excluded.language,
    author_name = excluded.author_name, provider_name = excluded.provider_name,
    image = excluded.image, image_description = excluded.image_description,
    blurhash = excluded.blurhash, width = excluded.width, height = excluded.height
RETURNING id
), shown AS (
    UPDATE statuses SET version = greatest(version + 1, $1)
    WHERE preview_card_id = (SELECT id FROM kept)
)
SELECT id FROM kept
"""

# A page that says nothing just now takes nothing away from what it said before.
_KEEP_NOTHING = f"{_INSERT} RETURNING id"

# Only under the words in which the link was found: an edit has a job of its own.
_SHOW = """
UPDATE statuses SET preview_card_id = $3, version = greatest(version + 1, $4)
WHERE id = $1 AND text = $2 AND preview_card_id IS DISTINCT FROM $3::bigint
"""

# What was linked to in private only is nobody's business: it is not there.
_BY_URL = """
SELECT c.id FROM preview_cards c
WHERE c.url = $1 AND c.title <> '' AND EXISTS (
    SELECT FROM statuses s WHERE s.preview_card_id = c.id AND s.visibility = 'public')
"""

# 16 bits of an id follow the milliseconds (`app/ids.py`).
_HISTORY = """
SELECT s.preview_card_id AS id, (s.id >> 16) / 86400000 * 86400 AS day,
       count(*) AS uses, count(DISTINCT s.account_id) AS accounts
FROM statuses s JOIN accounts a ON a.id = s.account_id
WHERE s.preview_card_id = ANY($1::bigint[]) AND s.id >= $2
  AND s.visibility = 'public' AND s.reblog_of_id IS NULL AND a.suspended_at IS NULL
GROUP BY 1, 2
"""

_LINK = Listing(
    rows.statement(
        "s.preview_card_id = $5 AND s.visibility = 'public' AND s.reblog_of_id IS NULL "
        "AND s.id < $2 AND s.id > $3 ORDER BY s.id {direction} LIMIT $4",
        shown=rows.MET,
    )
)


async def link_of(reader: Reader, status_id: int, *, domain: str) -> tuple[str, str | None] | None:
    """The text of a status, and the first link in it that leads elsewhere.

    None if the status is gone, or a reblog.
    """
    found = await reader.fetch(_STATUS, status_id)
    if not found:
        return None
    parsed = text.parse(found[0]["text"], domain=domain)
    ours = (f"https://{domain}/", f"http://{domain}/")
    links = [link.url for link in parsed.links if not f"{link.url}/".startswith(ours)]
    return found[0]["text"], links[0] if links else None


async def known(reader: Reader, url: str) -> int | None:
    """The card of an address, if it was looked at lately."""
    now = clock.now()
    found = await reader.fetch(_KNOWN, url, now - FAILED, now - KEPT)
    return found[0]["id"] if found else None


async def keep(reader: Reader, url: str, **said: Any) -> int:
    """Remember what a page said, or with nothing that it said nothing; the id of its card."""
    statement = _KEEP if said else _KEEP_NOTHING
    values = {**_NOTHING, **said}.values()
    [row] = await reader.fetch(statement, ids.new(), clock.now(), url, *values)
    card_id: int = row["id"]
    return card_id


async def show(reader: Reader, status_id: int, said: str, card_id: int | None) -> None:
    """Let a status that says this show a card, or none. It does not count as an edit."""
    await reader.fetch(_SHOW, status_id, said, card_id, ids.new())


async def by_url(reader: Reader, url: str) -> int | None:
    """The card of an address that can be shown."""
    found = await reader.fetch(_BY_URL, url)
    return found[0]["id"] if found else None


async def history(reader: Reader, card_ids: Sequence[int]) -> dict[int, dict[int, tuple[int, int]]]:
    """`{card_id: {midnight in seconds since 1970: (accounts, uses)}}`, public statuses only."""
    if not card_ids:
        return {}
    since = clock.now() - timedelta(days=HISTORY_DAYS)
    days: dict[int, dict[int, tuple[int, int]]] = {}
    for row in await reader.fetch(_HISTORY, list(card_ids), ids.first(since)):
        days.setdefault(row["id"], {})[row["day"]] = (row["accounts"], row["uses"])
    return days


async def timeline(reader: Reader, viewer: int, card_id: int, page: Page) -> Sequence[Any]:
    """What anybody said to everybody about a page."""
    return await _LINK.read(reader, viewer, page, card_id)
