"""What an operator watches, in Prometheus' text format. No ids, no names of people (LO-3).

Requests are counted in a dictionary and only turned into samples when somebody asks.
"""

import asyncio
import contextlib
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from app.database import Database
from app.load import Load
from app.rate_limits import RateLimits
from app.streaming.hub import Hub
from search.engines import SearchEngine

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
QUEUE_SECONDS = 1.0

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_BOUNDS = (*map(str, _BUCKETS), "+Inf")

# How long ago the search engine outside the database was up to date; no row if there is none.
_SEARCH = """
SELECT extract(epoch FROM now() - reached_at)::float8 AS behind_seconds FROM search_progress
"""

_QUEUES = """
SELECT entrypoint, status::text AS status, count(*) AS depth,
       greatest(extract(epoch FROM now() - min(execute_after)), 0)::float8 AS oldest
FROM jobs.pgqueuer GROUP BY entrypoint, status
"""


class Metrics:
    """The figures of one application."""

    def __init__(
        self,
        database: Database,
        limits: RateLimits,
        load: Load,
        hub: Hub,
        engine: SearchEngine,
    ) -> None:
        self._database = database
        self._limits = limits
        self._load = load
        self._hub = hub
        self._engine = engine
        # {(route, method, status): [requests in each bucket ..., seconds]}
        self._requests: dict[tuple[str, str, int], list[float]] = {}
        self._queues: Sequence[Mapping[str, object]] | None = None
        self._search: Sequence[Mapping[str, object]] = ()
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(_Figures(self))

    def observe(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count an answered request; `route` is a template, so that there are few of them."""
        counts = self._requests.get((route, method, status))
        if counts is None:
            counts = self._requests[route, method, status] = [0.0] * (len(_BUCKETS) + 2)
        counts[bisect_left(_BUCKETS, seconds)] += 1
        counts[-1] += seconds

    async def text(self) -> bytes:
        """All figures. Those of the queue are missing while the database is away."""
        self._queues = None
        with contextlib.suppress(Exception):
            async with asyncio.timeout(QUEUE_SECONDS):
                self._queues = await self._database.fetch(_QUEUES)
                self._search = await self._database.fetch(_SEARCH)
        return generate_latest(self._registry)

    def families(self) -> Iterator[Metric]:
        """The samples of this moment."""
        yield from self._of_requests()
        yield from self._of_process()
        yield from self._of_queues()
        yield from self._of_search()

    def _of_requests(self) -> Iterator[Metric]:
        requests = CounterMetricFamily(
            "hardop_requests", "Answered requests.", labels=("route", "method", "status")
        )
        seconds = HistogramMetricFamily(
            "hardop_request_seconds", "Time to answer.", labels=("route", "method")
        )
        refused = CounterMetricFamily("hardop_auth_failures", "Answers that were 401.")
        latencies: dict[tuple[str, str], list[float]] = {}
        failures = 0.0
        for (route, method, status), counts in self._requests.items():
            requests.add_metric((route, method, str(status)), sum(counts[:-1]))
            kept = latencies.setdefault((route, method), [0.0] * len(counts))
            for index, count in enumerate(counts):
                kept[index] += count
            if status == 401:
                failures += sum(counts[:-1])
        for labels, counts in latencies.items():
            buckets, below = [], 0.0
            for bound, count in zip(_BOUNDS, counts, strict=False):
                below += count
                buckets.append((bound, below))
            seconds.add_metric(labels, buckets, sum_value=counts[-1])
        refused.add_metric((), failures)
        yield from (requests, seconds, refused)

    def _of_process(self) -> Iterator[Metric]:
        yield GaugeMetricFamily("hardop_requests_in_work", "Requests in work.", self._load.in_work)
        yield CounterMetricFamily(
            "hardop_requests_shed", "Refused for want of time.", self._load.refused
        )
        streams = GaugeMetricFamily("hardop_streams", "Open streams.", labels=("kind",))
        for kind, number in self._hub.open.items():
            streams.add_metric((kind,), number)
        yield streams
        hits = CounterMetricFamily(
            "hardop_rate_limit_hits", "Requests over a rate limit.", labels=("class",)
        )
        for name, count in self._limits.refusals.items():
            hits.add_metric((name,), count)
        yield hits
        pool = GaugeMetricFamily(
            "hardop_database_connections", "Connections to the database.", labels=("what",)
        )
        for what, number in self._database.pool_state().items():
            pool.add_metric((what,), number)
        yield pool

    def _of_queues(self) -> Iterator[Metric]:
        up = self._queues is not None
        yield GaugeMetricFamily("hardop_database_up", "1 if the database answers.", int(up))
        depth = GaugeMetricFamily(
            "hardop_queue_jobs", "Jobs by queue and state.", labels=("queue", "state")
        )
        oldest = GaugeMetricFamily(
            "hardop_queue_oldest_seconds", "Age of the oldest job.", labels=("queue", "state")
        )
        for row in self._queues or ():
            labels = (str(row["entrypoint"]), str(row["status"]))
            depth.add_metric(labels, float(str(row["depth"])))
            oldest.add_metric(labels, float(str(row["oldest"])))
        yield from (depth, oldest)

    def _of_search(self) -> Iterator[Metric]:
        engine = GaugeMetricFamily(
            "hardop_search_engine", "1 for the engine that answers searches.", labels=("engine",)
        )
        engine.add_metric((self._engine.answers_by,), 1)
        yield engine
        for row in self._search:
            yield GaugeMetricFamily(
                "hardop_search_behind_seconds",
                "How long ago the search indexes were up to date.",
                float(str(row["behind_seconds"])),
            )


class _Figures(Collector):
    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def collect(self) -> Iterator[Metric]:
        return self._metrics.families()
