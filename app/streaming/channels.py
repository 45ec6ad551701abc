"""Channels: what a client can listen to, and what it has to say about it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from app.database import Reader
from app.domain.identity.tokens import Caller
from app.domain.statuses import text
from app.domain.timelines import lists
from app.errors import BadRequest, Forbidden, NotFound, Unauthorized
from app.ids import BIGGEST

USER = "user"
NOTIFICATIONS = "user:notification"
PUBLIC = "public"
MEDIA = "public:media"
HASHTAG = "hashtag"
LIST = "list"
DIRECT = "direct"

# There is one server only: what is local is all there is, and nothing is remote.
_KINDS = {
    "user": USER,
    "user:notification": NOTIFICATIONS,
    "public": PUBLIC,
    "public:media": MEDIA,
    "public:local": PUBLIC,
    "public:local:media": MEDIA,
    "public:remote": None,
    "public:remote:media": None,
    "hashtag": HASHTAG,
    "hashtag:local": HASHTAG,
    "list": LIST,
    "direct": DIRECT,
}

# What a client says which one it means with.
_PARAMETERS = {HASHTAG: "tag", LIST: "list"}

READ_STATUSES = "read:statuses"
READ_NOTIFICATIONS = "read:notifications"


class Channel(NamedTuple):
    """What has the same events: `subject` is the account, the list, the name of the tag, or 0."""

    kind: str
    subject: int | str


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a client asked for. `label` is how it called it, as JSON; `channel` None never tells."""

    label: str
    channel: Channel | None


async def subscription(
    reader: Reader, caller: Caller, name: str, params: Mapping[str, str]
) -> Subscription:
    """What `name` means for this caller; `params` holds its `tag` or `list` (client API section f).

    Raises:
        BadRequest: there is no such stream, or its tag or list is not named.
        Forbidden: the token lacks the scope.
        Unauthorized: the list is somebody else's, or not there.
    """
    if name not in _KINDS:
        raise BadRequest("Unknown stream type")
    kind = _KINDS[name]
    needed = READ_NOTIFICATIONS if kind == NOTIFICATIONS else READ_STATUSES
    if needed not in caller.scopes:
        raise Forbidden("Access token does not have the required scopes")
    if kind is None:
        channel = None
    elif kind == HASHTAG:
        channel = Channel(kind, _tag(params))
    elif kind == LIST:
        channel = Channel(kind, await _list(reader, caller, params))
    else:
        channel = Channel(kind, 0 if kind in (PUBLIC, MEDIA) else caller.account_id)
    return Subscription(label(name, params), channel)


def label(name: str, params: Mapping[str, str]) -> str:
    """What frames for a subscription are marked with: clients look for what they sent."""
    parameter = _PARAMETERS.get(_KINDS.get(name) or "")
    words = [name, params.get(parameter, "")] if parameter else [name]
    return json.dumps(words, ensure_ascii=False, separators=(",", ":"))


def _tag(params: Mapping[str, str]) -> str:
    name = text.normalise_hashtag(params.get("tag", ""))
    if name is None:
        raise BadRequest("Missing tag name parameter")
    return name


async def _list(reader: Reader, caller: Caller, params: Mapping[str, str]) -> int:
    said = params.get("list", "")
    if not said:
        raise BadRequest("Missing list name parameter")
    list_id = int(said) if said.isascii() and said.isdecimal() and len(said) < 20 else 0
    try:
        await lists.require(reader, caller.account_id, min(list_id, BIGGEST))
    except NotFound:
        raise Unauthorized("Not authorized to stream this list") from None
    return list_id
