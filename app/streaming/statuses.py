"""Statuses in streams: posted, edited, deleted."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from app.database import Reader
from app.domain.events import Happened, Name
from app.domain.timelines import streams
from app.domain.timelines.streams import Pair
from app.rendering.statuses import Renderer
from app.streaming.batches import Batch, Delivery, Listener
from app.streaming.channels import HASHTAG, LIST, MEDIA, PUBLIC, USER, Subscription

# What a status is told as. It is news in public when it was posted, and at home when it has come
# there; what changes about it is news wherever it is.
_TOLD_AS = {
    "status.created": "update",
    "status.delivered": "update",
    "status.updated": "status.update",
    "status.refreshed": "status.update",
}
_CHANGED: tuple[Name, ...] = ("status.updated", "status.refreshed")


async def deliveries(reader: Reader, renderer: Renderer, batch: Batch) -> list[Delivery]:
    """What is to be told of statuses.

    What a viewer sees is read for that viewer, for all of them together, and rendered once for all
    to whom it looks the same.
    """
    told = batch.named("status.created", "status.delivered", *_CHANGED)
    deleted = batch.named("status.deleted")
    if not told and not deleted:
        return []
    places = await _places(reader, batch)
    homes = await _homes(reader, batch)
    lists = await _lists(reader, batch)
    interested = [(event, [*_interested(batch, event, places, homes, lists)]) for event in told]
    seen = await _seen(reader, renderer, interested)
    members = await _members(reader, batch)
    return [
        *(each for event, theirs in interested for each in _shown(batch, event, theirs, seen)),
        *(each for event in deleted for each in _gone(batch, event, homes, members)),
    ]


async def _places(reader: Reader, batch: Batch) -> Mapping[int, Any]:
    events = batch.named("status.created", *_CHANGED)
    if not events or not batch.audience.listens(PUBLIC, MEDIA, HASHTAG):
        return {}
    return await streams.places(reader, {event.payload["status_id"] for event in events})


async def _homes(reader: Reader, batch: Batch) -> Mapping[int, list[int]]:
    events = batch.named("status.delivered", *_CHANGED, "status.deleted")
    ids = {event.payload["status_id"] for event in events}
    ids.update(id_ for event in events for id_ in event.payload.get("reblogs", ()))
    return await streams.homes(reader, batch.audience.subjects(USER), ids)


async def _lists(reader: Reader, batch: Batch) -> Mapping[int, list[int]]:
    """Which lists a status is in. They do not wait until it has come home."""
    events = batch.named("status.created", *_CHANGED)
    ids = {event.payload["status_id"] for event in events}
    return await streams.in_lists(reader, batch.audience.subjects(LIST), ids)


async def _members(reader: Reader, batch: Batch) -> Mapping[int, list[int]]:
    """Which lists those are in whose statuses, or reblogs, are gone."""
    events = batch.named("status.deleted")
    ids = {event.payload["account_id"] for event in events}
    ids.update(id_ for event in events for id_ in event.payload.get("reblogged_by", ()))
    return await streams.with_members(reader, batch.audience.subjects(LIST), ids)


def _interested(
    batch: Batch,
    event: Happened,
    places: Mapping[int, Any],
    homes: Mapping[int, list[int]],
    lists: Mapping[int, list[int]],
) -> Iterator[Listener]:
    """Who listens to channels that a status belongs to; not all of them may see it."""
    status_id = event.payload["status_id"]
    if event.name != "status.created":
        yield from batch.listeners(USER, homes.get(status_id, ()))
    if event.name != "status.delivered":
        yield from batch.listeners(LIST, lists.get(status_id, ()))
    if event.name != "status.delivered":
        yield from in_public(batch, places.get(status_id))


def in_public(batch: Batch, place: Any) -> Iterator[Listener]:
    """Who listens where anybody comes across a status; `place` is its row of `streams.places`."""
    if place is not None and place["is_public"]:
        yield from batch.listeners(HASHTAG, place["tags"])
        if not place["replies"]:
            yield from batch.listeners(PUBLIC)
            if place["has_media"]:
                yield from batch.listeners(MEDIA)


async def _seen(
    reader: Reader, renderer: Renderer, interested: Collection[tuple[Happened, list[Listener]]]
) -> dict[str, dict[Pair, bytes | None]]:
    """What the viewers see at home and in public, where they see anything."""
    pairs: dict[str, set[Pair]] = {"home": set(), "public": set()}
    for event, listeners in interested:
        for stream, subscription in listeners:
            pair = stream.caller.account_id, event.payload["status_id"]
            pairs[_place(subscription)].add(pair)
    rows = {
        "home": await streams.wanted(reader, pairs["home"]),
        "public": await streams.met(reader, pairs["public"]),
    }
    return {
        place: await renderer.each_status_of(reader, theirs, place)
        for place, theirs in rows.items()
    }


def _place(subscription: Subscription) -> str:
    """Where its statuses are, to filters: a list is a home of its own."""
    is_home = subscription.channel and subscription.channel.kind in (USER, LIST)
    return "home" if is_home else "public"


def _shown(
    batch: Batch,
    event: Happened,
    interested: Iterable[Listener],
    seen: Mapping[str, Mapping[Pair, bytes | None]],
) -> Iterator[Delivery]:
    """A delivery for each way in which the status looks."""
    same: dict[int, tuple[bytes, list[Listener]]] = {}
    for stream, subscription in interested:
        pair = stream.caller.account_id, event.payload["status_id"]
        body = seen[_place(subscription)].get(pair)
        if body is not None:
            same.setdefault(id(body), (body, []))[1].append((stream, subscription))
    for body, listeners in same.values():
        yield batch.delivery(event, _TOLD_AS[event.name], body, listeners)


def _gone(
    batch: Batch,
    event: Happened,
    homes: Mapping[int, list[int]],
    members: Mapping[int, list[int]],
) -> Iterator[Delivery]:
    """The status, and the reblogs that went with it."""
    payload = event.payload
    status_id: int = payload["status_id"]
    listeners = [*batch.listeners(USER, homes.get(status_id, ()))]
    if payload.get("visibility") == "public" and payload.get("reblog_of_id") is None:
        listeners += batch.listeners(PUBLIC)
        listeners += batch.listeners(MEDIA)
        listeners += batch.listeners(HASHTAG, payload["tags"])
    told = _told(payload)
    listeners += (
        (stream, subscription)
        for stream, subscription in batch.listeners(LIST, members.get(payload["account_id"], ()))
        if told is None or stream.caller.account_id in told
    )
    yield batch.delivery(event, "delete", b"%d" % status_id, listeners)
    reblogs = zip(payload.get("reblogs", ()), payload.get("reblogged_by", ()), strict=False)
    for id_, by in reblogs:
        listeners = [
            *batch.listeners(USER, homes.get(id_, ())),
            *batch.listeners(LIST, members.get(by, ())),
        ]
        yield batch.delivery(event, "delete", b"%d" % id_, listeners)


def _told(payload: Mapping[str, Any]) -> Collection[int] | None:
    """Who could read a status that is gone, of those whose lists its author is in; None: all."""
    if payload.get("visibility") != "direct":
        return None
    return {payload["account_id"], *payload.get("mentioned", ())}
