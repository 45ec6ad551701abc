"""Conversations to JSON bytes."""

import json

from app.database import Reader
from app.domain.statuses.conversations import Conversations
from app.rendering.statuses import Renderer

_TRUTH = (b"false", b"true")


async def conversations(
    reader: Reader, renderer: Renderer, page: Conversations, viewer: int
) -> list[bytes]:
    """Conversation entities, in the order of the page."""
    people = {
        int(json.loads(account)["id"]): account
        for account in await renderer.accounts(reader, page.accounts)
    }
    rendered = await renderer.each_status(reader, page.statuses, viewer)
    statuses = {row["id"]: body for row, body in zip(page.statuses, rendered, strict=True)}
    return [
        b'{"id":"%d","unread":%b,"accounts":[%b],"last_status":%b}'
        % (
            row["id"],
            _TRUTH[row["unread"]],
            b",".join(people[id_] for id_ in row["participant_ids"] or [viewer] if id_ in people),
            statuses.get(row["last_status_id"]) or b"null",
        )
        for row in page.rows
    ]
