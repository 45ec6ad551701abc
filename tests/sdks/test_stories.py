"""SDKs that are generated from the contract, in the same story: docs/sdks.md.

Each is generated without a warning, compiles under strict settings, and talks to a real server.
"""

import asyncio
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx
import pytest

from app.migrate import migrate
from openapi.generate import (
    ENVIRONMENT,
    JARS,
    JAVA_OPTIONS,
    TOOLS,
    has_java,
    java,
    python,
    typescript,
)
from tests.clients.browsers import Person, authorize
from tests.node import node, program
from tests.pictures import picture
from tests.postgres import create_from_template
from tests.processes import Server, clean_environment, running_server

pytestmark = pytest.mark.timeout(600)

STORIES = Path(__file__).parent
QUICKLY = [f"-J{option}" for option in JAVA_OPTIONS]


@pytest.fixture(scope="module")
def server(cluster: str, worker_id: str) -> Iterator[Server]:
    url = asyncio.run(create_from_template(cluster, f"sdks_{worker_id}", migrate))
    with running_server(HARDOP_DATABASE_URL=url) as running:
        token = _person(running, "expert")
        headers = {"Authorization": f"Bearer {token}"}
        said = {"status": "How to calibrate water sensors, in three steps. #waterSensors"}
        httpx.post(f"{running.url}/api/v1/statuses", headers=headers, data=said).raise_for_status()
        yield running


def _person(server: Server, name: str) -> str:
    server.hardop(
        *("account", "create", name, "--email", f"{name}@example.org"),
        *("--password", f"{name} likes long walks"),
    )
    return server.hardop("token", "create", name, "--scopes", "read write").strip()


def tell(
    server: Server, tmp_path: Path, name: str, command: Sequence[str | Path], **more: str
) -> None:
    """Run a story: it prints where somebody has to agree, and reads the code they are shown."""
    _person(server, name)
    image = tmp_path / "ice.png"
    image.write_bytes(picture())
    environment = {"SERVER": server.url, "NAME": name, "PICTURE": str(image), **more}
    with subprocess.Popen(
        command,
        env=clean_environment(**environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as story:
        assert story.stdin
        assert story.stdout
        url = story.stdout.readline().strip()
        code = authorize(url, Person(name, f"{name} likes long walks")) if url else ""
        said, complained = story.communicate(f"{code}\n", timeout=120)
    assert story.returncode == 0, complained
    assert said == "The end\n"


def test_python(server: Server, tmp_path: Path) -> None:
    python(tmp_path)
    shutil.copy(STORIES / "python" / "story.py", tmp_path)

    checked = subprocess.run(
        [ENVIRONMENT / "bin" / "mypy", "--strict", "story.py", "hardop_client"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stdout
    tell(server, tmp_path, "petra", [ENVIRONMENT / "bin" / "python", tmp_path / "story.py"])


def test_typescript(server: Server, tmp_path: Path) -> None:
    typescript(tmp_path)
    shutil.copy(STORIES / "typescript" / "story.ts", tmp_path)

    compiled = node(
        tmp_path,
        TOOLS / "node_modules" / "typescript" / "bin" / "tsc",
        *("--strict", "--noUncheckedIndexedAccess", "--outDir", "out", "--target", "es2022"),
        *("--module", "nodenext", "--lib", "es2022,dom,dom.iterable", "story.ts"),
    )

    assert compiled.returncode == 0, compiled.stdout
    run = STORIES / "typescript" / "run.cjs"
    tell(server, tmp_path, "tessa", [program(), run, tmp_path / "out"])


@pytest.mark.skipif(not has_java(), reason="the SDK for Java takes a JDK and Maven")
def test_java(server: Server, tmp_path: Path) -> None:
    java(tmp_path)
    made = sorted((tmp_path / "src" / "main" / "java").rglob("*.java"))
    out = tmp_path / "out"
    out.mkdir()
    known = f"{out}{os.pathsep}{JARS / '*'}"
    story = [STORIES / "java" / "Story.java"]
    # Raw types, and static methods of things, are the generator's style; they are not in the story.
    for sources, allowed in ((made, ",-rawtypes,-static"), (story, "")):
        strict = (f"-Xlint:all{allowed}", "-Werror", "-proc:none", "-encoding", "UTF-8")
        compiled = subprocess.run(
            ["javac", *QUICKLY, *strict, "-classpath", known, "-d", out, *sources],
            capture_output=True,
            text=True,
            check=False,
        )
        assert compiled.returncode == 0, compiled.stderr

    command = ["java", *JAVA_OPTIONS, "-Dfile.encoding=UTF-8", "-classpath", known, "Story"]
    tell(server, tmp_path, "jamal", command)
