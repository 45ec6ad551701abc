"""Programs that read what strangers made: with little memory, little time and no network (MD-2).

`python -m app.transcoding.sandbox MEBIBYTES SECONDS PROGRAM ...` confines itself and becomes
PROGRAM.
"""

import asyncio
import ctypes
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

_MEBIBYTE = 1024 * 1024
# What is said about a failure is read by nobody; what is made is a few numbers.
_MAX_OUTPUT_BYTES = 64 * 1024
# Of Linux: a user's and a network of one's own, in which there is nothing.
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_SET_PARENT_DEATH_SIGNAL = 1
_GRACE_SECONDS = 30

# One process works on as many files as there are processors; the others wait. What takes minutes is
# done one at a time, and in no place of what takes a moment (QU-2).
_AT_ONCE = asyncio.Semaphore(os.cpu_count() or 1)
_LONG = asyncio.Semaphore(1)


class Unreadable(Exception):
    """The file is broken, or is more than we are ready to spend on it."""


def confine(mebibytes: int, cpu_seconds: int) -> None:
    """Limit what this process may use, for good, and let it end when its parent is killed.

    Whoever waits for an answer goes first.
    """
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_AS, (mebibytes * _MEBIBYTE,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Not every kernel lets us; then the limits above have to do.
    system = ctypes.CDLL(None)
    if hasattr(system, "unshare"):
        system.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
    # After that: who changes what they may do is forgotten by it.
    if hasattr(system, "prctl"):
        system.prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)


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
    return python(__name__, str(mebibytes), str(cpu_seconds), *arguments)


if __name__ == "__main__":
    confine(int(sys.argv[1]), int(sys.argv[2]))
    os.execvp(sys.argv[3], sys.argv[3:])  # noqa: S606 - no shell is what we want
