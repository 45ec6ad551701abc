"""`python -m benchmarks.streams`: a thousand open streams on one API process.

Half of them listen to everything public, half to the home of somebody who follows the one who
posts. It reports memory per stream, how long after a post each stream hears of it, and how long the
REST API takes meanwhile. See `docs/benchmarks.md`.
"""

import argparse
import asyncio
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import httpx

from app import clock, embedded_postgres, ids, migrate
from app.postmaster import Postmaster
from app.streaming.hub import MAX_STREAMS_PER_ACCOUNT
from benchmarks.processes import Running, all_running, memory_mib
from benchmarks.seed import Organisation, Sizes, seed

_HEARD = re.compile(rb"benchmark post (\d+)")
_PATIENCE_SECONDS = 30.0

_FOLLOW = """
INSERT INTO follows (id, created_at, account_id, target_account_id, accepted)
SELECT * FROM unnest($1::bigint[], $2::timestamptz[], $3::bigint[], $4::bigint[], $5::boolean[])
ON CONFLICT DO NOTHING
"""


@dataclass(slots=True)
class Hearing:
    """When which stream heard of which post."""

    streams: int = 0
    lost: int = 0
    # `{post: moments}`
    at: dict[int, list[float]] = field(default_factory=dict)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def listen(self, url: str, path: str, token: str, opened: asyncio.Event) -> None:
        """Listen until cancelled."""
        parts = urlsplit(url)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        try:
            writer.write(
                f"GET /api/v1/streaming/{path} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
                f"Authorization: Bearer {token}\r\n\r\n".encode()
            )
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head
            self.streams += 1
            opened.set()
            while line := await reader.readline():
                if line.startswith(b"data:") and (found := _HEARD.search(line)):
                    self.at.setdefault(int(found[1]), []).append(time.perf_counter())
                    self.news.set()
            self.lost += 1
        finally:
            writer.close()

    async def all_heard(self, post: int) -> None:
        """Wait until all streams have heard of a post, but not for ever."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE_SECONDS):
                while len(self.at.get(post, ())) < self.streams - self.lost:
                    self.news.clear()
                    await self.news.wait()


def main() -> None:
    """Seed, open, post, report."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.streams", description=__doc__)
    parser.add_argument("--streams", type=int, default=1_000)
    parser.add_argument("--posts", type=int, default=40)
    options = parser.parse_args()
    people = -(-options.streams // (MAX_STREAMS_PER_ACCOUNT - 1)) + 1
    sizes = Sizes(accounts=people + 10, follows=5, statuses=2_000, home=50, tokens=people)
    with tempfile.TemporaryDirectory(prefix="hardop-bench-") as made:
        # PostgreSQL runs as somebody else when this runs as root.
        folder = Path(made)
        folder.chmod(0o711)
        with embedded_postgres.running(folder) as dsn:
            asyncio.run(migrate.migrate(dsn))
            organisation = asyncio.run(seed(dsn, sizes))
            pid = Postmaster(folder / "postgresql").pid() or 0
            with all_running(dsn, pid, {}) as running:
                asyncio.run(_measure(options, dsn, running, organisation))


async def _measure(
    options: argparse.Namespace, dsn: str, running: Running, organisation: Organisation
) -> None:
    (poster, token), *listeners = organisation.people
    await _follow(dsn, [account for account, _ in listeners], poster)
    async with httpx.AsyncClient(
        base_url=running.server, timeout=30, headers={"Authorization": f"Bearer {token}"}
    ) as client:
        await _reads(client, 50)
        before, quiet = memory_mib(running.api_pid), await _reads(client, 200)
        hearing = Hearing()
        tasks = await _open(hearing, running.server, listeners, options.streams)
        open_ = memory_mib(running.api_pid)
        _say(f"{hearing.streams} streams are open")
        posted, during = await _post(client, hearing, options.posts)
        after = memory_mib(running.api_pid)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    delays = sorted(
        1000 * (moment - posted[post]) for post, moments in hearing.at.items() for moment in moments
    )
    expected = options.streams * options.posts
    print(f"{options.streams} streams, {options.posts} posts, {clock.now():%Y-%m-%d}\n")
    print("| | |\n|---|---:|")
    print(f"| memory per stream, open | {1024 * (open_ - before) / options.streams:.1f} KiB |")
    print(f"| and after all posts | {1024 * (after - before) / options.streams:.1f} KiB |")
    print(f"| events heard | {len(delays)} of {expected} |")
    print(f"| streams lost | {hearing.lost} |")
    print(f"| from posting to hearing, p50 | {_percentile(delays, 50):.0f} ms |")
    print(f"| p95 | {_percentile(delays, 95):.0f} ms |")
    for name, found in (("without streams", quiet), ("while they hear", during)):
        middle, high = _percentile(found, 50), _percentile(found, 95)
        print(f"| home timeline {name}, p50 and p95 | {middle:.1f} and {high:.1f} ms |")


async def _follow(dsn: str, accounts: Sequence[int], target: int) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        count = len(accounts)
        await connection.execute(
            _FOLLOW,
            [ids.new() for _ in accounts],
            [clock.now()] * count,
            list(accounts),
            [target] * count,
            [True] * count,
        )
    finally:
        await connection.close()


async def _open(
    hearing: Hearing, url: str, listeners: Sequence[tuple[int, str]], count: int
) -> "list[asyncio.Task[None]]":
    tasks = []
    for number in range(count):
        _, token = listeners[number % len(listeners)]
        opened = asyncio.Event()
        path = "public" if number % 2 else "user"
        tasks.append(asyncio.create_task(hearing.listen(url, path, token, opened)))
        await asyncio.wait_for(opened.wait(), _PATIENCE_SECONDS)
    return tasks


async def _post(
    client: httpx.AsyncClient, hearing: Hearing, count: int
) -> tuple[dict[int, float], list[float]]:
    """When each post was made, and how long reading took meanwhile."""
    posted, during = {}, []
    for number in range(count):
        posted[number] = time.perf_counter()
        answer = await client.post(
            "/api/v1/statuses", json={"status": f"This is benchmark post {number}"}
        )
        answer.raise_for_status()
        during += await _reads(client, 5)
        await hearing.all_heard(number)
    return posted, during


async def _reads(client: httpx.AsyncClient, count: int) -> list[float]:
    """Milliseconds for a home timeline each."""
    found = []
    for _ in range(count):
        began = time.perf_counter()
        (await client.get("/api/v1/timelines/home")).raise_for_status()
        found.append(1000 * (time.perf_counter() - began))
    return found


def _percentile(values: Sequence[float], percent: int) -> float:
    if len(values) < 2:
        return float("nan")
    return statistics.quantiles(values, n=100)[percent - 1]


def _say(what: str) -> None:
    print(f"... {what}", file=sys.stderr)


if __name__ == "__main__":
    main()
