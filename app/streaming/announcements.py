"""Announcements in streams: to everybody who is at home."""

from collections.abc import Iterator

from pydantic_core import to_json

from app.database import Reader
from app.domain.events import Happened
from app.domain.instance import announcements
from app.entities.instance.announcements import announcements_of
from app.streaming.batches import Batch, Delivery
from app.streaming.channels import USER

Told = tuple[Happened, str, bytes]


async def deliveries(reader: Reader, origin: str, batch: Batch) -> list[Delivery]:
    """What is to be told of announcements."""
    everybody = [*batch.listeners(USER, batch.audience.subjects(USER))]
    if not everybody:
        return []
    told = [
        *await _published(reader, origin, batch),
        *await _reacted(reader, batch),
        *_deleted(batch),
    ]
    return [batch.delivery(event, name, payload, everybody) for event, name, payload in told]


async def _published(reader: Reader, origin: str, batch: Batch) -> list[Told]:
    events = batch.named("announcement.published")
    if not events:
        return []
    rows = await announcements.by_ids(reader, {_of(event) for event in events})
    entities = {
        int(entity.id): entity for entity in await announcements_of(reader, rows, origin=origin)
    }
    return [
        (event, "announcement", entities[_of(event)].model_dump_json(by_alias=True).encode())
        for event in events
        if _of(event) in entities
    ]


async def _reacted(reader: Reader, batch: Batch) -> list[Told]:
    events = batch.named("announcement.reacted")
    if not events:
        return []
    counts = await announcements.counts(
        reader, {(_of(event), event.payload["emoji"]) for event in events}
    )
    return [
        (
            event,
            "announcement.reaction",
            to_json({"name": emoji, "count": count, "announcement_id": str(id_)}),
        )
        for event in events
        for (id_, emoji), count in counts.items()
        if (id_, emoji) == (_of(event), event.payload["emoji"])
    ]


def _deleted(batch: Batch) -> Iterator[Told]:
    for event in batch.named("announcement.deleted"):
        yield event, "announcement.delete", b"%d" % _of(event)


def _of(event: Happened) -> int:
    id_: int = event.payload["announcement_id"]
    return id_
