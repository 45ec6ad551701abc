"""Measuring: alternately the server and the floor, and what cannot be driven."""

import asyncio
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass

import httpx

from app.main import create_app
from app.settings import Settings
from benchmarks.load import Measured, Request, drive
from benchmarks.processes import Running, cpu_seconds, wait_for_jobs
from benchmarks.scenarios import HOME, POSTS, Scenario
from benchmarks.seed import Organisation

_JOBS_SECONDS = 60.0
_LAG_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Result:
    """What a scenario showed: medians over the rounds, and processor time per unit of work."""

    scenario: Scenario
    server: Measured
    floor: Measured
    ratio: float
    errors: int
    # Microseconds of the API process and of PostgreSQL.
    server_cpu: tuple[float, float]
    floor_cpu: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Lag:
    """Seconds from posting until it is in a follower's home timeline."""

    p50: float
    p95: float
    samples: int


class Driver:
    """Drives scenarios against what runs."""

    def __init__(self, running: Running, dsn: str) -> None:
        self._running = running
        self._dsn = dsn
        self._start = 0

    async def measure(self, scenario: Scenario, *, rounds: int, seconds: float) -> Result:
        """Alternate: server, floor, server, floor; after a warm-up that is thrown away."""
        running = self._running
        sides = (
            (running.server, scenario.server, running.api_pid),
            (running.floor, scenario.floor, running.floor_pid),
        )
        for url, requests, _ in sides:
            await self._drive(url, requests, min(seconds, 2))
        measured: list[list[Measured]] = [[], []]
        used: list[list[tuple[float, float]]] = [[], []]
        for _ in range(rounds):
            for side, (url, requests, pid) in enumerate(sides):
                if scenario.writes:
                    await wait_for_jobs(self._dsn, _JOBS_SECONDS)
                before = cpu_seconds(pid), cpu_seconds(running.postgres_pid, with_children=True)
                found = await self._drive(url, requests, seconds)
                after = cpu_seconds(pid), cpu_seconds(running.postgres_pid, with_children=True)
                units = max(found.requests / scenario.calls, 1)
                measured[side].append(found)
                used[side].append(
                    ((after[0] - before[0]) / units * 1e6, (after[1] - before[1]) / units * 1e6)
                )
        ratios = [
            server.per_second / floor.per_second for server, floor in zip(*measured, strict=True)
        ]
        return Result(
            scenario,
            _median(measured[0]),
            _median(measured[1]),
            statistics.median(ratios),
            sum(each.errors for side in measured for each in side),
            _middle(used[0]),
            _middle(used[1]),
        )

    async def _drive(self, url: str, requests: Sequence[Request], seconds: float) -> Measured:
        # Each drive goes on where the last one ended, more or less.
        self._start += 7
        return await asyncio.to_thread(drive, url, requests, seconds, start=self._start)


async def lag(server: httpx.AsyncClient, organisation: Organisation, samples: int) -> Lag:
    """Post, and look at a follower's home timeline until it is there."""
    found = []
    for number in range(samples):
        follower, followed = organisation.pairs[number % len(organisation.pairs)]
        posted = await server.post(
            POSTS, headers=_bearer(followed), data={"status": f"Is it there yet? {number}"}
        )
        posted.raise_for_status()
        began = time.perf_counter()
        wanted = posted.json()["id"]
        while True:
            home = await server.get(HOME, headers=_bearer(follower))
            elapsed = time.perf_counter() - began
            if any(status["id"] == wanted for status in home.json()) or elapsed > _LAG_SECONDS:
                break
            await asyncio.sleep(0.005)
        found.append(elapsed)
    found.sort()
    return Lag(found[len(found) // 2], found[len(found) * 95 // 100], samples)


async def statements(settings: Settings, found: Sequence[Scenario]) -> dict[str, float]:
    """How many statements one unit of each scenario sends, once it is warm: `{name: count}`.

    Counted in a process where nothing else happens; BEGIN and COMMIT count too.
    """
    sent: list[str] = []

    app = create_app(settings, log_statement=sent.append)
    counts = {}
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app), base_url=settings.origin
        ) as client,
    ):
        for scenario in found:
            asked = scenario.server[: 10 * scenario.calls]
            for request in asked:
                await send(client, request)
            sent.clear()
            for request in asked:
                await send(client, request)
            counts[scenario.name] = len(sent) / len(asked) * scenario.calls
    return counts


async def send(client: httpx.AsyncClient, request: Request) -> httpx.Response:
    """The answer to one request of a scenario, which must be a good one."""
    headers = _bearer(request.token)
    if request.body:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    answer = await client.request(
        request.method, request.path, headers=headers, content=request.body or None
    )
    answer.raise_for_status()
    return answer


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _median(rounds: Sequence[Measured]) -> Measured:
    return sorted(rounds, key=lambda each: each.per_second)[len(rounds) // 2]


def _middle(used: Sequence[tuple[float, float]]) -> tuple[float, float]:
    return statistics.median(each[0] for each in used), statistics.median(each[1] for each in used)
