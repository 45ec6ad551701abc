"""Addresses nobody signs up with."""

from typing import Any, Self

from pydantic import Field

from app.entities.base import Entity, Id, example


class CanonicalEmailBlock(Entity):
    """An address that is refused, however it is written."""

    model_config = example(
        {
            "id": "116057013207040911",
            "canonical_email_hash": (
                "b344e55d11b3fc25d0d53194e0475838bf17e9be67ce3e6469956222d9a34f9c"
            ),
        }
    )

    id: Id = Field(description="Which block.")
    canonical_email_hash: str = Field(
        description="SHA-256 of the address in lower case, without dots and without what follows "
        "a `+` before the `@`."
    )

    @classmethod
    def from_row(cls, row: Any) -> Self:
        """A row of `domain.moderation.canonical_email_blocks`."""
        return cls(id=str(row["id"]), canonical_email_hash=row["canonical_email_hash"])
