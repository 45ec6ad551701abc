"""How many of those who came still take part."""

from typing import Literal, Self

from pydantic import Field

from app.domain.moderation import cohorts
from app.entities.base import Entity, Timestamp, example


class CohortData(Entity):
    """How many took part in a month."""

    date: Timestamp = Field(description="The month.")
    rate: float = Field(description="Their share of those who came, from 0 to 1.")
    value: str = Field(description="How many, as text.")


class Cohort(Entity):
    """Those who came in a month, and how many of them took part in it and in those after it."""

    model_config = example(
        {
            "period": "2026-10-01T00:00:00.000Z",
            "frequency": "month",
            "data": [{"date": "2026-10-01T00:00:00.000Z", "rate": 0.8, "value": "40"}],
        }
    )

    period: Timestamp = Field(description="The month in which they came.")
    frequency: Literal["month"] = Field(description="Always by month.")
    data: list[CohortData] = Field(description="Month by month.")

    @classmethod
    def of(cls, cohort: cohorts.Cohort) -> Self:
        """What the domain counted."""
        return cls(
            period=cohort.month,
            frequency="month",
            data=[
                CohortData(date=month, rate=rate, value=str(people))
                for month, people, rate in cohort.months
            ],
        )
