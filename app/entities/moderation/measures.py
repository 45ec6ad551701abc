"""How much happens on the server."""

from typing import Self

from pydantic import Field

from app.domain.moderation import measures
from app.entities.base import Entity, Timestamp, example


class MeasureData(Entity):
    """A figure of one week."""

    date: Timestamp = Field(description="The Monday with which the week begins.")
    value: str = Field(description="The figure, as text.")


class Measure(Entity):
    """A figure of a period, week by week."""

    model_config = example(
        {
            "key": "interactions",
            "unit": None,
            "total": "340",
            "previous_total": "310",
            "data": [{"date": "2026-11-23T00:00:00.000Z", "value": "340"}],
        }
    )

    key: str = Field(description="Which figure.")
    unit: str | None = Field(description="Always null.")
    total: str = Field(description="Of the period, as text.")
    previous_total: str = Field(description="Of the period of the same length before.")
    data: list[MeasureData] = Field(description="Week by week.")

    @classmethod
    def of(cls, key: str, measure: measures.Measure) -> Self:
        """What the domain counted."""
        return cls(
            key=key,
            unit=None,
            total=str(measure.total),
            previous_total=str(measure.previous_total),
            data=[MeasureData(date=date, value=str(value)) for date, value in measure.weeks],
        )
