"""A PostgreSQL of somebody else: reached over TCP with a password, and in our hands to break."""

import os
import signal
import socket
import subprocess
from pathlib import Path
from urllib.parse import quote

from app.postgres_programs import programs
from app.unprivileged import environment, runner
from tests.processes import descendants, until

_SECONDS = 60.0


class Cluster:
    """One PostgreSQL server with a database whose owner is no superuser."""

    password = "geheim / & ?"

    def __init__(self, folder: Path) -> None:
        self._binaries = programs().folder
        self._data = folder / "second"
        self._log = folder / "second.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._way = runner(owner=None, probe=[self._binaries / "initdb", "--version"])
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._data.mkdir()
        secret = folder / "password"
        secret.write_text(self.password)
        self._way.take(folder)
        code, printed = self._way.run(
            [
                *(self._binaries / "initdb", "-D", self._data, "--username=postgres"),
                *("--auth=scram-sha-256", f"--pwfile={secret}", "--encoding=UTF8"),
                *("--locale-provider=builtin", "--locale=C.UTF-8", "--no-sync"),
            ],
            seconds=_SECONDS,
        )
        assert code == 0, printed
        self.start()
        self.sql(f"CREATE ROLE clerk LOGIN PASSWORD '{self.password}'")
        self.sql("CREATE DATABASE organisation OWNER clerk")

    def url(self, database: str = "organisation", password: str = password) -> str:
        """What goes into HARDOP_DATABASE_URL."""
        return f"postgresql://clerk:{quote(password, safe='')}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start, and wait until it answers."""
        with self._log.open("ab") as output:
            self._process = self._way.start(
                [
                    *(self._binaries / "postgres", "-D", self._data),
                    *("-c", "listen_addresses=127.0.0.1", "-c", f"port={self.port}"),
                    *("-c", "unix_socket_directories=", "-c", "fsync=off"),
                ],
                output=output,
            )
        until(self._answers, _SECONDS, "the second PostgreSQL answers")

    def stop(self, number: int = signal.SIGINT) -> None:
        """End it: SIGINT as an administrator does, SIGQUIT as a crash."""
        assert self._process is not None
        self._process.send_signal(number)
        self._process.wait(_SECONDS)

    def freeze(self) -> None:
        """Stop the clock of every process; what is connected stays connected."""
        self._signal_all(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let time go on."""
        self._signal_all(signal.SIGCONT)

    def close(self) -> None:
        """End it in whatever state it is."""
        if self._process is not None and self._process.poll() is None:
            self.thaw()
            self.stop(signal.SIGQUIT)

    def sql(self, statement: str, database: str = "postgres") -> list[list[str]]:
        """The rows of a statement of the superuser, as text."""
        done = subprocess.run(
            [
                *(self._binaries / "psql", "-XqAt", "-F", "\t", "-h", "127.0.0.1"),
                *("-p", str(self.port), "-U", "postgres", "-d", database, "-c", statement),
            ],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env={**environment(), "PGPASSWORD": self.password},
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return [line.split("\t") for line in done.stdout.splitlines()]

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self._log.read_text()
        asked: list[str | Path] = [
            self._binaries / "pg_isready",
            "-q",
            "-h",
            "127.0.0.1",
            "-p",
            str(self.port),
        ]
        return subprocess.run(asked, env=environment(), check=False).returncode == 0

    def _signal_all(self, number: int) -> None:
        assert self._process is not None
        for pid in (self._process.pid, *descendants(self._process.pid)):
            os.kill(pid, number)
