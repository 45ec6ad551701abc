"""`hardop jobs`."""

import asyncio

import typer

from app import workers
from app.cli.connecting import run
from app.settings import Settings

jobs = typer.Typer(help="Look after the queue of jobs.", no_args_is_help=True)


@jobs.callback()
def _jobs() -> None:
    """Look after the queue of jobs."""


@jobs.command("run-pending")
def run_pending() -> None:
    """Run every due job, then exit."""
    run(_drain)


async def _drain(found: Settings) -> None:
    await workers.run(found, stop=asyncio.Event(), drain=True)
