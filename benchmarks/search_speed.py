"""How long it takes to find people, and until what changed is found.

The measure is a bare full-text query on the same data in the same run: absolute figures follow the
machine and whatever else runs on it.
"""

import asyncio
import gzip
import json
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import asyncpg
import httpx

from app.workers.search_index import SearchIndex
from benchmarks import judged_sets
from benchmarks.judged_sets import EXPERTS
from search import words

CONNECTIONS = (1, 16)
# How often each change is looked for.
_SAMPLES = 20
_LONGEST_LAG_SECONDS = 30.0

# The ten best texts that hold any of the words.
_BARE = """
SELECT s.id FROM statuses s
WHERE to_tsvector('simple', fold(s.spoiler_text || ' ' || s.text)) @@ to_tsquery('simple', $1)
ORDER BY ts_rank_cd(
    to_tsvector('simple', fold(s.spoiler_text || ' ' || s.text)), to_tsquery('simple', $1)) DESC
LIMIT 10
"""

Ask = Callable[[str], Awaitable[object]]


class Times(NamedTuple):
    """Milliseconds."""

    p50: float
    p95: float


class Rebuilt(NamedTuple):
    """How many documents were indexed, in how many seconds."""

    documents: int
    seconds: float


class Speed(NamedTuple):
    """`{connections: (people, bare query)}`, and `{change: lag}`."""

    latencies: dict[int, tuple[Times, Times]]
    lags: dict[str, Times]


def renamed(folder: Path, into: Path) -> Path:
    """A copy of a set whose people and statuses no other set has: one server holds several."""
    copy = into / folder.name
    copy.mkdir(parents=True, exist_ok=True)
    for name, keys in (("people", ("id",)), ("statuses", ("id", "person_id"))):
        with gzip.open(copy / f"{name}.jsonl.gz", "wt") as written:
            for row in judged_sets.rows(folder, name):
                row |= {key: f"{folder.name}_{row[key]}" for key in keys}
                written.write(json.dumps(row) + "\n")
    return copy


async def rebuild(index: SearchIndex) -> Rebuilt:
    """Build the indexes beside the database, as `hardop reindex` does."""
    began = time.perf_counter()
    built = await index.rebuild()
    return Rebuilt(sum(built.values()), time.perf_counter() - began)


async def measure(
    url: str, dsn: str, headers: dict[str, str], queries: Sequence[str], *, samples: int = _SAMPLES
) -> Speed:
    """Ask a running server, and its database."""
    async with (
        httpx.AsyncClient(base_url=url, headers=headers, timeout=60) as client,
        asyncpg.create_pool(
            dsn,
            min_size=max(CONNECTIONS),
            max_size=max(CONNECTIONS),
            server_settings={"jit": "off"},
        ) as pool,
    ):
        latencies = {}
        for connections in CONNECTIONS:
            people = await latency(asking(client), queries, connections)
            bare = await latency(lambda q: pool.fetch(_BARE, any_word(q)), queries, connections)
            latencies[connections] = (people, bare)
        return Speed(latencies, await lags(client, samples))


def asking(client: httpx.AsyncClient) -> Ask:
    """Ask for the first page of those who know about it."""

    async def ask(query: str) -> None:
        (await client.get(EXPERTS, params={"q": query})).raise_for_status()

    return ask


def any_word(query: str) -> str:
    """Texts with any of the words, in the language of `to_tsquery`."""
    return " | ".join(f"'{word}'" for word in words.words(query))


async def latency(ask: Ask, queries: Sequence[str], connections: int) -> Times:
    """Ask everything, a first time to warm up, so many at a time."""
    for_all: list[float] = []
    for milliseconds in ([], for_all):
        waiting = iter(queries)
        await asyncio.gather(*(_work(ask, waiting, milliseconds) for _ in range(connections)))
    return _times(for_all)


async def _work(ask: Ask, waiting: Iterator[str], milliseconds: list[float]) -> None:
    for query in waiting:
        began = time.perf_counter()
        await ask(query)
        milliseconds.append((time.perf_counter() - began) * 1000)


async def lags(client: httpx.AsyncClient, samples: int) -> dict[str, Times]:
    """How long after each change those who ask find what is true."""
    found: dict[str, list[float]] = {name: [] for name in ("post", "edit", "delete", "hide")}
    for number in range(samples):
        first, second = (f"zq{place}{number}{time.time_ns()}" for place in "ab")
        posted = await client.post("/api/v1/statuses", json={"status": f"About {first} today"})
        url = f"/api/v1/statuses/{posted.raise_for_status().json()['id']}"
        found["post"].append(await _until(client, first, 1))
        (await client.put(url, json={"status": f"About {second} today"})).raise_for_status()
        found["edit"].append(max(await _until(client, first, 0), await _until(client, second, 1)))
        for is_found in (False, True):
            (
                await client.patch(
                    "/api/v1/accounts/update_credentials", json={"discoverable": is_found}
                )
            ).raise_for_status()
            lag = await _until(client, second, int(is_found))
            if not is_found:
                found["hide"].append(lag)
        (await client.delete(url)).raise_for_status()
        found["delete"].append(await _until(client, second, 0))
    return {name: _times(each) for name, each in found.items()}


async def _until(client: httpx.AsyncClient, query: str, people: int) -> float:
    """Milliseconds until so many are found."""
    began = time.perf_counter()
    while True:
        answer = await client.get(EXPERTS, params={"q": query})
        elapsed = time.perf_counter() - began
        if len(answer.raise_for_status().json()) == people or elapsed > _LONGEST_LAG_SECONDS:
            return elapsed * 1000
        await asyncio.sleep(0.02)


def _times(milliseconds: Sequence[float]) -> Times:
    if len(milliseconds) < 2:
        return Times(milliseconds[0], milliseconds[0])
    quantiles = statistics.quantiles(milliseconds, n=20, method="inclusive")
    return Times(quantiles[9], quantiles[18])


def rebuilding(documents: int, seconds: float) -> str:
    """How long the indexes took."""
    return f"Reindexed {documents:,} documents in {seconds:.0f} s."


def report(speed: Speed) -> str:
    """All of it, as Markdown."""
    lines = [
        "| connections | p50 ms | p95 ms | bare query p50 | p95 | ratio p50 | ratio p95 |",
        "|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for connections, (people, bare) in speed.latencies.items():
        lines.append(
            f"| {connections} | {people.p50:.1f} | {people.p95:.1f} | {bare.p50:.1f} |"
            f" {bare.p95:.1f} | {people.p50 / bare.p50:.1f} | {people.p95 / bare.p95:.1f} |"
        )
    lines += ["", "| until it is found so | p50 ms | p95 ms |", "|---|--:|--:|"]
    lines += [f"| {name} | {lag.p50:.0f} | {lag.p95:.0f} |" for name, lag in speed.lags.items()]
    return "\n".join(lines)
