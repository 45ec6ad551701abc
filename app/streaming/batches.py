"""Batches: events that are read together, and what is to be delivered of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from app.domain.events import Happened, Name
from app.streaming.channels import Channel, Subscription
from app.streaming.messages import Message
from app.streaming.streams import Audience, Stream

Listener = tuple[Stream, Subscription]


class Delivery(NamedTuple):
    """A message about an event, and who gets it."""

    event: Happened
    message: Message
    listeners: Sequence[Listener]


@dataclass(frozen=True, slots=True)
class Batch:
    """Events that were read together, and whoever listens."""

    happened: Sequence[Happened]
    # Where reading goes on.
    position: str
    audience: Audience

    def named(self, *names: Name) -> list[Happened]:
        """The events with these names."""
        return [event for event in self.happened if event.name in names]

    def listeners(self, kind: str, subjects: Iterable[int | str] = (0,)) -> Iterable[Listener]:
        """Who listens to the channels of this kind that are about these subjects."""
        for subject in subjects:
            yield from self.audience.of(Channel(kind, subject))

    def delivery(
        self,
        event: Happened,
        name: str,
        payload: bytes | None,
        listeners: Iterable[Listener],
    ) -> Delivery:
        """What clients hear of an event."""
        message = Message(name, payload, f"{self.position}/{event.id}")
        return Delivery(event, message, [*listeners])
