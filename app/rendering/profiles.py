"""Profile: what somebody says of themselves, for editing."""

import json
from typing import Any

from pydantic_core import to_json

from app.database import Reader
from app.domain.accounts import featured_tags
from app.rendering import tags
from app.rendering.statuses import Renderer

_AS_WRITTEN = (
    *("display_name", "note", "avatar_description", "header_description", "locked", "bot"),
    *("hide_collections", "discoverable", "indexable"),
    *("show_media", "show_media_replies", "show_featured"),
)


async def profile(renderer: Renderer, reader: Reader, row: Any) -> bytes:
    """The Profile of a row of `domain.accounts.profiles.own`."""
    account = json.loads((await renderer.accounts(reader, [row]))[0])
    featured = await featured_tags.featured(reader, row["id"])
    entity: dict[str, Any] = {
        "id": account["id"],
        **{name: row[name] for name in _AS_WRITTEN},
        "fields": [{**field, "verified_at": None} for field in json.loads(row["fields"])],
        "formatted_note": account["note"],
        "formatted_fields": account["fields"],
        "attribution_domains": json.loads(row["attribution_domains"]),
    }
    for kind in ("avatar", "header"):
        chosen = account[kind] if row[kind] else None
        entity |= {kind: chosen, f"{kind}_static": chosen}
    return b'%b,"featured_tags":[%b]}' % (
        to_json(entity)[:-1],
        b",".join(tags.featured_tags(renderer.origin, featured)),
    )
