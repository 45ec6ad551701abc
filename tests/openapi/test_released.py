"""What was released is kept: programs that were generated from the last release still work."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.timeout(400)

FOLDER = Path(__file__).parents[2] / "openapi"
OASDIFF = "github.com/oasdiff/oasdiff@v1.37.0"
BIN = Path(sys.prefix) / "bin"


@pytest.fixture(scope="session")
def oasdiff(data_dir: Path) -> Path:
    """The program that compares contracts, built where Go is."""
    program = BIN / "oasdiff"
    with (data_dir / "oasdiff.lock").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        if not program.exists():
            if shutil.which("go") is None:
                pytest.skip("oasdiff is built with Go 1.26 or newer, and there is no Go here")
            done = subprocess.run(
                ["go", "install", OASDIFF],
                env={**os.environ, "GOBIN": str(BIN), "GOFLAGS": "-mod=mod"},
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                pytest.skip(f"oasdiff cannot be built here: {done.stderr[-500:]}")
    return program


def breaking(oasdiff: Path, released: Path, now: Path) -> list[str]:
    done = subprocess.run(
        [oasdiff, "breaking", released, now, "--format", "json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [
        f"{change.get('operation', '')} {change.get('path', '')}: {change['text']}"
        for change in json.loads(done.stdout or "[]") or []
    ]


def test_nothing_that_was_released_is_broken(oasdiff: Path) -> None:
    """When a release may break something, `make released` is run with it."""
    assert breaking(oasdiff, FOLDER / "released.json", FOLDER / "openapi.json") == []


def test_breaking_changes_are_seen(oasdiff: Path, tmp_path: Path) -> None:
    document = json.loads((FOLDER / "released.json").read_text())
    document["components"]["schemas"]["Status"]["properties"].pop("id")
    document["paths"].pop("/api/v1/bookmarks")
    now = tmp_path / "openapi.json"
    now.write_text(json.dumps(document))

    found = "\n".join(breaking(oasdiff, FOLDER / "released.json", now))

    assert "/api/v1/bookmarks" in found
    assert "`id`" in found
