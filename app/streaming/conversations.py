"""Conversations in streams: to those among whom something was said."""

from dataclasses import replace

from app.database import Reader
from app.domain.statuses import conversations
from app.domain.timelines import streams
from app.rendering.conversations import conversations as render
from app.rendering.statuses import Renderer
from app.streaming.batches import Batch, Delivery
from app.streaming.channels import DIRECT


async def deliveries(reader: Reader, renderer: Renderer, batch: Batch) -> list[Delivery]:
    """What is to be told of conversations."""
    events = batch.named("conversation.updated")
    viewers = batch.audience.subjects(DIRECT)
    if not events or not viewers:
        return []
    event_of = {event.payload["status_id"]: event for event in events}
    found = await conversations.ending_in(reader, viewers, event_of)
    seen = await streams.visible(
        reader, {(row["account_id"], row["last_status_id"]) for row in found.rows}
    )
    # All together, so that one by one they find everything read.
    await renderer.each_status_of(reader, seen, "")
    told = []
    for row in found.rows:
        viewer, status_id = row["account_id"], row["last_status_id"]
        if (viewer, status_id) in seen:
            alone = replace(found, rows=[row], statuses=[seen[viewer, status_id]])
            [payload] = await render(reader, renderer, alone, viewer)
            listeners = batch.listeners(DIRECT, [viewer])
            told.append(batch.delivery(event_of[status_id], "conversation", payload, listeners))
    return told
