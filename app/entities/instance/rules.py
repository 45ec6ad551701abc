"""Rules of the house."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import Field

from app.entities.base import Absent, Entity, Id, example


class Rule(Entity):
    """A rule of the house."""

    model_config = example(
        {
            "id": "116057013207040900",
            "text": "Ask before you quote a client.",
            "hint": "",
            "translations": {},
        }
    )

    id: Id = Field(description="Which rule.")
    text: str = Field(description="The rule in a sentence.")
    hint: Absent[str] = Field(None, description="What is meant by it.")
    translations: Absent[dict[str, dict[str, str]]] = Field(
        None, description="By language: none, a rule is written in one."
    )

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """From a row with `id`, `text` and `hint`."""
        return cls(id=str(row["id"]), text=row["text"], hint=row["hint"], translations={})
