"""Lists: timelines of chosen people."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import Field

from app.entities.base import Entity, Id, example
from app.models.timelines.lists import RepliesPolicy


class List(Entity):
    """A timeline of some of those you follow."""

    model_config = example(
        {
            "id": "116057013207040333",
            "title": "Laboratory",
            "replies_policy": "list",
            "exclusive": False,
        }
    )

    id: Id = Field(description="Which list.")
    title: str = Field(description="What you called it.")
    replies_policy: RepliesPolicy = Field(
        description="Which replies to others are in it: to members (`list`), to anybody you follow "
        "(`followed`), or `none`."
    )
    exclusive: bool = Field(description="Its members do not come home any more.")

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """From a row of `domain.timelines.lists`."""
        return cls(
            id=str(row["id"]),
            title=row["title"],
            replies_policy=row["replies_policy"],
            exclusive=row["exclusive"],
        )
