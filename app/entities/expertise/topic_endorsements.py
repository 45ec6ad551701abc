"""Endorsements of topics."""

from typing import Literal

from pydantic import Field

from app.entities.accounts.accounts import ACCOUNT, Account
from app.entities.base import Entity, Id, Timestamp, Url, example


class TopicEndorsement(Entity):
    """A colleague says that a colleague knows about something."""

    model_config = example(
        {
            "id": "116057013207040000",
            "created_at": "2026-02-12T09:30:00.000Z",
            "expires_at": "2028-02-12T09:30:00.000Z",
            "topic": "WaterQuality",
            "statement": "She found out in an hour what we had looked for all week.",
            "state": "shown",
            "status_id": "116057013207040001",
            "url": "https://hardop.example.org/@amina/116057013207040001",
            "account": {**ACCOUNT, "id": "116057013207040002", "username": "joost"},
            "target_account": ACCOUNT,
        }
    )

    id: Id = Field(description="Which endorsement.")
    created_at: Timestamp = Field(description="When it was last said: it fades from then on.")
    expires_at: Timestamp = Field(description="When it lapses, 24 months later.")
    topic: str = Field(description="A hashtag, without `#`.")
    statement: str = Field(description="Plain text.")
    state: Literal["shown", "hidden", "declined"] = Field(
        description="What the one who received it made of it. Only what is shown counts; who gave "
        "it is not told that it is hidden."
    )
    status_id: Id | None = Field(description="The status that shows it, if you may read it.")
    url: Url | None = Field(description="Its page.")
    account: Account = Field(description="Who says so.")
    target_account: Account = Field(description="Of whom.")
