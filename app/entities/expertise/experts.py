"""Those who know about something, and why we think so."""

from typing import Literal

from pydantic import Field

from app.entities.accounts.accounts import ACCOUNT, Account
from app.entities.base import Entity, Html, Id, Timestamp, Url, example

REASON = {
    "kind": "status",
    "points": 61.25,
    "created_at": "2026-02-12T09:30:00.000Z",
    "status_id": "116057013207040000",
    "url": "https://hardop.example.org/@amina/116057013207040000",
    "highlight": "The new <strong>nitrate</strong> sensors are in the water",
}


class ExpertReason(Entity):
    """A piece of evidence that counted."""

    model_config = example(REASON)

    kind: Literal["status"] = Field(description="What it is: a public status of theirs.")
    points: float = Field(description="What it adds to the score.")
    created_at: Timestamp = Field(description="The older it is, the less it earns.")
    status_id: Id = Field(description="The status, which you may read.")
    url: Url = Field(description="Its page.")
    highlight: Html = Field(
        description="What it says around the words asked for, with these in `<strong>`; its "
        "content warning if it has one."
    )


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
            "formula_version": 1,
        }
    )

    account: Account = Field(description="Who it is.")
    score: float = Field(description="The sum of the points of the reasons.")
    unit: str | None = Field(description="Where they work, if the organisation says it.")
    location: str | None = Field(description="At which place.")
    topics: list[str] = Field(description="Hashtags of the evidence, without `#`.")
    reasons: list[ExpertReason] = Field(description="All that counted, best first.")
    formula_version: int = Field(description="Scores of different versions do not compare.")
