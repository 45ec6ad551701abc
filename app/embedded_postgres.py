"""The PostgreSQL that runs when no other one is named: started, adopted and stopped by need.

Several processes may use one data folder at once. Each holds a shared lock while it does; the
first starts the server, the last one out stops it. Locks end with their process, so a server whose
starter was killed is adopted by the next, and stopped by it.
"""

import atexit
import fcntl
import hashlib
import logging
import os
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from app.errors import CannotStart
from app.postgres_programs import MAJOR_VERSION, PORT, Answer, last_line, programs
from app.postmaster import Postmaster
from app.unprivileged import Runner, runner

log = logging.getLogger(__name__)

DATABASE: Final = "hardop"

_LOCK_SECONDS = 90.0
_START_SECONDS = 60.0
# A server that answers "starting up" repairs itself after a crash: that may take long.
_RECOVERY_SECONDS = 600.0
_STOP_SECONDS = 20.0
_POLL_SECONDS = 0.05
_LOG_LIMIT_BYTES = 10_000_000

# Kept, because a forgotten child process cannot be waited for.
_started: list["subprocess.Popen[bytes]"] = []


@atexit.register
def _hand_over() -> None:
    """What others still use goes on without us: nothing that Python would have to warn of."""
    for process in _started:
        if process.poll() is None:
            process.returncode = 0


_OPTIONS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "jit": "off",
    "log_line_prefix": "%m [%p] ",
}


@contextmanager
def running(data_dir: Path, *, options: Mapping[str, str] | None = None) -> Iterator[str]:
    """A PostgreSQL on the data in `data_dir`, for as long as the block lasts; yields its DSN.

    One that runs already is adopted. At the end the server is stopped, unless another process
    still uses it. `options` are server settings; an adopted server keeps its own.

    Raises:
        CannotStart: there are no binaries for this platform, the data are of another major
            version or another account's, or the server fails; the message says what to do.
    """
    cluster = _Cluster(data_dir.resolve(), {**_OPTIONS, **(options or {})})
    with cluster.file("users") as users:
        cluster.enter(users)
        try:
            yield cluster.dsn
        finally:
            cluster.leave(users)


def revive(data_dir: Path) -> bool:
    """Start the server of `data_dir` again if it died; True if it had.

    For somebody who is inside `running` already.
    """
    cluster = _Cluster(data_dir.resolve(), _OPTIONS)
    if cluster.is_alive():
        return False
    with cluster.alone():
        if cluster.is_alive():
            return False
        cluster.make_answer()
    return True


class _Cluster:
    """One data folder of PostgreSQL, with what is needed to run it."""

    def __init__(self, home: Path, options: Mapping[str, str]) -> None:
        self.home = home
        self.data = home / "postgresql"
        self.postmaster = Postmaster(self.data)
        self.log = home / "postgresql.log"
        self.options = options
        self.programs = programs()
        # A socket's path has a limit of about 100 bytes: not inside the data. And not below
        # $TMPDIR, which need not be the same for two commands that shall meet.
        digest = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:16]
        self.socket_folder = Path("/tmp") / f"hardop-{digest}"  # noqa: S108  # checked in _claim
        # The port is named because PGPORT in the environment would win otherwise.
        self.dsn = f"postgresql://hardop@/{DATABASE}?host={self.socket_folder}&port={PORT}"
        self._process: subprocess.Popen[bytes] | None = None

    @contextmanager
    def file(self, name: str) -> Iterator[int]:
        """The descriptor of a lock file, opened."""
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            opened = os.open(self.home / f"postgresql.{name}", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise CannotStart(
                f"Cannot write to the data folder {self.home}: {error.strerror}. "
                "Name another one in HARDOP_DATA_DIR."
            ) from None
        try:
            yield opened
        finally:
            os.close(opened)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else starts or stops the server while the block lasts."""
        with self.file("lock") as lock:
            deadline = time.monotonic() + _LOCK_SECONDS
            while not _locked(lock, fcntl.LOCK_EX):
                if time.monotonic() > deadline:
                    raise CannotStart(
                        f"Another process has been starting or stopping PostgreSQL in {self.home} "
                        f"for {_LOCK_SECONDS:.0f} seconds. Wait for it, or end it."
                    )
                time.sleep(_POLL_SECONDS)
            yield

    def enter(self, users: int) -> None:
        """Count as a user of the server, and make it answer."""
        with self.alone():
            fcntl.flock(users, fcntl.LOCK_SH)
            try:
                self.make_answer()
            except OSError as error:
                raise CannotStart(f"Cannot use the data folder {self.home}: {error}") from None
            except BaseException:
                self._stop_if_last(users)
                raise

    def leave(self, users: int) -> None:
        """Count as a user no more; the last one stops the server."""
        with self.alone():
            self._stop_if_last(users)

    def _stop_if_last(self, users: int) -> None:
        # Changing a lock is not atomic, but inside `alone` nobody else changes theirs.
        if _locked(users, fcntl.LOCK_EX):
            self._stop()

    def is_alive(self) -> bool:
        """Whether the server process lives; it may still be starting."""
        pid = self.postmaster.pid()
        return pid is not None and self.postmaster.is_running(pid)

    def make_answer(self) -> None:
        """Start the server if it does not answer, whatever state the last one left."""
        if self._answer() is not Answer.READY:
            exists = self.data.exists()
            way = runner(owner=self.data.stat().st_uid if exists else None, probe=self._probe())
            if exists and not way.owns(self.data):
                self._take_over(way)
            self._claim(way)
            if (self.data / "PG_VERSION").exists():
                self._check_version()
            else:
                self._initialise(way)
            self._launch(way)
        self._create_database()

    def _stop(self) -> None:
        """Stop the server; impatient after 20 seconds, or when told to hurry by a signal."""
        pid = self.postmaster.pid()
        if pid is None or not self.postmaster.is_running(pid):
            return
        try:
            for number, seconds in (
                (signal.SIGINT, _STOP_SECONDS),
                (signal.SIGQUIT, 5.0),
                (signal.SIGKILL, 5.0),
            ):
                if self._end(pid, number, seconds):
                    break
        except BaseException:
            # The second Ctrl-C. The write-ahead log makes this safe.
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGQUIT)
            raise
        with suppress(OSError):
            shutil.rmtree(self.socket_folder)

    def _end(self, pid: int, number: int, seconds: float) -> bool:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self._process is not None:
                self._process.poll()
            if not self.postmaster.is_running(pid):
                return True
            time.sleep(_POLL_SECONDS)
        return False

    def _probe(self) -> list[str | Path]:
        """Enter the home of the data, read what initdb reads, and let it find its programs."""
        script = 'cd "$1" && cat "$2" >/dev/null && exec "$3" --show --pgdata="$1/postgresql"'
        sample = self.programs.folder.parent / "share" / "postgresql" / "postgres.bki"
        return [
            "/bin/sh",
            "-c",
            script,
            "sh",
            self.home,
            sample,
            self.programs.folder / "initdb",
        ]

    def _check_version(self) -> None:
        version = (self.data / "PG_VERSION").read_text().strip()
        if version != str(MAJOR_VERSION):
            raise CannotStart(
                f"The data in {self.data} are of PostgreSQL {version}, this is {MAJOR_VERSION}. "
                "Dump them with the version of hardop that wrote them, move the folder away, start "
                "this version and restore. See docs/operating.md, 'Another major version'."
            )

    def _claim(self, way: Runner) -> None:
        """Make the folder of the socket, and be sure that it is nobody else's."""
        with suppress(FileExistsError):
            self.socket_folder.mkdir(mode=0o700)
            way.take(self.socket_folder)
        found = self.socket_folder.lstat()
        if found.st_uid == 0 and os.geteuid() == 0 and stat.S_ISDIR(found.st_mode):
            way.take(self.socket_folder)  # we were killed between the two steps above
        elif found.st_uid != way.uid or found.st_mode != stat.S_IFDIR | 0o700:
            raise CannotStart(
                f"{self.socket_folder} exists and is not ours alone. Remove it and start again."
            )

    def _initialise(self, way: Runner) -> None:
        # Made aside and renamed: a start that is killed midway leaves no half of a cluster.
        fresh = self.home / "postgresql.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        way.take(fresh)
        code, printed = way.run(
            [
                self.programs.folder / "initdb",
                f"--pgdata={fresh}",
                "--username=hardop",
                "--auth-local=trust",
                "--auth-host=reject",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--locale=C.UTF-8",
            ],
            seconds=_START_SECONDS,
        )
        if code != 0:
            raise CannotStart(f"PostgreSQL cannot make its data: {last_line(printed)}")
        fresh.rename(self.data)

    def _take_over(self, way: Runner) -> None:
        if os.geteuid() != 0:
            raise CannotStart(
                f"The data in {self.data} belong to another account. "
                "Start hardop as that one, or give it another folder by HARDOP_DATA_DIR."
            )
        way.take(self.data)

    def _launch(self, way: Runner) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while True:
            if not self.is_alive():
                self._clear(deadline)
                self._process = self._spawn(way)
            if self._wait(deadline):
                return
            reason = last_line(self._end_of_log())
            # The server processes of one that was killed need a moment to notice.
            lingering = "shared memory" in reason or "lock file" in reason
            if not lingering or time.monotonic() > deadline:
                raise CannotStart(f"PostgreSQL does not start: {reason} (see {self.log})")
            time.sleep(_POLL_SECONDS)

    def _clear(self, deadline: float) -> None:
        """Remove what would keep PostgreSQL from starting, though no server lives."""
        for process in _started:
            process.poll()  # buries the dead
        if self.postmaster.is_stale():
            while self.postmaster.has_survivors() and time.monotonic() < deadline:
                time.sleep(_POLL_SECONDS)
            self.postmaster.file.unlink(missing_ok=True)
            log.warning("postmaster.pid named a process that is not PostgreSQL: removed")
        # Lock files of sockets name a process too, and this folder is for one server only.
        for left in self.socket_folder.iterdir():
            left.unlink(missing_ok=True)

    def _spawn(self, way: Runner) -> "subprocess.Popen[bytes]":
        settings = {"unix_socket_directories": str(self.socket_folder), **self.options}
        command: list[str | Path] = [self.programs.folder / "postgres", "-D", self.data]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with suppress(FileNotFoundError):
            if self.log.stat().st_size > _LOG_LIMIT_BYTES:
                self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as output:
            process = way.start(command, output=output)
        _started.append(process)
        return process

    def _wait(self, deadline: float) -> bool:
        """Whether the server answers; False when it ended instead."""
        latest = time.monotonic() + _RECOVERY_SECONDS
        while (answer := self._answer()) is not Answer.READY:
            if self._process is not None and self._process.poll() is not None:
                return False
            if self._process is None and not self.is_alive():
                return False
            starting = answer is Answer.STARTING
            if time.monotonic() > (latest if starting else deadline):
                raise CannotStart(
                    f"PostgreSQL (process {self.postmaster.pid()}) does not answer. "
                    f"End it and start again, or see {self.log}."
                )
            time.sleep(_POLL_SECONDS)
        return True

    def _answer(self) -> Answer:
        return self.programs.answer(self.socket_folder)

    def _create_database(self) -> None:
        asked = f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"
        if self.programs.sql(self.socket_folder, asked) != "1":
            self.programs.sql(self.socket_folder, f"CREATE DATABASE {DATABASE}")

    def _end_of_log(self) -> str:
        with suppress(OSError), self.log.open("rb") as opened:
            opened.seek(max(0, self.log.stat().st_size - 4000))
            return opened.read().decode(errors="replace")
        return ""


def _locked(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
