"""What a moderator decided about the caller."""

from typing import Literal

from pydantic import Field

from app.entities.accounts.accounts import ACCOUNT, Account
from app.entities.base import Entity, Id, Timestamp, example


class AccountWarning(Entity):
    """What a moderator decided about you."""

    model_config = example(
        {
            "id": "116057013207041300",
            "action": "none",
            "text": "Please leave clients' names out.",
            "status_ids": [],
            "created_at": "2026-11-20T11:00:00.000Z",
            "appeal": None,
            "target_account": ACCOUNT,
        }
    )

    id: Id = Field(description="Which decision.")
    action: Literal["none", "sensitive", "disable", "silence", "suspend"] = Field(
        description="What was done; `none` is a word of warning."
    )
    text: str = Field(description="In the moderator's words; may be empty.")
    status_ids: list[Id] = Field(description="Which of your statuses it is about.")
    created_at: Timestamp = Field(description="When.")
    appeal: str | None = Field(None, description="Always null: talk to your moderators.")
    target_account: Account = Field(description="You.")
