"""Questions with answers to choose from."""

from pydantic import Field

from app.entities.base import Absent, Entity, Id, Timestamp, example
from app.entities.instance.custom_emojis import CustomEmoji


class PollOption(Entity):
    """One answer to choose."""

    title: str = Field(description="Plain text.")
    votes_count: int | None = Field(description="Null while the totals are hidden.")


class Poll(Entity):
    """A question with answers to choose from."""

    model_config = example(
        {
            "id": "116057013207040600",
            "expires_at": "2026-11-21T09:30:00.000Z",
            "expired": False,
            "multiple": False,
            "votes_count": 6,
            "voters_count": 6,
            "options": [
                {"title": "Calibrate weekly", "votes_count": 2},
                {"title": "Buy new sensors", "votes_count": 4},
            ],
            "emojis": [],
            "voted": True,
            "own_votes": [1],
        }
    )

    id: Id = Field(description="Which poll.")
    expires_at: Timestamp | None = Field(description="When it closes; null means never.")
    expired: bool = Field(description="It is closed.")
    multiple: bool = Field(description="More than one answer may be chosen.")
    votes_count: int = Field(description="How many answers were chosen.")
    voters_count: int | None = Field(description="How many people voted.")
    options: list[PollOption] = Field(description="The answers, in order.")
    emojis: list[CustomEmoji] = Field(description="The custom emojis the answers use.")
    voted: Absent[bool] = Field(None, description="You voted. Only with a user's token.")
    own_votes: Absent[list[int]] = Field(
        None, description="What you chose, counted from 0. Only with a user's token."
    )
