"""A row of the authorization matrix."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Row:
    """What a route answers, by who asks.

    `owner` is the answer to the owner, with any one of `scopes`, or with any token where there are
    none; `other` to a stranger with all scopes; `nobody` to the anonymous and to applications
    without a person, by default as to a stranger. In `route` and `send` these stand for things:

    - `{account_id}`: the owner
    - `{asker_id}`: somebody who asks to follow the owner
    - `{member_id}`: somebody without a role
    - `{status_id}`: a private status of the owner
    - `{quoting_id}`: another that quotes it
    - `{poll_id}`: a private poll of the owner
    - `{filter_id}`, `{keyword_id}`, `{filter_status_id}`: a filter of the owner, and what is in it
    - `{scheduled_id}`: what the owner will say
    - `{conversation_id}`: a conversation of the owner
    - `{notification_id}`: a notification to the owner
    - `{group_key}`: the group of one
    - `{endorsement_id}`: what somebody said of the owner, who declined it
    - `{contested_id}`: what the owner contests; `{foreign_contested_id}`: what somebody else does
    - `{feed_id}`: a private feed of the owner; `{token}`: the key to another
    - `{request_id}`: one of the owner's notification requests
    """

    route: str
    kind: Literal["public", "optional", "user", "app", "stream"]
    scopes: str = ""
    # Which role it takes besides; those below are refused.
    role: Literal["member", "moderator", "admin"] = "member"
    owner: int = 200
    other: int = 200
    nobody: int | None = None
    # Other answers to some of those whose login may not be used.
    barred: Mapping[str, int] = field(default_factory=dict)
    send: Mapping[str, object] = field(default_factory=dict)
