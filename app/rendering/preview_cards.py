"""Preview cards to JSON."""

from collections.abc import Mapping
from typing import Any, Final

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
