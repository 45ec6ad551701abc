"""The one place that asks what time it is, so that it can be moved: for tests, and for a demo."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_moved: ContextVar[datetime | None] = ContextVar("moved", default=None)


def now() -> datetime:
    """The present moment, in UTC."""
    return _moved.get() or datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let it be `moment` for what the block does, and for nobody else."""
    token = _moved.set(moment)
    try:
        yield
    finally:
        _moved.reset(token)


def iso(moment: datetime) -> str:
    """`2026-01-02T03:04:05.678Z`, the only form of time that leaves the server.

    Three digits always: command-line clients parse with a mandatory fraction.
    """
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")[:23] + "Z"
