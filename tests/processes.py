"""Real `hardop` processes for tests: started, asked, killed."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from app.postmaster import Postmaster

Found = TypeVar("Found")

HARDOP = Path(sys.executable).parent / "hardop"

_START_SECONDS = 60.0
_STOP_SECONDS = 30.0
_POLL_SECONDS = 0.02
_LISTENS = re.compile(r"listens on (http://\S+)")


class Server:
    """`hardop serve` as a process of its own, with everything it starts."""

    def __init__(self, data_dir: Path, arguments: tuple[str, ...], environment: dict[str, str]):
        self.data_dir = data_dir
        self.log = data_dir.parent / f"{data_dir.name}.log"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("HARDOP_")},
            "HARDOP_DATA_DIR": str(data_dir),
            # Nobody waits behind a load balancer here.
            "HARDOP_DRAIN_SECONDS": "0",
            **environment,
        }
        self.url = ""
        self._arguments = arguments
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it says where it listens."""
        # Only what is printed from now on tells about this start.
        begin = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                [HARDOP, "serve", *self._arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # Away from whatever `.env` lies around.
                cwd=self.data_dir.parent,
                env=self.environment,
                process_group=0,
            )
        self.url = until(lambda: self._listens(begin), _START_SECONDS)

    def hardop(self, *arguments: str) -> str:
        """What `hardop ARGUMENTS` prints, given the settings of this server."""
        environment = {"HARDOP_BASE_URL": self.url, **self.environment}
        return run_hardop(*arguments, environment=environment, cwd=self.data_dir.parent)

    def pids(self, kind: str = "") -> list[int]:
        """The processes below the first one; with `kind`, the "API" ones or the "worker" ones."""
        assert self._process is not None
        found = _descendants(self._process.pid)
        words = {"API": "app.cli.api", "worker": "app.cli worker", "": ""}[kind]
        return [pid for pid in found if words in _command_line(pid)]

    def postmaster(self) -> int:
        """The number of the embedded PostgreSQL's first process."""
        return until(lambda: Postmaster(self.data_dir.resolve() / "postgresql").pid(), 5.0)

    def kill(self) -> None:
        """End everything at once, the database included, as a power cut would."""
        assert self._process is not None
        doomed = [self._process.pid, *self.pids()]
        embedded = Postmaster(self.data_dir.resolve() / "postgresql")
        pid = embedded.pid()
        if pid is not None and embedded.is_running(pid):
            doomed += [pid, *_descendants(pid)]
        for number in dict.fromkeys(doomed):
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        self._process.wait(_STOP_SECONDS)

    def stop(self) -> int:
        """Stop as Ctrl-C does; returns the exit code."""
        if self._process is None or self._process.poll() is not None:
            return 0 if self._process is None else self._process.returncode
        self._process.send_signal(signal.SIGINT)
        try:
            return self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"hardop serve does not stop:\n{self.printed()}") from None

    def printed(self) -> str:
        """All that the processes said."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def _listens(self, begin: int) -> str:
        assert self._process is not None
        said = self.log.read_bytes()[begin:].decode(errors="replace")
        if self._process.poll() is not None:
            raise AssertionError(
                f"hardop serve ended, exit code {self._process.returncode}:\n{said}"
            )
        found = _LISTENS.search(said)
        return found[1] if found else ""


@contextmanager
def running_server(
    *arguments: str, data_dir: Path | None = None, **environment: str
) -> Iterator[Server]:
    """`hardop serve` on a free port, while the block lasts.

    `environment` holds settings: `running_server(HARDOP_REGISTRATION="open")`. Without `data_dir`
    the data are gone afterwards.
    """
    with tempfile.TemporaryDirectory(
        prefix="hardop-test-", ignore_cleanup_errors=True
    ) as temporary:
        # PostgreSQL runs as somebody else when the suite runs as root.
        Path(temporary).chmod(0o711)
        given = arguments if "--port" in arguments else ("--port", "0", *arguments)
        server = Server(data_dir or Path(temporary) / "data", given, environment)
        try:
            server.start()
            yield server
        finally:
            server.stop()


def run_hardop(*arguments: str, environment: dict[str, str], cwd: Path) -> str:
    """What the command prints on stdout.

    Raises:
        AssertionError: it failed; with what it said.
    """
    done = subprocess.run(
        [HARDOP, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=environment,
        cwd=cwd,
        check=False,
        timeout=_START_SECONDS,
    )
    assert done.returncode == 0, f"hardop {' '.join(arguments)}:\n{done.stdout}{done.stderr}"
    return done.stdout


def until(found: Callable[[], Found | None], seconds: float, what: str = "") -> Found:
    """What `found` returns as soon as it is true.

    Raises:
        AssertionError: it is not within `seconds`.
    """
    deadline = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what or found}"
        time.sleep(_POLL_SECONDS)
    return value


def _descendants(pid: int) -> list[int]:
    """The children of `pid`, theirs, and so on."""
    parents = _parents()
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found[1:]


def _parents() -> dict[int, int]:
    """`{process: its parent}`."""
    if Path("/proc/self/stat").exists():
        pairs = {}
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                # "pid (name) state ppid ...", and a name may hold anything.
                after_name = (folder / "stat").read_text().rpartition(")")[2]
                pairs[int(folder.name)] = int(after_name.split()[1])
        return pairs
    shown = subprocess.run(
        ["/bin/ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True
    )
    return {int(child): int(parent) for child, parent in map(str.split, shown.stdout.splitlines())}


def _command_line(pid: int) -> str:
    if Path("/proc/self/cmdline").exists():
        with suppress(OSError):
            return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").replace("\0", " ")
        return ""
    shown = subprocess.run(
        ["/bin/ps", "-ww", "-p", str(pid), "-o", "command="],
        capture_output=True,
        text=True,
        check=False,
    )
    return shown.stdout
