"""The child processes of `hardop serve`: started, started again when they die, stopped in order."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import typer

_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 30.0
# One that ran this long was healthy: its next end is a new story.
_HEALTHY_SECONDS = 60.0


@dataclass(slots=True)
class Child:
    """One process of ours that shall always run."""

    name: str
    arguments: Sequence[str]
    descriptors: Sequence[int] = ()
    # How long it may take to finish its work.
    stop_seconds: float = 10.0
    process: asyncio.subprocess.Process | None = field(default=None, init=False)
    keeper: "asyncio.Task[None] | None" = field(default=None, init=False)
    starts: int = field(default=0, init=False)


class Children:
    """All child processes of this one. They end when this process does, however it ends."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = {**os.environ, **environment}
        self._children: list[Child] = []
        # Nothing is ever written: that it closes is the message.
        self._lifeline, self._our_end = os.pipe()

    @property
    def lifeline(self) -> int:
        """The descriptor that a child must watch, see `app/cli/lifeline.py`."""
        return self._lifeline

    def add(self, child: Child) -> None:
        """Start `child` and keep it running."""
        self._children.append(child)
        child.keeper = asyncio.create_task(self._keep(child), name=child.name)

    async def stop(self, number: int) -> None:
        """Tell the children to stop by signal `number`, one kind after the other."""
        for name in dict.fromkeys(child.name for child in self._children):
            await asyncio.gather(
                *(_stop(child, number) for child in self._children if child.name == name)
            )

    def kill(self) -> None:
        """End all of them at once."""
        for child in self._children:
            if child.keeper is not None:
                child.keeper.cancel()
            if child.process is not None:
                with suppress(ProcessLookupError):
                    child.process.kill()

    async def _keep(self, child: Child) -> None:
        pause = _FIRST_PAUSE_SECONDS
        while True:
            began = time.monotonic()
            child.process = await asyncio.create_subprocess_exec(
                sys.executable,
                *child.arguments,
                stdin=subprocess.DEVNULL,
                env=self._environment,
                pass_fds=(self._lifeline, *child.descriptors),
                # Out of the terminal's reach: Ctrl-C is for us, and we stop them in order.
                process_group=0,
            )
            child.starts += 1
            code = await child.process.wait()
            if time.monotonic() - began > _HEALTHY_SECONDS:
                pause = _FIRST_PAUSE_SECONDS
            typer.echo(
                f"The {child.name} process ended ({_ending(code)}); "
                f"starting it again in {pause:g} s.",
                err=True,
            )
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)


async def _stop(child: Child, number: int) -> None:
    if child.keeper is not None:
        child.keeper.cancel()
        await asyncio.wait([child.keeper])
    process = child.process
    if process is None or process.returncode is not None:
        return
    with suppress(ProcessLookupError):
        process.send_signal(number)
    try:
        async with asyncio.timeout(child.stop_seconds):
            await process.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def _ending(code: int) -> str:
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name
