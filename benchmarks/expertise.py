"""How well people are found by what they know: `python -m benchmarks.expertise SET...`.

Each set (`benchmarks/judged_sets.py`) is imported into an empty server, which is then asked for
every topic; printed are how well it did, and who is favoured. With `--ablation` also what each
ingredient of the formula adds. With `--speed` all sets are in one server instead, and printed is
how long it takes. With `--set HARDOP_MEILISEARCH_URL=...` and its keys Meilisearch answers: its
indexes are built first.
"""

import argparse
import asyncio
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx
from pydantic_core import from_json, to_json

from app import embedded_postgres, migrate
from app.database import Database
from app.postmaster import Postmaster
from app.workers.search_index import SearchIndex
from benchmarks import ablation, fairness, judged_sets, search_speed
from benchmarks.judged_sets import Asked
from benchmarks.processes import all_running
from search.meilisearch_administration import MeilisearchIndexes

MEASURES = ("MAP", "MRR", "nDCG@10", "P@5", "success@1", "success@5")

_URL = "HARDOP_MEILISEARCH_URL"


class Server(NamedTuple):
    """A server that was filled: its database, and who asks."""

    dsn: str
    postgres_pid: int
    headers: dict[str, str]


def main() -> None:
    """Judge the sets, and print tables."""
    options = _options()
    settings = dict(each.split("=", 1) for each in options.settings)
    if options.speed:
        name = "+".join(folder.name for folder in options.sets)
        with _data(options.data and options.data / name) as data:
            _time(options.sets, data, settings)
        return
    print("| set | " + " | ".join(MEASURES) + " | p50 ms | p95 ms |")
    print("|---|" + "--:|" * (len(MEASURES) + 2))
    favoured, ingredients = {}, {}
    for folder in options.sets:
        with (
            _data(options.data and options.data / folder.name) as data,
            _filled(data, [folder]) as server,
        ):
            asked = _asked(server, folder, settings)
            run = (options.runs or data) / f"{folder.name}.run"
            judged_sets.write(run, asked.ranked)
            against = options.against and options.against / run.name
            _print(folder, judged_sets.evaluate(folder, run, against), asked)
            favoured[folder.name] = fairness.slices(folder, asked.ranked)
            if options.ablation:
                ingredients[folder.name] = asyncio.run(ablation.run(server.dsn, folder, data))
    print("\n" + fairness.table(favoured))
    if ingredients:
        print("\n" + ablation.table(ingredients))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.expertise", description=__doc__)
    parser.add_argument("sets", nargs="+", type=Path, metavar="SET")
    parser.add_argument("--runs", type=Path, help="keep the answers here, as SET.run")
    parser.add_argument("--against", type=Path, help="compare with the answers that are here")
    parser.add_argument("--data", type=Path, help="keep the servers here, or use those kept here")
    parser.add_argument("--ablation", action="store_true", help="also without each ingredient")
    parser.add_argument("--speed", action="store_true", help="measure how long it takes")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        dest="settings",
        metavar="NAME=VALUE",
        help="a setting of the server, such as HARDOP_EXPERTISE_SHARPNESS=1",
    )
    return parser.parse_args()


@contextmanager
def _data(kept: Path | None) -> Iterator[Path]:
    """A folder for a server; PostgreSQL runs as somebody else when this runs as root."""
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="hardop-eval-") as made:
        Path(made).chmod(0o711)
        yield Path(made)


@contextmanager
def _filled(data: Path, folders: list[Path]) -> Iterator[Server]:
    """A database with the sets in it."""
    kept = data / "headers"
    with embedded_postgres.running(data) as dsn:
        if not kept.exists():
            kept.write_bytes(to_json(asyncio.run(_fill(dsn, folders))))
        pid = Postmaster(data / "postgresql").pid() or 0
        yield Server(dsn, pid, from_json(kept.read_bytes()))


async def _fill(dsn: str, folders: list[Path]) -> dict[str, str]:
    await migrate.migrate(dsn)
    async with Database(dsn, worker=True) as database:
        return await judged_sets.fill(database, folders)


def _asked(server: Server, folder: Path, settings: dict[str, str]) -> Asked:
    """What the running server answers."""
    if _URL in settings:
        # Other names for another set: they may share one Meilisearch.
        settings = {**settings, "HARDOP_MEILISEARCH_PREFIX": f"eval_{folder.name}_"}
        asyncio.run(_index(server.dsn, settings))
    with all_running(server.dsn, server.postgres_pid, settings) as running:
        asked = asyncio.run(_ask(running.server, server.headers, folder))
        _require_engine(running.server, settings)
    return asked


async def _ask(url: str, headers: dict[str, str], folder: Path) -> Asked:
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:
        return await judged_sets.ask(client, headers, folder)


def _time(folders: list[Path], data: Path, settings: dict[str, str]) -> None:
    """Print how long searching takes, and until what changed is found."""
    renamed = [search_speed.renamed(folder, data / "sets") for folder in folders]
    with _filled(data, renamed) as server:
        if _URL in settings:
            settings = {**settings, "HARDOP_MEILISEARCH_PREFIX": "eval_speed_"}
            print(search_speed.rebuilding(*asyncio.run(_index(server.dsn, settings))) + "\n")
        with all_running(server.dsn, server.postgres_pid, settings) as running:
            timed = search_speed.measure(
                running.server,
                server.dsn,
                server.headers,
                [query for folder in folders for query in judged_sets.queries(folder)],
            )
            print(search_speed.report(asyncio.run(timed)))
            _require_engine(running.server, settings)


async def _index(dsn: str, settings: dict[str, str]) -> search_speed.Rebuilt:
    """Build the indexes in Meilisearch."""
    indexes = MeilisearchIndexes(
        settings[_URL],
        settings.get("HARDOP_MEILISEARCH_INDEX_KEY"),
        settings["HARDOP_MEILISEARCH_PREFIX"],
    )
    async with Database(dsn, worker=True) as database:
        return await search_speed.rebuild(SearchIndex(database, indexes))


def _require_engine(url: str, settings: dict[str, str]) -> None:
    engine = "meilisearch" if _URL in settings else "postgresql"
    said = httpx.get(f"{url}/readyz").json()["search_engine"]
    if said != engine:
        raise SystemExit(f"It was {said} that answered.")


def _print(folder: Path, judged: dict[str, Any], asked: Asked) -> None:
    figures = [f"{judged[name]:.3f}" for name in MEASURES]
    times = statistics.quantiles(asked.milliseconds, n=20)
    print(f"| {' | '.join([folder.name, *figures])} | {times[9]:.0f} | {times[18]:.0f} |")
    for name, change in judged.get("against", {}).items():
        print(f"  {name}: was {change['was']:.3f}, {change['change']:+.3f}, p {change['p']:.3f}")


if __name__ == "__main__":
    main()
