"""Confined processes: what they may use, and what they may not (MD-2)."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from app.transcoding import sandbox
from app.transcoding.sandbox import Unreadable

pytestmark = pytest.mark.anyio


def confined(code: str, *, mebibytes: int = 256, cpu_seconds: int = 10) -> list[str]:
    return sandbox.program(
        [sys.executable, "-c", code], mebibytes=mebibytes, cpu_seconds=cpu_seconds
    )


async def test_what_a_program_says(tmp_path: Path) -> None:
    said = await sandbox.run(confined("import os; print(os.getcwd())"), tmp_path, seconds=10)

    assert Path(said.decode().strip()).name == tmp_path.name


@pytest.mark.parametrize(
    "code",
    [
        "import sys; sys.exit(1)",
        "bytearray(400 * 1024 * 1024)",
        "print('x' * 100_000)",
        "import os; os.kill(os.getpid(), 9)",
    ],
)
async def test_a_program_that_fails_or_wants_too_much(tmp_path: Path, code: str) -> None:
    with pytest.raises(Unreadable):
        await sandbox.run(confined(code), tmp_path, seconds=10)


async def test_a_program_that_computes_for_ever(tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        await sandbox.run(confined("while True: pass", cpu_seconds=1), tmp_path, seconds=10)


async def test_a_program_that_waits_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "_GRACE_SECONDS", 0)

    with pytest.raises(Unreadable):
        await sandbox.run(confined("import time; time.sleep(600)"), tmp_path, seconds=0.2)


async def test_what_takes_minutes_takes_no_place_of_what_takes_a_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """QU-2: a film does not keep pictures waiting."""
    monkeypatch.setattr(sandbox, "_AT_ONCE", asyncio.Semaphore(1))
    until_told = "import os, time\nwhile not os.path.exists('go'): time.sleep(0.01)\nprint('done')"
    long = asyncio.create_task(
        sandbox.run(confined(until_told), tmp_path, seconds=60, is_long=True)
    )

    assert await sandbox.run(confined("print(1)"), tmp_path, seconds=60) == b"1\n"
    assert not long.done()

    (tmp_path / "go").touch()
    assert await long == b"done\n"


async def test_whoever_waits_for_an_answer_goes_first(tmp_path: Path) -> None:
    said = await sandbox.run(confined("import os; print(os.nice(0))"), tmp_path, seconds=10)

    assert int(said) == min(os.nice(0) + 10, 19)


async def test_nothing_of_our_environment_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARDOP_SECRET_KEY", "secret")

    said = await sandbox.run(confined("import os; print(sorted(os.environ))"), tmp_path, seconds=10)

    assert b"HARDOP" not in said
