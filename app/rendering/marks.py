"""Marks to JSON bytes: what a thin row says of a status, a comma in front of each."""

from typing import Any

from pydantic_core import to_json

from app.rendering import links

_TRUTH = (b"false", b"true")
_PINNED = {False: b',"pinned":false', True: b',"pinned":true'}


def counters(row: Any, prefix: str) -> bytes:
    """How many did what; `prefix` is that of the columns of a reblog's original."""
    return b',"replies_count":%d,"reblogs_count":%d,"favourites_count":%d,"quotes_count":%d' % (
        row[prefix + "replies_count"],
        row[prefix + "reblogs_count"],
        row[prefix + "favourites_count"],
        row["quotes_count"],
    )


def of_viewer(row: Any, filtered: bytes) -> bytes:
    """What the viewer did with it, and what their filters make of it."""
    return b',"favourited":%b,"reblogged":%b,"bookmarked":%b,"muted":%b,"filtered":%b' % (
        _TRUTH[row["favourited"]],
        _TRUTH[row["reblogged"]],
        _TRUTH[row["bookmarked"]],
        _TRUTH[row["muted"]],
        filtered,
    )


def pinned(row: Any) -> bytes:
    """Whether it is on top of its author's profile; only they are told."""
    return _PINNED.get(row["pinned"], b"")


def sensitive(row: Any, says_so: bool) -> bytes:
    """Whether its media are to be hidden: it says so, or moderators do of its author."""
    return b',"sensitive":%b' % _TRUTH[says_so or row["sensitized"]]


def reactions(row: Any, origin: str) -> bytes:
    """Its emojis, under the names that clients know."""
    if not row["reactions"]:
        return b',"reactions":[],"emoji_reactions":[],"emoji_reactions_count":0'
    named: dict[str, dict[str, Any]] = {}
    lines = row["reactions"].split("\n")
    for line in lines:
        mine, picture, name = line.split(" ", 2)
        reaction = named.setdefault(name, {"name": name, "count": 0, "me": False})
        reaction["count"] += 1
        reaction["me"] |= mine == "t"
        if picture:
            url = links.media_url(origin, picture)
            reaction |= {"url": url, "static_url": url}
    rendered = to_json([*named.values()])
    return b',"reactions":%b,"emoji_reactions":%b,"emoji_reactions_count":%d' % (
        rendered,
        rendered,
        len(lines),
    )
