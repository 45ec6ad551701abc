"""Private feeds: addresses for one's own feed reader."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import Field

from app.entities.base import Absent, Day, Entity, Id, Timestamp, Url, example
from app.models.timelines.private_feeds import PrivateFeedKind


class PrivateFeed(Entity):
    """An address under which a feed reader reads what you may read."""

    model_config = example(
        {
            "id": "116057013207040700",
            "kind": "topic",
            "list_id": None,
            "query": "nitrate sensors",
            "created_at": "2026-02-12T09:30:00.000Z",
            "last_used_on": "2026-02-13",
        }
    )

    id: Id = Field(description="Which feed.")
    kind: PrivateFeedKind = Field(description="What it holds.")
    list_id: Id | None = Field(description="Of which list.")
    query: str | None = Field(description="What is searched for, or the topic.")
    created_at: Timestamp = Field(description="When it was made.")
    last_used_on: Day | None = Field(description="The day it was read last.")
    url: Absent[Url] = Field(
        None,
        description="Where it is, as Atom; `.rss` and `.json` in place of `.atom` are the others. "
        "Only told when it is made: nobody can look it up later.",
    )

    @classmethod
    def from_row(cls, row: Mapping[str, Any], url: str | None = None) -> Self:
        """From a row of `domain.timelines.private_feeds`."""
        return cls(
            id=str(row["id"]),
            kind=row["kind"],
            list_id=str(row["list_id"]) if row["list_id"] else None,
            query=row["query"],
            created_at=row["created_at"],
            last_used_on=row["last_used_on"],
            url=url,
        )
