"""What a load balancer is told."""

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field

from app.entities.base import Entity, example


class Readiness(Entity):
    """Whether requests may be sent to this process."""

    model_config = example(
        {
            "status": "ready",
            "checks": {
                "db": "ok",
                "schema": "ok",
                "queue": "behind",
                "disk": "ok",
                "search": "ok",
            },
            "degraded": ["queue"],
            "search_engine": "postgresql",
        }
    )

    status: Literal["ready"] = Field(description="The answer is 503 when it is not.")
    checks: dict[str, str] = Field(description="What was looked at, and `ok` or what it found.")
    degraded: list[str] = Field(description="What does not work as it should.")
    search_engine: Literal["postgresql", "meilisearch"] = Field(
        description="Which one answers searches at present."
    )

    @classmethod
    def from_checks(
        cls, checks: Mapping[str, str], search_engine: Literal["postgresql", "meilisearch"]
    ) -> Self:
        """From what was found, if that is enough to answer requests."""
        degraded = [name for name, state in checks.items() if state != "ok"]
        return cls(
            status="ready", checks=dict(checks), degraded=degraded, search_engine=search_engine
        )


class Liveness(Entity):
    """That the process runs."""

    model_config = example({"status": "alive"})

    status: Literal["alive"] = Field("alive", description="The process answers.")
