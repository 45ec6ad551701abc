"""The one place that asks what time it is, so that tests can move it."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


def iso(moment: datetime) -> str:
    """`2026-01-02T03:04:05.678Z`, the only form of time that leaves the server.

    Three digits always: command-line clients parse with a mandatory fraction.
    """
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")[:23] + "Z"
