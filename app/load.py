"""Load shedding: what cannot be answered in time is refused at once (RL-4)."""

import asyncio
import os
import random
from collections import deque

from app.errors import Unavailable

PER_CPU = 8
BACKLOG_FACTOR = 8
MAX_WAIT_SECONDS = 5.0
_RETRY_AFTER_SECONDS = (1, 30)


class Load:
    """How many requests one process works on; the next ones wait, then are refused."""

    def __init__(
        self, in_work: int | None = None, max_wait_seconds: float = MAX_WAIT_SECONDS
    ) -> None:
        self._limit = in_work or PER_CPU * (os.cpu_count() or 1)
        self._backlog = self._limit * BACKLOG_FACTOR
        self._max_wait_seconds = max_wait_seconds
        self._waiting: deque[asyncio.Future[None]] = deque()
        self.in_work = 0
        self.refused = 0

    def enter_at_once(self) -> bool:
        """Take a place if one is free and nobody waits for it."""
        if self.in_work < self._limit and not self._waiting:
            self.in_work += 1
            return True
        return False

    async def enter(self) -> None:
        """Take a place, waiting for it if need be.

        Raises:
            Unavailable: too many wait already, or this one has waited too long.
        """
        if self.enter_at_once():
            return
        if len(self._waiting) >= self._backlog:
            raise self._refusal()
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        try:
            async with asyncio.timeout(self._max_wait_seconds):
                await place
        except TimeoutError:
            self._give_up(place)
            raise self._refusal() from None
        except BaseException:
            self._give_up(place)
            raise

    def leave(self) -> None:
        """Give the place to whoever has waited longest."""
        while self._waiting:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(None)
                return
        self.in_work -= 1

    def _give_up(self, place: asyncio.Future[None]) -> None:
        if place.done() and not place.cancelled():
            # It was given in the same moment.
            self.leave()
        elif place in self._waiting:
            self._waiting.remove(place)

    def _refusal(self) -> Unavailable:
        self.refused += 1
        return Unavailable(retry_after_seconds=random.randint(*_RETRY_AFTER_SECONDS))  # noqa: S311 - not a secret
