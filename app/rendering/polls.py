"""Polls to JSON bytes: what is asked, once per version; what was answered, from the details."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from pydantic_core import to_json

from app import clock
from app.rendering import custom_emojis


class Poll(NamedTuple):
    """What a poll asks."""

    # Id, end and kind, as the insides of a JSON object, left open.
    head: bytes
    titles: tuple[str, ...]
    hides_totals: bool


def asked(row: str, emojis: Mapping[str, dict[str, Any]]) -> Poll:
    """What a poll asks, from the JSON of its row; `emojis` are those that may be in it."""
    id_, expires_at, multiple, hide_totals, titles = json.loads(row)
    codes = custom_emojis.shortcodes(*titles)
    head = {
        "id": id_,
        "expires_at": clock.iso(datetime.fromisoformat(expires_at)),
        "multiple": multiple,
        "emojis": [emojis[code] for code in codes if code in emojis],
    }
    return Poll(to_json(head)[1:-1], tuple(titles), hide_totals)


def titles(row: str | None) -> list[str]:
    """The answers of a poll, from the JSON of its row; none without one."""
    return json.loads(row)[-1] if row else []


def finish(poll: Poll | None, answered: str | None, *, marked: bool) -> bytes:
    """The key `poll` of a status, a comma in front; `answered` is that of its details."""
    if poll is None or answered is None:
        return b',"poll":null'
    return b',"poll":' + entity(poll, answered, marked=marked)


def entity(poll: Poll, answered: str, *, marked: bool) -> bytes:
    """The Poll entity; without `marked` nobody in particular looks."""
    has_ended, tallies, voters_count, own_votes, is_own = json.loads(answered)
    is_shown = has_ended or not poll.hides_totals
    counted: dict[str, Any] = {
        "expired": has_ended,
        "votes_count": sum(tallies),
        "voters_count": voters_count,
        # A row of another version than the body has other answers for a moment.
        "options": [
            {"title": title, "votes_count": tally if is_shown else None}
            for title, tally in zip(poll.titles, tallies, strict=False)
        ],
    }
    if marked:
        # Who asks counts as having voted: clients then show the totals.
        counted |= {"voted": is_own or bool(own_votes), "own_votes": own_votes}
    return b"{%b,%b" % (poll.head, to_json(counted)[1:])


def once(options: Sequence[str] | None) -> dict[str, Any]:
    """The key `poll` of a StatusEdit, if it had one."""
    return {"poll": {"options": [{"title": title} for title in options]}} if options else {}
