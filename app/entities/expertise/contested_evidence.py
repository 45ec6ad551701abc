"""Evidence that somebody contests."""

from typing import Literal

from pydantic import Field

from app.entities.accounts.accounts import ACCOUNT, Account
from app.entities.base import Entity, Id, Timestamp, example


class ContestedEvidence(Entity):
    """A status or an endorsement that does not count, because somebody says it should not."""

    model_config = example(
        {
            "id": "116057013207040000",
            "created_at": "2026-02-12T09:30:00.000Z",
            "account": ACCOUNT,
            "status_id": "116057013207040001",
            "endorsement_id": None,
            "comment": "That was a joke.",
            "state": "open",
            "decided_at": None,
        }
    )

    id: Id = Field(description="Which.")
    created_at: Timestamp = Field(description="When it was contested: it did not count since.")
    account: Account = Field(description="For whom it would speak.")
    status_id: Id | None = Field(description="A status of theirs,")
    endorsement_id: Id | None = Field(description="or what somebody said of them.")
    comment: str = Field(description="Why, in their words.")
    state: Literal["open", "upheld", "rejected"] = Field(
        description="`open` until a moderator looks. What was `rejected` counts again."
    )
    decided_at: Timestamp | None = Field(description="When one did.")
