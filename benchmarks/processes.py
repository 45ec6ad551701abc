"""The processes of a benchmark: `python -m benchmarks.processes api|floor SOCKET LIFELINE`."""

import asyncio
import dataclasses
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import asyncpg
import httpx
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app import rate_classes
from app.cli import api, lifeline
from benchmarks import floor

SECRET_KEY = "known to everybody, which does not matter here"
# On a busy machine processes take long to start.
_READY_SECONDS = 180.0
_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
_ROOT = Path(__file__).parent.parent


@dataclasses.dataclass(frozen=True, slots=True)
class Running:
    """Everything that is up: where it answers, and who it is."""

    server: str
    floor: str
    api_pid: int
    worker_pid: int
    floor_pid: int
    postgres_pid: int


@contextmanager
def all_running(dsn: str, postgres_pid: int, settings: dict[str, str]) -> Iterator[Running]:
    """The API, the worker and the floor on one database, each a process of its own."""
    with ExitStack() as stack:
        reading, writing = os.pipe()
        # Our children end when we do, however that happens.
        stack.callback(os.close, writing)
        stack.callback(os.close, reading)
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="hardop-bench-"))
        listening = {name: _listen() for name in ("api", "floor")}
        urls = {
            name: f"http://127.0.0.1:{each.getsockname()[1]}" for name, each in listening.items()
        }
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("HARDOP_")},
            "HARDOP_DATABASE_URL": dsn,
            "HARDOP_DATA_DIR": folder,
            "HARDOP_BASE_URL": urls["api"],
            "HARDOP_SECRET_KEY": SECRET_KEY,
            "HARDOP_LOG_LEVEL": "warning",
            "PYTHONPATH": str(_ROOT),
            **settings,
        }

        def start(*arguments: str, descriptors: tuple[int, ...] = ()) -> int:
            process = subprocess.Popen(
                [sys.executable, "-m", *arguments],
                env=environment,
                cwd=folder,  # where no .env lies
                stdin=subprocess.DEVNULL,
                pass_fds=(reading, *descriptors),
            )
            stack.callback(_stop, process)
            return process.pid

        pids = {}
        for name, each in listening.items():
            descriptor = each.fileno()
            pids[name] = start(
                "benchmarks.processes",
                name,
                str(descriptor),
                str(reading),
                descriptors=(descriptor,),
            )
            each.close()
        worker = start("app.cli", "worker", "--lifeline", str(reading))
        for url in urls.values():
            _wait(url)
        yield Running(urls["api"], urls["floor"], pids["api"], worker, pids["floor"], postgres_pid)


def cpu_seconds(pid: int, *, with_children: bool = False) -> float:
    """The processor time a process has taken, on Linux; elsewhere 0."""
    pids = [pid, *(_children(pid) if with_children else [])]
    ticks = 0
    for each in pids:
        try:
            fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        # utime and stime; of the parent also those of children that ended.
        ticks += sum(map(int, fields[11:15] if each == pid else fields[11:13]))
    return ticks / _TICKS_PER_SECOND


def memory_mib(pid: int, *, with_children: bool = False) -> float:
    """Memory of a process, on Linux; what several children share is counted once."""
    pids = [pid, *(_children(pid) if with_children else [])]
    field = "Pss:" if with_children else "Rss:"
    kibibytes = 0
    for each in pids:
        try:
            lines = Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        kibibytes += sum(int(line.split()[1]) for line in lines if line.startswith(field))
    return kibibytes / 1024


async def wait_for_jobs(dsn: str, seconds: float) -> int:
    """Wait until the worker has nothing to do, at most so long; how many jobs are left."""
    connection = await asyncpg.connect(dsn)
    try:
        deadline = time.monotonic() + seconds
        while True:
            left = int(await connection.fetchval("SELECT count(*) FROM jobs.pgqueuer"))
            if not left or time.monotonic() > deadline:
                return left
            await asyncio.sleep(0.2)
    finally:
        await connection.close()


def _children(pid: int) -> list[int]:
    try:
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _listen() -> socket.socket:
    listening = socket.create_server(("127.0.0.1", 0), backlog=2048)
    listening.set_inheritable(True)
    return listening


def _wait(url: str) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while True:
        try:
            httpx.get(f"{url}/", timeout=1)
            return
        except httpx.HTTPError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _serve(name: str, listening: int, parent: int) -> None:
    if name == "api":
        # Requests are counted as always, but never refused.
        for key, rate in rate_classes.CLASSES.items():
            rate_classes.CLASSES[key] = dataclasses.replace(rate, limit=1_000_000_000)
        api.main(listening, parent)
    else:
        lifeline.hold(parent)
        config = api.configuration(
            floor.Floor(os.environ["HARDOP_DATABASE_URL"]), http=HttpToolsProtocol
        )
        uvicorn.Server(config).run(sockets=[socket.socket(fileno=listening)])


if __name__ == "__main__":
    _serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
