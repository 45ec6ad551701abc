"""The `hardop` command."""

import gc
import signal
import threading

# To start is to make a million objects that stay: looking through them for garbage took a fifth of
# the time. A request leaves little behind.
gc.set_threshold(50_000, 20, 20)


def main() -> None:
    """Run the command line, see `app/cli/commands.py`."""
    # Reading libraries takes a moment, in which Ctrl-C would be told with a traceback.
    is_main = threading.current_thread() is threading.main_thread()
    if is_main:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from app.cli import commands

    if is_main:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    commands.run()
