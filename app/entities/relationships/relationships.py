"""How the caller stands to another account."""

import json
from collections.abc import Mapping
from typing import Any, Self

from pydantic import Field

from app.entities.accounts.accounts import ACCOUNT, Account
from app.entities.base import Entity, Id, Timestamp, example


class Relationship(Entity):
    """How you stand to one account."""

    model_config = example(
        {
            "id": "116057013207040000",
            "following": True,
            "followed_by": False,
            "blocking": False,
            "blocked_by": False,
            "muting": False,
            "muting_notifications": False,
            "muting_expires_at": None,
            "requested": False,
            "requested_by": False,
            "domain_blocking": False,
            "endorsed": False,
            "showing_reblogs": True,
            "notifying": False,
            "languages": None,
            "note": "",
        }
    )

    id: Id = Field(description="The other account.")
    following: bool = Field(description="You follow it.")
    followed_by: bool = Field(description="It follows you.")
    blocking: bool = Field(description="You block it.")
    blocked_by: bool = Field(description="It blocks you.")
    muting: bool = Field(description="You mute it.")
    muting_notifications: bool = Field(description="You mute its notifications too.")
    muting_expires_at: Timestamp | None = Field(
        description="When muting it ends; null means never, or that you do not mute it."
    )
    requested: bool = Field(description="You asked to follow it.")
    requested_by: bool = Field(description="It asked to follow you.")
    domain_blocking: bool = Field(description="Always false: there is one server.")
    endorsed: bool = Field(description="You feature it on your profile.")
    showing_reblogs: bool = Field(description="Its reblogs come home too.")
    notifying: bool = Field(description="Each status of it notifies you.")
    languages: list[str] | None = Field(
        description="Only its statuses in these languages come home; null means all."
    )
    note: str = Field(description="What you noted about it; nobody else sees it.")

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """From a row of `domain.relationships.relationships.between`."""
        return cls(
            id=str(row["id"]),
            following=row["following"],
            followed_by=row["followed_by"],
            blocking=row["blocking"],
            blocked_by=row["blocked_by"],
            muting=row["muting"],
            muting_notifications=row["muting_notifications"],
            muting_expires_at=row["muting_expires_at"],
            requested=row["requested"],
            requested_by=row["requested_by"],
            domain_blocking=False,
            endorsed=row["endorsed"],
            showing_reblogs=row["showing_reblogs"],
            notifying=row["notifying"],
            languages=json.loads(row["languages"]) if row["languages"] else None,
            note=row["note"],
        )


class FamiliarFollowers(Entity):
    """Who of those you follow follows an account."""

    model_config = example({"id": "116057013207040000", "accounts": [ACCOUNT]})

    id: Id = Field(description="The account that is followed.")
    accounts: list[Account] = Field(description="Whom you both know, the latest follow first.")
