"""What a person wants to be spared, and why a status is hidden or behind a warning for them."""

import json
from typing import Any, Literal, Self

from pydantic import Field

from app.entities.base import Absent, Entity, Id, Timestamp, example
from app.models.statuses import filters as models

Context = Literal["home", "notifications", "public", "thread", "account"]
Action = Literal["warn", "hide", "blur"]


class FilterKeyword(Entity):
    """Words that a filter looks for."""

    model_config = example({"id": "116057013207040800", "keyword": "lunch", "whole_word": True})

    id: Id = Field(description="Which keyword.")
    keyword: str = Field(description="Case does not matter.")
    whole_word: bool = Field(description="Not inside of other words.")

    @classmethod
    def from_keyword(cls, keyword: models.FilterKeyword) -> Self:
        """As it is kept."""
        return cls(id=str(keyword.id), keyword=keyword.keyword, whole_word=keyword.whole_word)


class FilterStatus(Entity):
    """A single status that a filter applies to."""

    model_config = example({"id": "116057013207040900", "status_id": "116057013207040512"})

    id: Id = Field(description="Which entry of the filter.")
    status_id: Id = Field(description="Which status.")

    @classmethod
    def from_status(cls, status: models.FilterStatus) -> Self:
        """As it is kept."""
        return cls(id=str(status.id), status_id=str(status.status_id))


class Filter(Entity):
    """What a person does not want to see."""

    model_config = example(
        {
            "id": "116057013207040850",
            "title": "Lunch",
            "context": ["home", "public"],
            "expires_at": None,
            "filter_action": "warn",
            "keywords": [{"id": "116057013207040800", "keyword": "lunch", "whole_word": True}],
            "statuses": [],
        }
    )

    id: Id = Field(description="Which filter.")
    title: str = Field(description="What its owner calls it.")
    context: list[Context] = Field(description="Where it works.")
    expires_at: Timestamp | None = Field(description="When it ends; null means never.")
    filter_action: Action = Field(description="What to do with a match.")
    keywords: Absent[list[FilterKeyword]] = Field(
        None, description="The words it looks for; absent inside of a match."
    )
    statuses: Absent[list[FilterStatus]] = Field(
        None, description="The statuses it applies to; absent inside of a match."
    )

    @classmethod
    def from_row(cls, row: Any) -> Self:
        """From a row of `domain.statuses.filters`."""
        return cls(
            id=str(row["id"]),
            title=row["title"],
            context=row["context"],
            expires_at=row["expires_at"],
            filter_action=row["action"],
            keywords=keywords(row),
            statuses=statuses(row),
        )


def keywords(row: Any) -> list[FilterKeyword]:
    """The keywords in a row of `domain.statuses.filters`."""
    return [
        FilterKeyword(id=id_, keyword=keyword, whole_word=whole_word)
        for id_, keyword, whole_word in json.loads(row["keywords"] or "[]")
    ]


def statuses(row: Any) -> list[FilterStatus]:
    """The statuses in a row of `domain.statuses.filters`."""
    return [
        FilterStatus(id=id_, status_id=status_id)
        for id_, status_id in json.loads(row["statuses"] or "[]")
    ]


class V1Filter(Entity):
    """One keyword of a filter, as older clients know it."""

    model_config = example(
        {
            "id": "116057013207040800",
            "phrase": "lunch",
            "context": ["home"],
            "whole_word": True,
            "irreversible": False,
            "expires_at": None,
        }
    )

    id: Id = Field(description="Which keyword.")
    phrase: str = Field(description="Case does not matter.")
    context: list[Context] = Field(description="Where it works.")
    whole_word: bool = Field(description="Not inside of other words.")
    irreversible: bool = Field(description="What matches is left out by the server.")
    expires_at: Timestamp | None = Field(description="When it ends; null means never.")

    @classmethod
    def from_row(cls, row: Any) -> Self:
        """From a row of `domain.statuses.keyword_filters`."""
        return cls(
            id=str(row["id"]),
            phrase=row["keyword"],
            context=row["context"],
            whole_word=row["whole_word"],
            irreversible=row["action"] == "hide",
            expires_at=row["expires_at"],
        )


class FilterResult(Entity):
    """A filter of yours that a status matches."""

    filter: Filter = Field(description="Which filter.")
    keyword_matches: list[str] | None = Field(description="Which of its words.")
    status_matches: list[Id] | None = Field(description="The status itself, if it was added.")
