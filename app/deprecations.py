"""What clients should no longer use, and until when they can: one declaration per operation.

    @router.get("/old")
    @deprecations.deprecated(since=date(2026, 11, 1), instead="get_new")
    @access.user("read")

The route sends `Deprecation` (RFC 9745) and, if there is an end, `Sunset` (RFC 8594); the contract
says the same. The policy is in `docs/api-stability.md`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from typing import Any, TypeVar

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Deprecation:
    """Since when an operation is deprecated, by which other one, and when it goes away."""

    since: date
    instead: str
    sunset: date | None

    def headers(self) -> dict[str, str]:
        """What every answer of the operation carries."""
        headers = {"Deprecation": f"@{int(_midnight(self.since).timestamp())}"}
        if self.sunset is not None:
            headers["Sunset"] = format_datetime(_midnight(self.sunset), usegmt=True)
        return headers


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def deprecated(
    *, since: date, instead: str, sunset: date | None = None
) -> Callable[[Endpoint], Endpoint]:
    """Mark an endpoint. `instead` is the `operationId` of what does the same."""

    def mark(endpoint: Endpoint) -> Endpoint:
        endpoint.__deprecation__ = Deprecation(since, instead, sunset)  # type: ignore[attr-defined]
        return endpoint

    return mark


def of(endpoint: Callable[..., Any]) -> Deprecation | None:
    """The declaration of an endpoint, if it has one."""
    declared: Deprecation | None = getattr(endpoint, "__deprecation__", None)
    return declared
