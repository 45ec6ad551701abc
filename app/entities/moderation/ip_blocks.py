"""Networks from which less can be done, or nothing."""

from typing import Any, Self

from pydantic import Field

from app.entities.base import Entity, Id, Timestamp, example
from app.models.moderation.ip_blocks import Severity


class IpBlock(Entity):
    """A network, and what becomes of who comes from there."""

    model_config = example(
        {
            "id": "116057013207040912",
            "ip": "203.0.113.0/24",
            "severity": "sign_up_block",
            "comment": "Robots",
            "created_at": "2026-11-20T09:30:00.000Z",
            "expires_at": None,
        }
    )

    id: Id = Field(description="Which block.")
    ip: str = Field(description="The network.")
    severity: Severity = Field(description="What becomes of who comes from there.")
    comment: str = Field(description="Why; for administrators only.")
    created_at: Timestamp = Field(description="Since when.")
    expires_at: Timestamp | None = Field(description="Until when; null means for good.")

    @classmethod
    def from_row(cls, row: Any) -> Self:
        """A row of `domain.moderation.ip_blocks`."""
        return cls(
            id=str(row["id"]),
            ip=row["network"],
            severity=row["severity"],
            comment=row["comment"],
            created_at=row["created_at"],
            expires_at=row["expires_at"],
        )
