"""Custom emojis: which of them a text uses."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from app.database import Reader
from app.domain.instance import custom_emojis as domain
from app.rendering import links

_SHORTCODE = re.compile(r":([A-Za-z0-9_]{2,64}):")


def shortcodes(*texts: str) -> list[str]:
    """What may be custom emojis in these texts, in order, each once."""
    return list(dict.fromkeys(code for text in texts for code in _SHORTCODE.findall(text)))


async def named(reader: Reader, origin: str, names: Iterable[str]) -> dict[str, dict[str, Any]]:
    """`{shortcode: CustomEmoji}` of those that exist; no statement when nothing is asked."""
    rows = await domain.named(reader, sorted(set(names)))
    return {name: entity(row, origin) for name, row in rows.items()}


async def everything(reader: Reader, origin: str) -> list[dict[str, Any]]:
    """All CustomEmoji entities, by shortcode."""
    return [entity(row, origin) for row in await domain.everything(reader)]


def entity(row: Mapping[str, Any], origin: str) -> dict[str, Any]:
    """The CustomEmoji of a row."""
    url = links.media_url(origin, row["picture"])
    return {
        "shortcode": row["shortcode"],
        "url": url,
        "static_url": links.media_url(origin, row["static_picture"] or row["picture"]),
        "visible_in_picker": row["visible_in_picker"],
        "category": row["category"],
    }
