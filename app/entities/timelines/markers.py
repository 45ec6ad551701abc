"""How far somebody has read."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import Field

from app.entities.base import Entity, Id, Timestamp, example


class Marker(Entity):
    """How far you have read a timeline, shared by your devices."""

    model_config = example(
        {
            "last_read_id": "116057013207040512",
            "version": 3,
            "updated_at": "2026-11-20T09:30:00.000Z",
        }
    )

    last_read_id: Id = Field(description="The last thing you read.")
    version: int = Field(description="Grows with every change.")
    updated_at: Timestamp = Field(description="When it was last changed.")

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """From a row of `domain.timelines.markers`."""
        return cls(
            last_read_id=str(row["last_read_id"]),
            version=row["version"],
            updated_at=row["updated_at"],
        )
