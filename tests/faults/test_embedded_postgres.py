"""The embedded PostgreSQL: started once, shared, stopped by the last, alive after every crash."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from app.embedded_postgres import revive, running
from app.errors import CannotStart
from app.postgres_programs import MAJOR_VERSION, programs
from app.postmaster import Postmaster
from tests.processes import clean_environment, folder, is_alive, try_hardop, until

FAST = {"fsync": "off"}


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with folder() as base:
        yield base / "data"
        pid = postmaster(base / "data")
        if pid is not None:
            os.kill(pid, signal.SIGKILL)


def postmaster(data_dir: Path) -> int | None:
    """The server process of `data_dir` that lives."""
    found = Postmaster(data_dir / "postgresql")
    pid = found.pid()
    return pid if pid is not None and found.is_running(pid) else None


def ask(dsn: str, sql: str) -> object:
    async def fetch() -> object:
        connection = await asyncpg.connect(dsn)
        try:
            return await connection.fetchval(sql)
        finally:
            await connection.close()

    return asyncio.run(fetch())


def test_data_outlive_the_server(data_dir: Path) -> None:
    with running(data_dir, options=FAST) as dsn:
        ask(dsn, "CREATE TABLE kept AS SELECT 7 AS number")
    assert postmaster(data_dir) is None

    with running(data_dir, options=FAST) as dsn:
        assert ask(dsn, "SELECT number FROM kept") == 7


def test_a_second_user_shares_the_server_and_the_last_one_stops_it(data_dir: Path) -> None:
    first, second = running(data_dir, options=FAST), running(data_dir, options=FAST)

    one = first.__enter__()
    pid = postmaster(data_dir)
    two = second.__enter__()
    assert (two, postmaster(data_dir)) == (one, pid)

    first.__exit__(None, None, None)
    assert ask(two, "SELECT 1") == 1

    second.__exit__(None, None, None)
    assert postmaster(data_dir) is None


def test_many_who_start_at_once_share_one_server(data_dir: Path) -> None:
    program = f"""
import asyncio, asyncpg, pathlib, sys
from app.embedded_postgres import running
async def ask(dsn):
    connection = await asyncpg.connect(dsn)
    return await connection.fetchval("SELECT pg_postmaster_start_time()::text")
with running(pathlib.Path({str(data_dir)!r})) as dsn:
    print(asyncio.run(ask(dsn)), flush=True)
    sys.stdin.read()
"""
    crowd = [
        subprocess.Popen(
            [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for _ in range(4)
    ]

    started = {one.stdout.readline() for one in crowd if one.stdout is not None}
    for one in crowd:
        one.communicate()

    assert len(started) == 1
    assert started != {b""}
    assert postmaster(data_dir) is None


def test_a_server_whose_starter_was_killed_is_adopted_and_stopped(data_dir: Path) -> None:
    program = f"""
import pathlib, time
from app.embedded_postgres import running
with running(pathlib.Path({str(data_dir)!r})):
    print("up", flush=True)
    time.sleep(600)
"""
    starter = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    assert starter.stdout is not None
    assert starter.stdout.readline() == b"up\n"
    pid = postmaster(data_dir)
    starter.kill()
    starter.wait()
    starter.stdout.close()
    assert pid is not None
    assert is_alive(pid)

    with running(data_dir) as dsn:
        assert ask(dsn, "SELECT 1") == 1
        assert postmaster(data_dir) == pid

    until(lambda: not is_alive(pid), 30.0, "the adopted server ends")


def test_it_starts_after_the_server_was_killed(data_dir: Path) -> None:
    with running(data_dir) as dsn:
        ask(dsn, "CREATE TABLE kept AS SELECT 7 AS number")
        pid = postmaster(data_dir)
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        until(lambda: postmaster(data_dir) is None, 30.0, "the server is dead")
    assert (data_dir / "postgresql" / "postmaster.pid").exists()

    with running(data_dir) as dsn:
        assert ask(dsn, "SELECT number FROM kept") == 7


def test_revive_starts_it_again_only_if_it_died(data_dir: Path) -> None:
    with running(data_dir, options=FAST) as dsn:
        assert not revive(data_dir)
        pid = postmaster(data_dir)
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        until(lambda: postmaster(data_dir) is None, 30.0, "the server is dead")

        assert revive(data_dir)
        assert ask(dsn, "SELECT 1") == 1

    assert postmaster(data_dir) is None


def test_a_pid_file_that_names_another_program_is_no_obstacle(data_dir: Path) -> None:
    """After the restart of a container the number may belong to anybody."""
    with running(data_dir, options=FAST):
        pass
    file = data_dir / "postgresql" / "postmaster.pid"
    owner = file.parent.stat()
    # PostgreSQL itself passes over the numbers of its parents, so it has to be somebody else's.
    bystander = subprocess.Popen(["/bin/sleep", "600"], user=owner.st_uid)
    try:
        lines = [bystander.pid, file.parent, 1, 5432, "/tmp", "", "1 1", "ready", ""]
        file.write_text("\n".join(map(str, lines)))
        os.chown(file, owner.st_uid, owner.st_gid)

        with running(data_dir, options=FAST) as dsn:
            assert ask(dsn, "SELECT 1") == 1
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_an_initdb_that_was_killed_leaves_no_obstacle(data_dir: Path) -> None:
    half = data_dir / "postgresql.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")

    with running(data_dir, options=FAST) as dsn:
        assert ask(dsn, "SELECT 1") == 1
    assert not half.exists()


def test_data_of_another_major_version_are_refused(data_dir: Path) -> None:
    with running(data_dir, options=FAST):
        pass
    (data_dir / "postgresql" / "PG_VERSION").write_text("17\n")

    with pytest.raises(CannotStart, match=r"are of PostgreSQL 17, this is 18.*Dump them"):
        running(data_dir).__enter__()


def test_a_setting_that_postgresql_refuses_is_named(data_dir: Path) -> None:
    with pytest.raises(CannotStart, match=r"does not start: .*no_such_setting.*postgresql\.log"):
        running(data_dir, options={"no_such_setting": "1"}).__enter__()


def test_a_data_folder_that_cannot_be_made_is_one_line(data_dir: Path) -> None:
    data_dir.parent.joinpath("data").write_text("a file")

    with pytest.raises(CannotStart, match=r"Cannot write to the data folder .*HARDOP_DATA_DIR"):
        running(data_dir / "below").__enter__()


def test_a_platform_without_binaries_is_told_what_to_do(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (programs().folder / "postgres").exists()
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)

    with pytest.raises(CannotStart, match="HARDOP_DATABASE_URL"):
        running(data_dir).__enter__()


def test_variables_of_another_postgresql_lead_nobody_astray(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"PGPORT": "1", "PGDATA": "/nowhere", "PGHOST": "nowhere"}.items():
        monkeypatch.setenv(name, value)

    with running(data_dir, options=FAST) as dsn:
        assert ask(dsn, "SHOW server_version_num") == f"{MAJOR_VERSION}0004"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
def test_root_serves_from_a_folder_that_only_root_may_enter(data_dir: Path) -> None:
    data_dir.parent.chmod(0o700)

    with running(data_dir, options=FAST) as dsn:
        pid = postmaster(data_dir)
        assert ask(dsn, "SELECT 1") == 1
        assert Path(f"/proc/{pid}").stat().st_uid != 0
    assert data_dir.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
def test_root_without_a_way_to_become_somebody_else_is_told_what_to_do(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.unprivileged._ACCOUNTS", ("no_such_account",))

    with pytest.raises(CannotStart, match="as an ordinary user, or name a database in HARDOP_"):
        running(data_dir).__enter__()


def test_a_command_starts_the_server_for_its_time_only(data_dir: Path) -> None:
    env = clean_environment(HARDOP_DATA_DIR=str(data_dir))

    done = try_hardop("migrate", environment=env, cwd=data_dir.parent)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("The schema went from nothing to ")
    assert postmaster(data_dir) is None
