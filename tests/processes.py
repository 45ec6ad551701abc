"""Real `hardop` processes for tests: started, asked, killed."""

import asyncio
import fcntl
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

from app.embedded_postgres import running
from app.migrate import migrate
from app.postmaster import Postmaster

Found = TypeVar("Found")

HARDOP = Path(sys.executable).parent / "hardop"

# Generous: a machine that is busy with other tests is slow, and only failures wait so long.
_START_SECONDS = 120.0
_STOP_SECONDS = 60.0
_POLL_SECONDS = 0.02
_LISTENS = re.compile(r"listens on (http://\S+)")


def _hear_hangups() -> None:
    # The suite may run under nohup; the servers it starts shall not know.
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


class Server:
    """`hardop serve` as a process of its own, with everything it starts."""

    def __init__(self, data_dir: Path, arguments: tuple[str, ...], environment: dict[str, str]):
        self.data_dir = data_dir
        self.log = data_dir.parent / f"{data_dir.name}.log"
        self.environment = clean_environment(HARDOP_DATA_DIR=str(data_dir), **environment)
        self.url = ""
        self.embedded = Postmaster(data_dir.resolve() / "postgresql")
        self._arguments = arguments
        self._process: subprocess.Popen[bytes] | None = None
        self._said_before = 0

    def start(self) -> None:
        """Start, and wait until it says where it listens: where it did before, if it did."""
        self.begin()
        try:
            self.url = until(self._listens, _START_SECONDS, "the server listens")
        except AssertionError as failure:
            failure.add_note(f"It said:\n{self.said()}")
            raise

    def begin(self) -> None:
        """Start without waiting."""
        # Only what is printed from now on tells about this start.
        self._said_before = self.log.stat().st_size if self.log.exists() else 0
        again = ["--port", self.url.rpartition(":")[2]] if self.url else []
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                [HARDOP, "serve", *self._arguments, *again],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # Away from whatever `.env` lies around.
                cwd=self.data_dir.parent,
                env=self.environment,
                # As a terminal does: Ctrl-C is sent to all that stay in the group.
                process_group=0,
                preexec_fn=_hear_hangups,
            )

    def hardop(self, *arguments: str) -> str:
        """What `hardop ARGUMENTS` prints, given the settings of this server."""
        environment = {"HARDOP_BASE_URL": self.url, **self.environment}
        return run_hardop(*arguments, environment=environment, cwd=self.data_dir.parent)

    def pids(self, kind: str = "") -> list[int]:
        """The processes below the first one; with `kind`, the "API" ones or the "worker" ones."""
        assert self._process is not None
        found = descendants(self._process.pid)
        words = {"API": "app.cli.api", "worker": "app.cli worker", "": ""}[kind]
        return [pid for pid in found if words in _command_line(pid)]

    @property
    def pid(self) -> int:
        """The first process, which watches the others."""
        assert self._process is not None
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether the first process lives."""
        return self._process is not None and self._process.poll() is None

    def postmaster(self) -> int:
        """The number of the embedded PostgreSQL's first process."""
        return until(self._postmaster, 5.0, "PostgreSQL runs")

    def all_pids(self) -> set[int]:
        """Everything that lives: the first process, PostgreSQL, and all below them."""
        first = self._process.pid if self._process else None
        roots = [pid for pid in (first, self._postmaster()) if pid is not None]
        found = {*roots, *(pid for root in roots for pid in descendants(root))}
        return {pid for pid in found if is_alive(pid)}

    def kill(self) -> None:
        """End everything at once, the database included, as a power cut would."""
        doomed = self.all_pids()
        for number in doomed:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        if self._process is not None:
            self._process.wait(_STOP_SECONDS)
        until(lambda: not any(map(is_alive, doomed)), _STOP_SECONDS, "the processes are gone")

    def stop(self, number: int = signal.SIGINT) -> int:
        """Stop as Ctrl-C does, or by another signal; returns the exit code."""
        if self._process is None or self._process.poll() is not None:
            return 0 if self._process is None else self._process.returncode
        self._process.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        """Wait until the first process ends; returns its exit code."""
        assert self._process is not None
        try:
            return self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"hardop serve does not stop:\n{self.printed()}") from None

    def printed(self) -> str:
        """All that the processes said."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def said(self) -> str:
        """What they said since the last start."""
        return self.log.read_bytes()[self._said_before :].decode(errors="replace")

    def _postmaster(self) -> int | None:
        pid = self.embedded.pid()
        return pid if pid is not None and self.embedded.is_running(pid) else None

    def _listens(self) -> str:
        assert self._process is not None
        said = self.said()
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
    its database is empty and up to date, and gone afterwards.
    """
    with folder() as temporary:
        given = arguments if "--port" in arguments else ("--port", "0", *arguments)
        server = Server(data_dir or temporary / "data", given, environment)
        if data_dir is None and "HARDOP_DATABASE_URL" not in environment:
            fill(server.data_dir)
        try:
            server.start()
            yield server
        finally:
            try:
                server.stop()
            finally:
                server.kill()


def fill(data_dir: Path) -> None:
    """Put an empty database that is up to date there: making one takes longer than copying it."""
    made = Path(os.environ["HARDOP_TEST_SHARED"]) / "filled"
    with made.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            fresh = made.with_suffix(".new")
            with running(fresh) as dsn:
                asyncio.run(migrate(dsn))
            with (fresh / "postgresql" / "postgresql.auto.conf").open("a") as configuration:
                # Processes are killed here, but never the machine.
                configuration.write("fsync = off\n")
            fresh.rename(made)
    data_dir.mkdir()
    # Not by Python: owners stay as they are.
    subprocess.run(["cp", "-Rp", made / "postgresql", data_dir / "postgresql"], check=True)


@contextmanager
def folder() -> Iterator[Path]:
    """A folder that is gone afterwards, and that PostgreSQL's account may enter."""
    with tempfile.TemporaryDirectory(prefix="hardop-test-", ignore_cleanup_errors=True) as name:
        # PostgreSQL runs as somebody else when the suite runs as root.
        Path(name).chmod(0o711)
        yield Path(name)


def clean_environment(**given: str) -> dict[str, str]:
    """Ours with the settings `given`, and no others."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HARDOP_")}
    # Many start here: what they import is compiled once.
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    # Nobody waits behind a load balancer here.
    return {**kept, "HARDOP_DRAIN_SECONDS": "0", **given}


def run_hardop(*arguments: str, environment: dict[str, str], cwd: Path) -> str:
    """What the command prints on stdout.

    Raises:
        AssertionError: it failed; with what it said.
    """
    done = try_hardop(*arguments, environment=environment, cwd=cwd)
    assert done.returncode == 0, f"hardop {' '.join(arguments)}:\n{done.stdout}{done.stderr}"
    return done.stdout


def try_hardop(
    *arguments: str, environment: dict[str, str], cwd: Path
) -> "subprocess.CompletedProcess[str]":
    """How the command ended, and what it said."""
    return subprocess.run(
        [HARDOP, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=environment,
        cwd=cwd,
        check=False,
        timeout=_START_SECONDS,
    )


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that only waits for its parent does not."""
    return _command_line(pid).strip() != ""


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


def descendants(pid: int) -> list[int]:
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
