"""Addresses: what a URL or a handle in the search box names."""

import re
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from app import ids

_HANDLE = re.compile(r"@?(?P<username>[A-Za-z0-9_.-]+)@(?P<domain>[^\s@/]+)")
_PATH = re.compile(
    r"/(?:tags/(?P<tag>[^/]+)"
    r"|(?:@|users/)(?P<username>[A-Za-z0-9_.-]+)(?:(?:/statuses)?/(?P<status>[0-9]{1,19}))?)/?"
)


class Address(NamedTuple):
    """What a URL of ours names: a tag, a status or an account; one of them is set."""

    username: str | None = None
    status_id: int | None = None
    tag: str | None = None


class Handle(NamedTuple):
    """`@name`, `name@domain` or `@name@domain`; `is_ours` when nobody else's domain is in it."""

    username: str
    is_ours: bool


def address(text: str, *, domain: str) -> Address | None:
    """What `https://host/@name`, `/@name/id`, `/users/name/statuses/id` and such name.

    None for anything else, URLs of others included.
    """
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or parts.netloc.lower() != domain.lower():
        return None
    found = _PATH.fullmatch(parts.path)
    if found is None:
        return None
    if found["tag"]:
        return Address(tag=unquote(found["tag"]))
    if found["status"]:
        status_id = int(found["status"])
        return Address(status_id=status_id) if status_id <= ids.BIGGEST else None
    return Address(username=found["username"])


def handle(text: str, *, domain: str) -> Handle | None:
    """The name in a text that is one, and nothing else."""
    text = text.strip()
    found = _HANDLE.fullmatch(text)
    if found:
        return Handle(found["username"], found["domain"].lower() == domain.lower())
    return Handle(text.removeprefix("@"), is_ours=True) if text.startswith("@") else None
