"""StatusEdits to JSON bytes: each wording that a status had."""

import json
from collections.abc import Sequence
from typing import Any

from pydantic_core import to_json

from app import clock
from app.database import Reader
from app.rendering import custom_emojis, media_attachments, polls
from app.rendering.statuses import Renderer


async def history(
    renderer: Renderer, reader: Reader, row: Any, wordings: Sequence[Any]
) -> list[bytes]:
    """StatusEdit entities of the status of a thin row, in the order of `wordings`."""
    rendered = await renderer.statuses(reader, [row], 0)
    if not rendered:
        return []
    status = json.loads(rendered[0])
    codes = [custom_emojis.shortcodes(each["spoiler_text"], each["text"]) for each in wordings]
    emojis = await custom_emojis.named(
        reader, renderer.origin, [code for of in codes for code in of]
    )
    return [
        to_json(
            {
                "content": renderer.content(wording["text"], status["mentions"]),
                "spoiler_text": wording["spoiler_text"],
                "sensitive": wording["sensitive"],
                "created_at": clock.iso(wording["created_at"]),
                "account": status["account"],
                "media_attachments": media_attachments.entities(renderer.origin, wording["media"]),
                "emojis": [emojis[code] for code in used if code in emojis],
                **polls.once(wording["poll_options"]),
            }
        )
        for wording, used in zip(wordings, codes, strict=True)
    ]
