"""What those who were found have in common."""

from collections.abc import Mapping, Sequence
from typing import Self

from pydantic import Field

from app.entities.base import Entity, example

_COUNT = {"value": "Laboratory", "count": 3}


class FacetCount(Entity):
    """A value, and how many people have it."""

    model_config = example(_COUNT)

    value: str = Field(description="To be used as a filter.")
    count: int = Field(description="How many people it leaves.")


class ExpertFacets(Entity):
    """The values that filters may take, the most people first, 20 of each at most."""

    model_config = example(
        {
            "unit": [_COUNT],
            "location": [{"value": "Lelystad", "count": 5}],
            "language": [{"value": "nl", "count": 4}],
            "topic": [{"value": "waterquality", "count": 2}],
        }
    )

    unit: list[FacetCount] = Field(description="Where they work.")
    location: list[FacetCount] = Field(description="At which place.")
    language: list[FacetCount] = Field(description="In which languages they said it.")
    topic: list[FacetCount] = Field(description="Hashtags of the evidence, without `#`.")

    @classmethod
    def from_counts(cls, counts: Mapping[str, Sequence[tuple[str, int]]]) -> Self:
        """Of `{facet: [(value, people)]}`."""
        return cls(
            **{
                name: [FacetCount(value=value, count=people) for value, people in counts[name]]
                for name in cls.model_fields
            }
        )
