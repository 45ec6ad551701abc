"""`hardop worker`."""

import asyncio
import signal
from typing import Annotated

import structlog
import typer

from app import logs, settings, workers
from app.cli import lifeline as lifelines
from app.cli.connecting import AWAY, connected, reason
from app.settings import Settings

_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 10.0

_log = structlog.get_logger("worker")


def worker(
    lifeline: Annotated[int | None, typer.Option(hidden=True)] = None,
) -> None:
    """Run jobs until told to stop."""
    if lifeline is not None:
        lifelines.hold(lifeline)
    loaded = settings.load()
    logs.configure(loaded.log_level)
    with connected(loaded, patient=True) as found:
        asyncio.run(_work(found))


async def _work(found: Settings) -> None:
    """Run jobs; after the database was away, go on."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    pause = _FIRST_PAUSE_SECONDS
    while not stop.is_set():
        began = asyncio.get_running_loop().time()
        try:
            await workers.run(found, stop=stop)
        except* AWAY as group:
            _log.warning("unavailable", cause=reason(group.exceptions[0]))
        if asyncio.get_running_loop().time() - began > _LONGEST_PAUSE_SECONDS:
            pause = _FIRST_PAUSE_SECONDS
        try:
            await asyncio.wait_for(stop.wait(), pause)
        except TimeoutError:
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
