"""What this server says of itself at length."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import Field

from app import clock
from app.entities.base import Absent, Day, Entity, Html, Timestamp, example
from app.rendering.html import clean_html


class ExtendedDescription(Entity):
    """A longer text about this server."""

    model_config = example({"updated_at": None, "content": ""})

    updated_at: Timestamp | None = Field(description="When it was last changed.")
    content: Html = Field(description="Empty when nobody wrote one.")

    @classmethod
    def from_row(cls, row: Mapping[str, Any] | None) -> Self:
        """From a row of `domain.instance.instance_texts`, or for want of one."""
        if row is None:
            return cls(updated_at=None, content="")
        return cls(updated_at=row["created_at"], content=clean_html(row["html"]))


class TermsOfService(Entity):
    """The terms of using this server, as they are valid from a day on."""

    model_config = example(
        {"effective_date": "2026-12-01", "effective": True, "content": "<p>Be kind.</p>"}
    )

    effective_date: Day = Field(description="From when on.")
    effective: bool = Field(description="That day has come.")
    content: Html = Field(description="The terms.")
    succeeded_by: Absent[Day] = Field(None, description="From when on others are valid.")

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """From a row of `domain.instance.instance_texts`."""
        return cls(
            effective_date=row["effective_on"],
            effective=row["effective_on"] <= clock.now().date(),
            content=clean_html(row["html"]),
            succeeded_by=row["succeeded_on"],
        )
