"""What is hidden: told as deleted to those who came across it so far, and only to them (ST-5).

What leaves somebody's home a worker takes away, and records. Lists and public timelines are read by
query: there, what was said lately is asked about anew.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.database import Reader
from app.domain.events import Happened, Name
from app.domain.timelines import streams
from app.streaming.batches import Batch, Delivery, Listener
from app.streaming.channels import HASHTAG, LIST, MEDIA, PUBLIC, USER
from app.streaming.statuses import in_public
from app.streaming.streams import MAX_QUEUED, Stream

NAMES: tuple[Name, ...] = (
    "home.cleared",
    "block.created",
    "mute.created",
    "follow.deleted",
    "account.moderated",
)


# No stream gets more at a time: one that is told more than it can take is ended.
_AT_ONCE = MAX_QUEUED // 2
_PUBLIC = (PUBLIC, MEDIA, HASHTAG)

_Found = Iterable[tuple[Happened, int, Iterable[Listener]]]


@dataclass(frozen=True, slots=True)
class _Hiding:
    """Because of an event, `viewer` may come across `author` no longer; None: nobody may."""

    event: Happened
    author: int
    viewer: int | None = None

    @property
    def is_unfollow(self) -> bool:
        """What everybody may read is not hidden by it, only no longer brought."""
        return self.event.name == "follow.deleted"


@dataclass(frozen=True, slots=True)
class _Lately:
    """Who hides whom, and what those who are hidden said lately, `{author: rows}`."""

    hiding: list[_Hiding]
    said: Mapping[int, list[Any]]

    @property
    def ids(self) -> set[int]:
        """All of it."""
        return {row["id"] for rows in self.said.values() for row in rows}

    def pairs(self) -> Iterator[tuple[_Hiding, Any]]:
        """Who hides, with each row of what they hide."""
        return ((each, row) for each in self.hiding for row in self.said.get(each.author, ()))


async def deliveries(reader: Reader, batch: Batch) -> list[Delivery]:
    """What is to be taken back."""
    told: Counter[Stream] = Counter()
    found = []
    for event, status_id, listeners in (*_left_home(batch), *await _hidden(reader, batch)):
        theirs = [one for one in listeners if told[one[0]] < _AT_ONCE]
        told.update(stream for stream, _ in theirs)
        if theirs:
            found.append(batch.delivery(event, "delete", b"%d" % status_id, theirs))
    return found


def _left_home(batch: Batch) -> _Found:
    for event in batch.named("home.cleared"):
        listeners = [*batch.listeners(USER, [event.payload["account_id"]])]
        for status_id in event.payload["status_ids"]:
            yield event, status_id, listeners


async def _hidden(reader: Reader, batch: Batch) -> _Found:
    hiding = [each for event in batch.happened for each in _of_event(event)]
    if not hiding or not batch.audience.listens(USER, LIST, *_PUBLIC):
        return []
    lately = _Lately(hiding, await streams.latest(reader, {each.author for each in hiding}))
    return [
        *await _suspended(reader, batch, lately),
        *await _out_of_lists(reader, batch, lately),
        *await _out_of_public(reader, batch, lately),
    ]


def _of_event(event: Happened) -> Iterator[_Hiding]:
    said = event.payload
    if event.name == "account.moderated" and said["action"] in ("suspend", "silence"):
        yield _Hiding(event, said["account_id"])
    elif event.name in ("block.created", "mute.created") or (
        # To be refused hides nothing.
        event.name == "follow.deleted" and said.get("accepted")
    ):
        yield _Hiding(event, said["target_account_id"], said["account_id"])
    if event.name == "block.created":
        yield _Hiding(event, said["account_id"], said["target_account_id"])


async def _suspended(reader: Reader, batch: Batch, lately: _Lately) -> _Found:
    """Whoever has it at home or in a list still does, and does not see it there."""
    suspended = [
        (each, row)
        for each, row in lately.pairs()
        if each.viewer is None and each.event.payload["action"] == "suspend" and not row["names"]
    ]
    if not suspended:
        return []
    homes = await streams.homes(reader, batch.audience.subjects(USER), lately.ids)
    lists = await streams.in_lists(reader, batch.audience.subjects(LIST), lately.ids)
    return [
        (
            each.event,
            row["id"],
            [
                *batch.listeners(USER, homes.get(row["id"], ())),
                *batch.listeners(LIST, () if row["is_direct"] else lists.get(row["id"], ())),
            ],
        )
        for each, row in suspended
    ]


async def _out_of_lists(reader: Reader, batch: Batch, lately: _Lately) -> _Found:
    """Told is who saw it in a list, which by now it left, or its author did."""
    subjects = batch.audience.subjects(LIST)
    owners = {stream.caller.account_id for stream, _ in batch.listeners(LIST, subjects)}
    concerned = [
        (each, row)
        for each, row in lately.pairs()
        if each.viewer in owners and not row["is_direct"]
    ]
    if not concerned:
        return []
    members = await streams.with_members(
        reader, subjects, {row["account_id"] for _, row in concerned}
    )
    lists = await streams.in_lists(reader, subjects, lately.ids)
    wanted = await streams.wanted(
        reader,
        {
            (each.viewer or 0, row["id"])
            for each, row in concerned
            if row["id"] in lists or each.is_unfollow
        },
    )
    found = []
    for each, row in concerned:
        gone = {*members.get(row["account_id"], ())}
        if row["account_id"] == each.author:
            gone.update(each.event.payload.get("list_ids", ()))
        if (each.viewer, row["id"]) in wanted:
            if each.is_unfollow:
                # Clients take it from everywhere: what can still be read is not told.
                continue
            gone.difference_update(lists.get(row["id"], ()))
        listeners = batch.listeners(LIST, gone)
        theirs = [one for one in listeners if one[0].caller.account_id == each.viewer]
        found.append((each.event, row["id"], theirs))
    return found


async def _out_of_public(reader: Reader, batch: Batch, lately: _Lately) -> _Found:
    """Whoever follows somebody whom moderators silenced comes across them as before."""
    places = await streams.places(reader, lately.ids) if batch.audience.listens(*_PUBLIC) else {}
    found = [
        (each, row["id"], [*_concerned(batch, each, places.get(row["id"]))])
        for each, row in lately.pairs()
        if not row["names"]
    ]
    pairs = {
        (stream.caller.account_id, each.author)
        for each, _, listeners in found
        for stream, _ in listeners
    }
    meeting = await streams.meeting(reader, pairs)
    return [
        (
            each.event,
            id_,
            [one for one in listeners if (one[0].caller.account_id, each.author) not in meeting],
        )
        for each, id_, listeners in found
    ]


def _concerned(batch: Batch, hiding: _Hiding, place: Any) -> Iterator[Listener]:
    for stream, subscription in in_public(batch, place):
        if hiding.viewer in (None, stream.caller.account_id):
            yield stream, subscription
