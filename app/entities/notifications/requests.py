"""Whose notifications are kept aside."""

from pydantic import Field

from app.entities.accounts.accounts import ACCOUNT, Account
from app.entities.base import Entity, Id, Timestamp, example
from app.entities.statuses.statuses import STATUS, Status


class NotificationRequest(Entity):
    """Notifications by one account that your policy keeps aside."""

    model_config = example(
        {
            "id": "116057013207041200",
            "created_at": "2026-11-20T09:31:00.000Z",
            "updated_at": "2026-11-20T10:02:00.000Z",
            "notifications_count": "2",
            "account": ACCOUNT,
            "last_status": STATUS,
        }
    )

    id: Id = Field(description="Which request.")
    created_at: Timestamp = Field(description="When the first one was kept aside.")
    updated_at: Timestamp = Field(description="When the last one was.")
    notifications_count: str = Field(description="How many there are, as text.")
    account: Account = Field(description="Who caused them.")
    last_status: Status | None = Field(description="What they last mentioned you in.")


class Merged(Entity):
    """Whether what you accepted is among your notifications already."""

    model_config = example({"merged": True})

    merged: bool = Field(description="Always true: it is by the time accepting is answered.")
