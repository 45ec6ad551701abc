"""Asking Meilisearch, within a deadline, and noticing that it is away (SE-1)."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
import structlog
from pydantic import TypeAdapter, ValidationError

from search.breaker import Breaker

# Of the 1.5 s that a search may take, PostgreSQL must have some left.
DEADLINE_SECONDS = 0.7

# What is kept open for the next search.
_CONNECTIONS = httpx.Limits(max_connections=50, max_keepalive_connections=20)

log = structlog.get_logger("search")


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that was found, as far as it was asked for; `text` is its words, folded."""

    id: int
    version: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class _Result:
    hits: list[Hit]


@dataclass(frozen=True, slots=True)
class _Answer:
    results: list[_Result]


_ANSWER = TypeAdapter(_Answer)


class MeilisearchQueries:
    """One pool of connections, used for `POST /multi-search` and for nothing else."""

    def __init__(
        self,
        url: str,
        key: str | None,
        *,
        breaker: Breaker | None = None,
        deadline_seconds: float = DEADLINE_SECONDS,
    ) -> None:
        self._client = httpx.AsyncClient(
            base_url=url,
            headers={"Authorization": f"Bearer {key}"} if key else {},
            timeout=deadline_seconds,
            limits=_CONNECTIONS,
            trust_env=False,
        )
        self._breaker = breaker or Breaker()
        self._deadline_seconds = deadline_seconds

    @property
    def is_well(self) -> bool:
        """Whether it answered the last time."""
        return self._breaker.is_well

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def ask(self, queries: Sequence[Mapping[str, Any]]) -> list[list[Hit]] | None:
        """The hits of each query, best first; None if somebody else has to be asked."""
        if not self._breaker.allows():
            return None
        try:
            async with asyncio.timeout(self._deadline_seconds):
                answer = await self._client.post("/multi-search", json={"queries": queries})
            results = _ANSWER.validate_json(answer.raise_for_status().content).results
            if len(results) != len(queries):
                raise ValueError("not as many results as queries")
        except (httpx.HTTPError, TimeoutError, ValidationError, ValueError) as error:
            if self._breaker.is_well:
                log.warning("meilisearch_away", cause=_cause(error))
            self._breaker.failed()
            return None
        if not self._breaker.is_well:
            log.info("meilisearch_back")
        self._breaker.worked()
        return [result.hits for result in results]


def _cause(error: Exception) -> str:
    """What happened, without what was asked for."""
    if isinstance(error, httpx.HTTPStatusError):
        return f"status {error.response.status_code}"
    return type(error).__name__
