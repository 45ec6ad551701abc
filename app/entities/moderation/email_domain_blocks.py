"""Domains whose addresses nobody signs up with."""

from typing import Any, Self

from pydantic import Field

from app.entities.base import Entity, Id, Timestamp, example
from app.entities.statuses.tags import TagHistory


class EmailDomainBlock(Entity):
    """A domain whose addresses are refused."""

    model_config = example(
        {
            "id": "116057013207040910",
            "domain": "throwaway.example",
            "created_at": "2026-11-20T09:30:00.000Z",
            "history": [],
            "allow_with_approval": False,
        }
    )

    id: Id = Field(description="Which block.")
    domain: str = Field(description="The domain; those below it are blocked, too.")
    created_at: Timestamp = Field(description="Since when.")
    history: list[TagHistory] = Field(
        description="Always empty: who tried to sign up in vain is not counted."
    )
    allow_with_approval: bool = Field(description="Moderators may approve of such addresses.")

    @classmethod
    def from_row(cls, row: Any) -> Self:
        """A row of `domain.moderation.email_domain_blocks`."""
        return cls(
            id=str(row["id"]),
            domain=row["domain"],
            created_at=row["created_at"],
            history=[],
            allow_with_approval=row["allow_with_approval"],
        )
