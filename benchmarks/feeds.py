"""`python -m benchmarks.feeds`: what an unchanged feed costs 100 readers who ask again.

Each reader has another account's feed. Processor time of the process that answers and of
PostgreSQL, for a 304 and for the whole feed, in turn.
"""

import asyncio
import tempfile
from pathlib import Path
from statistics import median

import httpx

from app import embedded_postgres, migrate
from app.postmaster import Postmaster
from benchmarks.processes import Running, all_running, cpu_seconds
from benchmarks.seed import Sizes, seed

READERS = 100
ROUNDS = 5
TIMES = 10


def main() -> None:
    """Print the figures, and the ratio."""
    with tempfile.TemporaryDirectory(prefix="hardop-bench-") as made:
        folder = Path(made)
        # PostgreSQL runs as somebody else when this runs as root.
        folder.chmod(0o711)
        with embedded_postgres.running(folder) as dsn:
            asyncio.run(migrate.migrate(dsn))
            asyncio.run(seed(dsn, Sizes(200, 20, 5_000, 400, 50)))
            postgres_pid = Postmaster(folder / "postgresql").pid() or 0
            with all_running(dsn, postgres_pid, {}) as running:
                asyncio.run(_measure(running))


async def _measure(running: Running) -> None:
    async with httpx.AsyncClient(base_url=running.server, timeout=60) as reader:
        feeds = [f"/@person{number}.atom" for number in range(1, READERS + 1)]
        tags = {path: (await reader.get(path)).headers["etag"] for path in feeds}
        whole, unchanged = [], []
        for _ in range(ROUNDS):
            whole.append(await _ask(running, reader, dict.fromkeys(tags, "none"), 200))
            unchanged.append(await _ask(running, reader, tags, 304))
    full, again = median(whole), median(unchanged)
    print(
        f"A whole feed: {full:.0f} us; 304: {again:.0f} us, {again / full:.2f} of it "
        f"({min(unchanged) / max(whole):.2f} to {max(unchanged) / min(whole):.2f})"
    )


async def _ask(
    running: Running, reader: httpx.AsyncClient, tags: dict[str, str], expected: int
) -> float:
    """Microseconds of one request."""
    before = _used(running)
    for _ in range(TIMES):
        for path, tag in tags.items():
            answer = await reader.get(path, headers={"If-None-Match": tag})
            assert answer.status_code == expected
    return (_used(running) - before) / (TIMES * len(tags)) * 1e6


def _used(running: Running) -> float:
    return cpu_seconds(running.api_pid) + cpu_seconds(running.postgres_pid, with_children=True)


if __name__ == "__main__":
    main()
