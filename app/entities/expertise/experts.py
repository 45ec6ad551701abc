"""Those who know about something, and why we think so."""

from typing import Any, Literal

from pydantic import Field

from app.entities.accounts.accounts import ACCOUNT, Account
from app.entities.base import Entity, Html, Id, Timestamp, Url, example

REASON: dict[str, Any] = {
    "kind": "status",
    "points": 61.25,
    "created_at": "2026-02-12T09:30:00.000Z",
    "status_id": "116057013207040000",
    "url": "https://hardop.example.org/@amina/116057013207040000",
    "highlight": "The new <strong>nitrate</strong> sensors are in the water",
    "topic": None,
    "people": 1,
    "account": None,
}


class ExpertReason(Entity):
    """A piece of evidence that counted."""

    model_config = example(REASON)

    kind: Literal["status", "reaction", "skill", "endorsement"] = Field(
        description="What it is: a public status of theirs, what colleagues reacted to one with, a "
        "hashtag on their profile, or a colleague who says that they know about it."
    )
    points: float = Field(
        description="What it adds to the score; 0 for what is shown and does not count, as the "
        "endorsement by one's own manager."
    )
    created_at: Timestamp = Field(description="The older it is, the less it earns.")
    status_id: Id | None = Field(
        description="The status, which you may read; of an endorsement the one that shows it."
    )
    url: Url | None = Field(description="Its page.")
    highlight: Html = Field(
        description="What it says around the words asked for, with these in `<strong>`; of a "
        "status its content warning if it has one."
    )
    topic: str | None = Field(description="The hashtag of a skill or an endorsement, without `#`.")
    people: int = Field(description="How many people it comes from.")
    account: Account | None = Field(description="Who endorsed them.")


class Expert(Entity):
    """Somebody who knows about what was asked."""

    model_config = example(
        {
            "account": ACCOUNT,
            "score": 61.25,
            "unit": "Laboratory",
            "location": "Lelystad",
            "topics": ["waterquality"],
            "reasons": [REASON],
            "formula_version": 3,
        }
    )

    account: Account = Field(description="Who it is.")
    score: float = Field(description="The sum of the points of the reasons.")
    unit: str | None = Field(description="Where they work, if the organisation says it.")
    location: str | None = Field(description="At which place.")
    topics: list[str] = Field(description="Hashtags of the evidence, without `#`.")
    reasons: list[ExpertReason] = Field(description="All that counted, best first.")
    formula_version: int = Field(description="Scores of different versions do not compare.")


class KnownFor(Entity):
    """A topic somebody is known for."""

    model_config = example(
        {
            "topic": "waterquality",
            "score": 61.25,
            "reasons": [REASON],
            "formula_version": 3,
        }
    )

    topic: str = Field(description="A hashtag, without `#`.")
    score: float = Field(description="The sum of the points of the reasons.")
    reasons: list[ExpertReason] = Field(description="All that counted, best first.")
    formula_version: int = Field(description="Scores of different versions do not compare.")
