"""Whether the PostgreSQL server of a data folder lives, read from its `postmaster.pid`."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Postmaster:
    """The server process that a data folder names, if it names one."""

    data: Path

    @property
    def file(self) -> Path:
        """`postmaster.pid`, written by the server and removed at its regular end."""
        return self.data / "postmaster.pid"

    def pid(self) -> int | None:
        """The number in the file; what has it need not be alive, nor be PostgreSQL."""
        try:
            return int(self.file.read_text().split()[0])
        except (OSError, IndexError, ValueError):
            return None

    def is_running(self, pid: int) -> bool:
        """Whether `pid` is a PostgreSQL on these data; a dead one that waits for burial is not."""
        words = _command_line(pid)
        return bool(words) and words[0].endswith("postgres") and str(self.data) in words

    def is_stale(self) -> bool:
        """Whether the file names a living process that is something else.

        After the restart of a container the number may be anybody's, and PostgreSQL then refuses
        to start. A number that nobody has it handles itself, after a check for survivors.
        """
        pid = self.pid()
        return pid is not None and _is_alive(pid) and not self.is_running(pid)

    def has_survivors(self) -> bool:
        """Whether processes are still attached to the shared memory of the last server (Linux)."""
        try:
            named = self.file.read_text().splitlines()[6].split()
            segments = Path("/proc/sysvipc/shm").read_text().splitlines()[1:]
        except (OSError, IndexError):
            return False
        # Columns: key shmid perms size cpid lpid nattch ...
        return any(row[:2] == named and row[6] != "0" for row in map(str.split, segments))


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _command_line(pid: int) -> list[str]:
    if Path("/proc/self/cmdline").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").split("\0")
        except OSError:
            return []
    shown = subprocess.run(  # noqa: S603  # a fixed command, no shell
        ["/bin/ps", "-ww", "-p", str(pid), "-o", "command="],
        capture_output=True,
        text=True,
        check=False,
    )
    return shown.stdout.split()
