"""What the server is made of."""

from collections.abc import Sequence
from typing import Self

from pydantic import Field

from app.domain.moderation import dimensions
from app.entities.base import Absent, Entity, example


class DimensionData(Entity):
    """One part."""

    key: str = Field(description="Which part.")
    human_key: str = Field(description="Its name for people.")
    value: str = Field(description="How much it is, as text.")
    unit: Absent[str] = Field(None, description="Of what.")
    human_value: str = Field(description="The value for people.")


class Dimension(Entity):
    """The parts of something, the largest first."""

    model_config = example(
        {
            "key": "languages",
            "data": [{"key": "nl", "human_key": "Dutch", "value": "340", "human_value": "340"}],
        }
    )

    key: str = Field(description="Of what.")
    data: list[DimensionData] = Field(description="Its parts.")

    @classmethod
    def of(cls, key: str, parts: Sequence[dimensions.Part]) -> Self:
        """What the domain found."""
        return cls(
            key=key,
            data=[
                DimensionData(
                    key=part.key,
                    human_key=part.name,
                    value=part.value,
                    unit=part.unit,
                    human_value=f"{part.value} {part.unit}" if part.unit else part.value,
                )
                for part in parts
            ],
        )
