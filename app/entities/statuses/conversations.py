"""Conversations: what is said among a few."""

from pydantic import Field

from app.entities.accounts.accounts import ACCOUNT, Account
from app.entities.base import Entity, Id, example
from app.entities.statuses.statuses import STATUS, Status


class Conversation(Entity):
    """Direct statuses among the same people."""

    model_config = example(
        {
            "id": "116057013207042000",
            "unread": True,
            "accounts": [ACCOUNT],
            "last_status": {**STATUS, "visibility": "direct"},
        }
    )

    id: Id = Field(description="Which conversation of yours.")
    unread: bool = Field(description="Something was said that you did not see.")
    accounts: list[Account] = Field(description="The others; you alone if there are none.")
    last_status: Status | None = Field(description="What was said last.")
