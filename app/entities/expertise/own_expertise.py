"""What one is known for oneself."""

from pydantic import Field

from app.entities.base import Entity, Id, Timestamp, example
from app.entities.expertise.experts import REASON, KnownFor

_SKILL = {
    "id": "116057013207040000",
    "topic": "Kafka",
    "confirmed_at": "2026-02-12T09:30:00.000Z",
    "expires_at": "2026-08-11T09:30:00.000Z",
    "expired": False,
}


class Skill(Entity):
    """A hashtag on one's profile."""

    model_config = example(_SKILL)

    id: Id = Field(description="Of the FeaturedTag.")
    topic: str = Field(description="A hashtag, without `#`.")
    confirmed_at: Timestamp = Field(description="When you last said so: it fades from then on.")
    expires_at: Timestamp = Field(
        description="When it is forgotten, 180 days later. Two weeks before, a notification "
        "`skills_fading` reminds you; confirm it, or feature the hashtag again."
    )
    expired: bool = Field(description="Whether it is: it stays on the profile, and counts no more.")


class OwnExpertise(Entity):
    """What others see of what you know, and what they do not."""

    model_config = example(
        {
            "found": True,
            "paused": False,
            "topics": [
                {
                    "topic": "waterquality",
                    "score": 61.25,
                    "reasons": [REASON],
                    "formula_version": 3,
                }
            ],
            "skills": [_SKILL],
            "hidden_topics": ["Lunch"],
        }
    )

    found: bool = Field(
        description="Whether you are found by what you know: not while you pause, and not without "
        "`discoverable` and `indexable`."
    )
    paused: bool = Field(description="Whether you pause.")
    topics: list[KnownFor] = Field(
        description="Exactly what everybody is shown; nothing while you are not found."
    )
    skills: list[Skill] = Field(description="That which is forgotten first comes first.")
    hidden_topics: list[str] = Field(description="Hashtags, without `#`, you are not known for.")
