"""The `hardop` command."""

import gc
import signal
import threading

# To start is to make a million objects that stay: looking through them for garbage took a fifth of
# the time. A request leaves little behind.
gc.set_threshold(50_000, 20, 20)


def main() -> None:
    """Run the command line, see `app/cli/commands.py`."""
    # Reading libraries takes a moment, in which Ctrl-C would be told with a traceback. What a
    # script put into the background hears nothing of it.
    hears = (
        threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    )
    if hears:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from app.cli import commands

    if hears:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    commands.run()
