"""A child process ends when its parent is gone, even if that was killed."""

import os
import signal
import threading

_GRACE_SECONDS = 10.0


def hold(descriptor: int) -> None:
    """End this process as by Ctrl-C once the other end of the pipe `descriptor` is closed.

    Nobody writes to it, and only the parent holds its other end: reading returns at the parent's
    death.
    """
    threading.Thread(target=_wait, args=(descriptor,), name="lifeline", daemon=True).start()


def _wait(descriptor: int) -> None:
    os.read(descriptor, 1)
    os.kill(os.getpid(), signal.SIGINT)
    threading.Timer(_GRACE_SECONDS, os._exit, [1]).start()
