"""Media attachments to JSON."""

import json
from collections.abc import Mapping
from typing import Any, Final

from app.rendering.links import media_url

# Of the statuses `s`, as the JSON that `entities` takes.
SHOWN: Final = """(
    SELECT json_agg(to_json(m) ORDER BY m.position) FROM media_attachments m
    WHERE m.status_id = s.id AND m.position IS NOT NULL
)::text"""


def entities(origin: str, shown: str | None) -> list[dict[str, Any]]:
    """The MediaAttachments in the JSON of `SHOWN`, or of the wording of a status."""
    return [entity(origin, media) for media in json.loads(shown or "[]")]


def entity(origin: str, media: Mapping[str, Any]) -> dict[str, Any]:
    """A MediaAttachment; `media` has the columns of its row."""
    meta = dict(media["meta"])
    if media["focus_x"] is not None:
        meta["focus"] = {"x": media["focus_x"], "y": media["focus_y"]}
    rendered = {
        "id": str(media["id"]),
        "type": media["kind"],
        "url": media_url(origin, media["file"]) if media["file"] else None,
        "preview_url": media_url(origin, media["preview"]) if media["preview"] else None,
        "remote_url": None,
        "preview_remote_url": None,
        "text_url": None,
        "meta": meta or None,
        "description": media["description"],
        "blurhash": media["blurhash"],
    }
    if media["name"] is not None:
        rendered |= {"name": media["name"], "size_bytes": media["size_bytes"]}
    return rendered
