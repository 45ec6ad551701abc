"""`python -m benchmarks`: seed, start, drive, report. See `docs/benchmarks.md`."""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

import httpx

from app import embedded_postgres, migrate
from app.postmaster import Postmaster
from app.settings import Settings
from benchmarks import floor, measuring, reporting
from benchmarks.processes import SECRET_KEY, Running, all_running, memory_mib
from benchmarks.scenarios import NAMES, recorded, scenarios
from benchmarks.seed import Organisation, Sizes, seed

_SEEDED = "organisation.json"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    sizes = Sizes()
    for name, size in asdict(sizes).items():
        parser.add_argument(f"--{name}", type=int, default=None, help=f"default {size}")
    parser.add_argument("--quick", action="store_true", help="small and short: a minute at most")
    parser.add_argument("--rounds", type=int, default=None, help="of server and floor, default 5")
    parser.add_argument("--seconds", type=int, default=None, help="of one drive, default 4")
    parser.add_argument("--only", choices=NAMES, action="append", help="this scenario only")
    parser.add_argument(
        "--data-dir", type=Path, help="keep what is seeded here, or use what was seeded here"
    )
    parser.add_argument(
        "--hold", action="store_true", help="serve until Ctrl-C, for a profiler; drive nothing"
    )
    return parser.parse_args()


def main() -> None:
    """Run the benchmark."""
    options = _options()
    base = Sizes(200, 20, 5_000, 400, 50) if options.quick else Sizes()
    given = {name: getattr(options, name) for name in asdict(base)}
    sizes = replace(base, **{name: size for name, size in given.items() if size is not None})
    with _folder(options.data_dir) as folder, embedded_postgres.running(folder) as dsn:
        organisation = _seeded(folder, dsn, sizes)
        postgres_pid = Postmaster(folder / "postgresql").pid() or 0
        with all_running(dsn, postgres_pid, {}) as running:
            try:
                asyncio.run(_run(options, organisation, sizes, dsn, running))
            except KeyboardInterrupt:
                sys.exit(130)


async def _run(
    options: argparse.Namespace,
    organisation: Organisation,
    sizes: Sizes,
    dsn: str,
    running: Running,
) -> None:
    wanted = options.only or NAMES
    found = [each for each in scenarios(organisation) if each.name in wanted]
    async with httpx.AsyncClient(base_url=running.server, timeout=30) as server:
        if {"home", "conversation", "search"} & set(wanted):
            await floor.fill(dsn, server, organisation.people, recorded(found))
        if options.hold:
            print(
                f"API {running.api_pid} at {running.server}, floor {running.floor_pid} at "
                f"{running.floor}; tokens in {_SEEDED}",
                file=sys.stderr,
            )
            await asyncio.Event().wait()
        settings = Settings(
            _env_file=None,
            database_url=dsn,
            base_url=running.server,
            secret_key=SECRET_KEY,
            rate_limits="off",
        )
        _say("counting statements")
        counted = await measuring.statements(settings, found)
        driver = measuring.Driver(running, dsn)
        results = []
        lag = None
        for scenario in found:
            if scenario.writes:
                _say("fan-out lag")
                lag = await measuring.lag(server, organisation, 10 if options.quick else 40)
            _say(scenario.title)
            results.append(
                await driver.measure(
                    scenario,
                    rounds=options.rounds or (3 if options.quick else 5),
                    seconds=options.seconds or (1 if options.quick else 4),
                )
            )
    memory = {
        "API": memory_mib(running.api_pid),
        "worker": memory_mib(running.worker_pid),
        "PostgreSQL": memory_mib(running.postgres_pid, with_children=True),
    }
    print(reporting.heading(sizes))
    print(reporting.table(results, counted))
    print(reporting.rest(lag, memory))


def _seeded(folder: Path, dsn: str, sizes: Sizes) -> Organisation:
    file = folder / _SEEDED
    if file.exists():
        _say(f"using what was seeded in {folder}")
        return Organisation.read(file)
    began = time.monotonic()
    _say("seeding")
    asyncio.run(migrate.migrate(dsn))
    organisation = asyncio.run(seed(dsn, sizes))
    organisation.write(file)
    _say(f"seeded in {time.monotonic() - began:.0f} s")
    return organisation


@contextmanager
def _folder(given: Path | None) -> Iterator[Path]:
    if given is not None:
        given.mkdir(parents=True, exist_ok=True)
        yield given.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="hardop-bench-") as made:
        # PostgreSQL runs as somebody else when this runs as root.
        Path(made).chmod(0o711)
        yield Path(made)


def _say(what: str) -> None:
    print(f"... {what}", file=sys.stderr)


if __name__ == "__main__":
    main()
