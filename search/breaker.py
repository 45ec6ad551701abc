"""A breaker: what failed several times in a row is left alone for a while (SE-1)."""

import time
from collections.abc import Callable


class Breaker:
    """Says whether to try. After a pause it lets one through at a time, to see."""

    def __init__(
        self,
        *,
        failures: int = 5,
        pause_seconds: float = 30.0,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit = failures
        self._pause_seconds = pause_seconds
        self._now = now
        self._failures = 0
        self._tried_at = 0.0

    @property
    def is_well(self) -> bool:
        """Whether the last try worked; before the first one, too."""
        return self._failures == 0

    def allows(self) -> bool:
        """Whether to try now."""
        if self._failures < self._limit:
            return True
        if self._now() < self._tried_at + self._pause_seconds:
            return False
        self._tried_at = self._now()
        return True

    def worked(self) -> None:
        """What was tried is well."""
        self._failures = 0

    def failed(self) -> None:
        """What was tried is not."""
        self._failures += 1
        self._tried_at = self._now()
