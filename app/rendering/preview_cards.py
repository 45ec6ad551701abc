"""Preview cards to JSON."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from app.database import Reader
from app.domain.statuses import preview_cards
from app.domain.timelines import publishers
from app.rendering.histories import history
from app.rendering.links import media_url

# Of the statuses `s`, as a JSON object that `entity` takes.
SHOWN: Final = """(
    SELECT to_json(c) FROM preview_cards c WHERE c.id = s.preview_card_id AND c.title <> ''
)::text"""


def entity(origin: str, card: Mapping[str, Any]) -> dict[str, Any]:
    """A PreviewCard; `card` has the columns of its row."""
    return {
        "url": card["url"],
        "title": card["title"],
        "description": card["description"],
        "type": "link",
        "language": card["language"],
        "author_name": card["author_name"],
        "author_url": "",
        "provider_name": card["provider_name"],
        "provider_url": "",
        "html": "",
        "embed_url": "",
        "width": card["width"],
        "height": card["height"],
        "image": media_url(origin, card["image"]) if card["image"] else None,
        "image_description": card["image_description"],
        "blurhash": card["blurhash"],
        "published_at": None,
    }


async def trending(reader: Reader, origin: str, rows: Sequence[Any]) -> list[dict[str, Any]]:
    """PreviewCards with their history, for rows of `domain.timelines.trends.links`."""
    used = await preview_cards.history(reader, [row["id"] for row in rows])
    return [
        {
            **entity(origin, json.loads(row["card"])),
            "history": history(used.get(row["id"], {})),
        }
        for row in rows
    ]


async def admin_trending(reader: Reader, origin: str, rows: Sequence[Any]) -> list[dict[str, Any]]:
    """The same as AdminPreviewCards."""
    looked_at = await publishers.reviewed(reader, [row["id"] for row in rows])
    return [
        {"id": str(row["id"]), **card, "requires_review": row["id"] not in looked_at}
        for row, card in zip(rows, await trending(reader, origin, rows), strict=True)
    ]
