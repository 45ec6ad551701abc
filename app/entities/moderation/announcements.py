"""Announcements, for those who write them."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import Field

from app.entities.base import Entity, Id, Timestamp, example


class AdminAnnouncement(Entity):
    """A notice as it was written, with when it is shown."""

    model_config = example(
        {
            "id": "116057013207040800",
            "text": "This week we share what went wrong.",
            "starts_at": None,
            "ends_at": None,
            "all_day": False,
            "published_at": "2026-11-20T09:30:00.000Z",
            "updated_at": "2026-11-20T09:30:00.000Z",
        }
    )

    id: Id = Field(description="Which announcement.")
    text: str = Field(description="As it was written.")
    starts_at: Timestamp | None = Field(description="When what it is about begins.")
    ends_at: Timestamp | None = Field(description="When it is over.")
    all_day: bool = Field(description="Clients show days, not times.")
    published_at: Timestamp = Field(description="From when on it is shown.")
    updated_at: Timestamp = Field(description="When it was last changed.")

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """From the columns of an announcement."""
        return cls(**{**{name: row[name] for name in cls.model_fields}, "id": str(row["id"])})
