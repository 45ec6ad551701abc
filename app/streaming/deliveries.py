"""Deliveries: whom events concern, and what they are told.

A fixed number of statements for all events that are read together, however many streams there are,
but for what each viewer sees: of that so much is read at once as a statement can take.
"""

from app.database import Reader
from app.domain.events import Name
from app.rendering.statuses import Renderer
from app.streaming import announcements, conversations, hidden, notifications, statuses
from app.streaming.batches import Batch, Delivery
from app.streaming.channels import USER

# What anybody is told of; nothing else is read.
NAMES: tuple[Name, ...] = (
    "status.created",
    "status.delivered",
    "status.updated",
    "status.refreshed",
    "status.deleted",
    *hidden.NAMES,
    "notifications.created",
    "notifications.merged",
    "conversation.updated",
    "filters.changed",
    "announcement.published",
    "announcement.reacted",
    "announcement.deleted",
)


async def deliveries(reader: Reader, renderer: Renderer, batch: Batch) -> list[Delivery]:
    """What is to be delivered of a batch, in the order in which it happened."""
    found = [
        *await statuses.deliveries(reader, renderer, batch),
        *await hidden.deliveries(reader, batch),
        *await notifications.deliveries(reader, renderer, batch),
        *await conversations.deliveries(reader, renderer, batch),
        *await announcements.deliveries(reader, renderer.origin, batch),
        *(
            batch.delivery(
                event, "filters_changed", None, batch.listeners(USER, [event.payload["account_id"]])
            )
            for event in batch.named("filters.changed")
        ),
    ]
    order = {event.id: place for place, event in enumerate(batch.happened)}
    return sorted(found, key=lambda delivery: order[delivery.event.id])
