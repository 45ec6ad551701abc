"""What may trend, for moderators."""

from pydantic import Field

from app.entities.base import Absent, Id, example
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
