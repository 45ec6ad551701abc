"""Programs that read what strangers made: with little memory, little time and no network (MD-2)."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from app.transcoding import confinement

# What is said about a failure is read by nobody; what is made is a few numbers.
_MAX_OUTPUT_BYTES = 64 * 1024
_GRACE_SECONDS = 30

# One process works on as many files as there are processors; the others wait. What takes minutes is
# done one at a time, and in no place of what takes a moment (QU-2).
_AT_ONCE = asyncio.Semaphore(os.cpu_count() or 1)
_LONG = asyncio.Semaphore(1)


class Unreadable(Exception):
    """The file is broken, or is more than we are ready to spend on it."""


async def run(
    arguments: Sequence[str], folder: Path, *, seconds: float, is_long: bool = False
) -> bytes:
    """What a confined program says. It works in `folder`, with nothing of our environment.

    `seconds` is what it may compute; it is given a little more to wait. `is_long`: that may well be
    minutes.

    Raises:
        Unreadable: it failed, or was stopped at one of its limits.
    """
    async with _LONG if is_long else _AT_ONCE:
        process = await asyncio.create_subprocess_exec(
            *arguments,
            cwd=folder,
            env={"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(seconds + _GRACE_SECONDS):
                assert process.stdout is not None
                said = b""
                while part := await process.stdout.read(_MAX_OUTPUT_BYTES):
                    said += part
                    if len(said) > _MAX_OUTPUT_BYTES:
                        raise Unreadable("too talkative")
                code = await process.wait()
        except TimeoutError:
            raise Unreadable("too slow") from None
        finally:
            if process.returncode is None:
                os.killpg(process.pid, signal.SIGKILL)
                await process.wait()
    if code != 0:
        raise Unreadable(f"exit code {code}")
    return said


def python(module: str, *arguments: str) -> list[str]:
    """The command that runs a module of ours, which confines itself."""
    return [sys.executable, "-I", "-m", module, *arguments]


def program(arguments: Sequence[str], *, mebibytes: int, cpu_seconds: int) -> list[str]:
    """The command that runs somebody else's program, confined."""
    return python(confinement.__name__, str(mebibytes), str(cpu_seconds), *arguments)
