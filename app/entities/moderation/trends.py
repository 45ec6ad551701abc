"""What may trend, for moderators."""

from typing import Any, Self

from pydantic import Field

from app.entities.base import Absent, Entity, Id, Timestamp, example
from app.entities.statuses.preview_cards import PREVIEW_CARD, PreviewCard
from app.entities.statuses.statuses import STATUS, Quote, Status
from app.entities.statuses.tags import TAG, Tag

_TAG = {name: value for name, value in TAG.items() if name not in ("following", "featuring")}


class AdminTag(Tag):
    """A hashtag, and what was decided about it."""

    model_config = example(
        {**_TAG, "trendable": True, "usable": True, "listable": True, "requires_review": False}
    )

    id: Absent[Id] = Field(None, description="Which hashtag.")
    trendable: bool = Field(description="It may trend.")
    usable: bool = Field(description="Always true: nobody is forbidden a word.")
    listable: bool = Field(description="It is proposed while one types.")
    requires_review: bool = Field(description="No moderator looked at it yet.")


class AdminStatus(Status):
    """A status that trends."""

    model_config = example({**STATUS, "requires_review": True})

    requires_review: bool = Field(description="No moderator looked at it yet.")


# What a status holds of itself is described behind it.
AdminStatus.model_rebuild(_types_namespace={"Quote": Quote})


class AdminPreviewCard(PreviewCard):
    """A link that trends."""

    model_config = example({**PREVIEW_CARD, "id": "116057013207041300", "requires_review": True})

    id: Id = Field(description="Which link.")
    requires_review: bool = Field(description="No moderator looked at it yet, nor at its site.")


class Publisher(Entity):
    """A site whose links trend."""

    model_config = example(
        {
            "id": "116057013207040333",
            "domain": "news.example.org",
            "trendable": True,
            "reviewed_at": None,
            "requested_review_at": None,
            "requires_review": True,
        }
    )

    id: Id = Field(description="Which site.")
    domain: str = Field(description="The host in its addresses.")
    trendable: bool | None = Field(description="Its links may trend; null when nobody decided.")
    reviewed_at: Timestamp | None = Field(description="When a moderator looked at it first.")
    requested_review_at: Timestamp | None = Field(None, description="Always null: nobody is asked.")
    requires_review: bool = Field(description="No moderator looked at it yet.")

    @classmethod
    def from_row(cls, row: Any) -> Self:
        """A row of `domain.timelines.publishers`."""
        return cls(
            id=str(row["id"]),
            domain=row["domain"],
            trendable=row["allowed"],
            reviewed_at=row["reviewed_at"],
            requires_review=row["allowed"] is None,
        )
