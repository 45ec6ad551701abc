"""Confining a process, from the inside (MD-2).

`python -m app.transcoding.confinement MEBIBYTES SECONDS PROGRAM ...` confines itself and becomes
PROGRAM.
"""

import ctypes
import os
import resource
import signal
import sys

_MEBIBYTE = 1024 * 1024
# Of Linux: a user's and a network of one's own, in which there is nothing.
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_SET_PARENT_DEATH_SIGNAL = 1


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


if __name__ == "__main__":
    confine(int(sys.argv[1]), int(sys.argv[2]))
    os.execvp(sys.argv[3], sys.argv[3:])  # noqa: S606 - no shell is what we want
