"""Why a status is hidden or behind a warning for its reader."""

from typing import Literal

from pydantic import Field

from app.entities.base import Entity, Id, Timestamp


class Filter(Entity):
    """What a person does not want to see."""

    id: Id = Field(description="Which filter.")
    title: str = Field(description="What its owner calls it.")
    context: list[Literal["home", "notifications", "public", "thread", "account"]] = Field(
        description="Where it works."
    )
    expires_at: Timestamp | None = Field(description="When it ends; null means never.")
    filter_action: Literal["warn", "hide", "blur"] = Field(description="What to do with a match.")


class FilterResult(Entity):
    """A filter of yours that a status matches."""

    filter: Filter = Field(description="Which filter.")
    keyword_matches: list[str] | None = Field(description="Which of its words.")
    status_matches: list[Id] | None = Field(description="The status itself, if it was added.")
