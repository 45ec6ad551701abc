"""Starting a program under an account without rights, because PostgreSQL refuses to run as root."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from app.errors import CannotStart

# Existing accounts only: a server does not add people to the machine it runs on.
_ACCOUNTS = ("postgres", "nobody")
# Least right first. The second is needed where files themselves, not only folders, are closed.
_CAPABILITIES = ("dac_read_search", "dac_override")
_PROBE_SECONDS = 10.0


def environment() -> dict[str, str]:
    """Our environment without what would lead PostgreSQL astray (PGDATA, PGPORT, a language)."""
    # HARDOP_* may hold secrets, which are no business of another program.
    astray = ("PG", "LC_", "LANG", "HARDOP_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(astray)}
    return {**kept, "LC_ALL": "C"}


@dataclass(frozen=True, slots=True)
class Runner:
    """One way to start programs: an account, and what goes before the command."""

    uid: int
    gid: int
    prefix: tuple[str, ...] = ()

    def start(
        self, command: Sequence[str | Path], *, output: IO[bytes] | int
    ) -> "subprocess.Popen[bytes]":
        """Start `command` in a session of its own, so that the terminal's Ctrl-C misses it."""
        change = os.geteuid() == 0 and not self.prefix
        return subprocess.Popen(  # noqa: S603  # commands of ours, no shell
            [*self.prefix, *command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            # Elsewhere than where we are: the account may not be let in here.
            cwd="/",
            env=environment(),
            user=self.uid if change else None,
            group=self.gid if change else None,
            extra_groups=[] if change else None,
        )

    def run(self, command: Sequence[str | Path], *, seconds: float) -> tuple[int, str]:
        """The exit code of `command` and what it printed."""
        try:
            with self.start(command, output=subprocess.PIPE) as process:
                try:
                    printed, _ = process.communicate(timeout=seconds)
                except BaseException:
                    process.kill()
                    raise
        except (OSError, subprocess.TimeoutExpired) as error:
            return 1, str(error)
        return process.returncode, printed.decode(errors="replace")

    def owns(self, folder: Path) -> bool:
        """Whether `folder` is the account's, as PostgreSQL demands."""
        return folder.stat().st_uid == self.uid

    def take(self, folder: Path) -> None:
        """Give `folder` and what is in it to the account; only root can, and only root needs to."""
        if os.geteuid() != 0:
            return
        os.chown(folder, self.uid, self.gid)
        for parent, folders, files in os.walk(folder):
            for name in (*folders, *files):
                os.chown(Path(parent, name), self.uid, self.gid, follow_symlinks=False)


def runner(*, owner: int | None, probe: Sequence[str | Path]) -> Runner:
    """How to start programs that must not be root's.

    `owner` is the uid that owns the data already, if any does. `probe` is a harmless command that
    succeeds if the account can reach all it needs.

    In a checkout that only root may enter, the account gets the one right to pass closed folders
    (Linux capabilities, by `setpriv`).

    Raises:
        CannotStart: as root, when no account can reach the programs and the data.
    """
    if os.geteuid() != 0:
        return Runner(os.geteuid(), os.getegid())

    failure = "there is no account to run it under"
    for account in _accounts(owner):
        for way in _ways(account):
            code, printed = way.run(probe, seconds=_PROBE_SECONDS)
            if code == 0:
                return way
            failure = printed.strip().splitlines()[-1] if printed.strip() else f"exit code {code}"
    raise CannotStart(
        "PostgreSQL does not run as root, and no other account reaches its programs and data "
        f"({failure}). Start hardop as an ordinary user, or name a database in HARDOP_DATABASE_URL."
    )


def _accounts(owner: int | None) -> list[pwd.struct_passwd]:
    if owner:
        try:
            return [pwd.getpwuid(owner)]
        except KeyError:
            return []
    found = []
    for name in _ACCOUNTS:
        try:
            found.append(pwd.getpwnam(name))
        except KeyError:
            continue
    return found


def _ways(account: pwd.struct_passwd) -> list[Runner]:
    ways = [Runner(account.pw_uid, account.pw_gid)]
    if setpriv := shutil.which("setpriv"):
        ways += [
            Runner(
                account.pw_uid,
                account.pw_gid,
                (
                    setpriv,
                    f"--reuid={account.pw_uid}",
                    f"--regid={account.pw_gid}",
                    "--clear-groups",
                    f"--inh-caps=+{capability}",
                    f"--ambient-caps=+{capability}",
                    # Without it access(2), by which PostgreSQL finds itself, ignores capabilities.
                    "--securebits=+no_setuid_fixup",
                ),
            )
            for capability in _CAPABILITIES
        ]
    return ways
