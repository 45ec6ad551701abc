"""`hardop serve`: one line when it cannot start, no process left when it stops."""

import os
import re
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from app.migrate import head
from tests.faults.clusters import Cluster
from tests.processes import (
    Server,
    clean_environment,
    folder,
    is_alive,
    running_server,
    try_hardop,
    until,
)

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def base() -> Iterator[Path]:
    with folder() as made:
        yield made


@contextmanager
def bystander(base: Path, *arguments: str, **environment: str) -> Iterator[Server]:
    """A server that is begun by hand; nothing of it is left afterwards."""
    server = Server(base / "data", ("--port", "0", *arguments), environment)
    try:
        yield server
    finally:
        server.kill()


@pytest.fixture(scope="module")
def shared() -> Iterator[Server]:
    """A server for this file: what a test breaks, the next one mends by starting it again."""
    with folder() as made:
        server = Server(made / "data", ("--port", "0"), {})
        try:
            yield server
        finally:
            server.kill()


@pytest.fixture
def server(shared: Server) -> Server:
    """A server that answers."""
    if not shared.is_running:
        shared.start()
    return shared


def status(url: str) -> int:
    """The status of an answer; 0 if there is none."""
    try:
        return httpx.get(url, timeout=10, trust_env=False).status_code
    except httpx.TransportError:
        return 0


def refusal(base: Path, *arguments: str, **environment: str) -> str:
    """The one line with which `hardop ARGUMENTS` refuses."""
    given = clean_environment(**{"HARDOP_DATA_DIR": str(base / "data"), **environment})
    done = try_hardop(*arguments, environment=given, cwd=base)
    assert done.returncode == 1, done
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("hardop: ")
    return lines[0]


def test_a_stranger_is_told_where_it_listens_and_what_to_do_next(server: Server) -> None:
    assert status(f"{server.url}/livez") == 200
    assert status(f"{server.url}/readyz") == 200
    said = server.said()
    assert str(server.data_dir) in said
    assert f"{server.url}/docs" in said
    assert "account create" in said
    assert f"schema: up to date ({head()})" in server.hardop("doctor")
    assert "PROBLEM" not in server.hardop("doctor")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_stopping_leaves_no_process(server: Server, number: int) -> None:
    pids = server.all_pids()
    assert len(pids) > 4, "the first one, API, worker, PostgreSQL and its processes"

    assert server.stop(number) == 0

    assert not any(map(is_alive, pids))
    assert "Traceback" not in server.printed()


def test_ctrl_c_reaches_the_whole_group_of_the_terminal(server: Server) -> None:
    pids = server.all_pids()

    os.killpg(server.pid, signal.SIGINT)

    assert server.wait() == 0
    assert not any(map(is_alive, pids))
    assert "Traceback" not in server.printed()


def test_stopping_during_the_start_leaves_no_process(base: Path) -> None:
    with bystander(base) as server:
        server.begin()
        until(lambda: server.embedded.pid(), 60, "PostgreSQL starts")

        assert server.stop() == 0

        assert server.all_pids() == set()
        assert server.said() == ""


def test_after_sigterm_it_answers_but_is_not_ready_until_a_second_one_ends_it() -> None:
    """OP-2: a load balancer gets the time to send requests elsewhere."""
    with running_server(HARDOP_DRAIN_SECONDS="15") as server:
        pids = server.all_pids()
        os.kill(server.pid, signal.SIGTERM)
        until(lambda: status(f"{server.url}/readyz") == 503, 12, "it says that it drains")
        assert status(f"{server.url}/livez") == 200
        began = time.monotonic()

        server.stop(signal.SIGTERM)

        assert time.monotonic() - began < 12
        assert not any(map(is_alive, pids))


def test_after_a_power_cut_the_next_start_finds_the_data(server: Server) -> None:
    server.hardop("account", "create", "ada", "--email", "ada@example.org")
    server.kill()
    assert server.all_pids() == set()

    server.start()

    answer = httpx.get(f"{server.url}/api/v1/accounts/lookup?acct=ada", trust_env=False)
    assert answer.json()["username"] == "ada"


def test_children_end_when_their_parent_was_killed_and_postgresql_is_adopted(
    server: Server,
) -> None:
    children = [*server.pids("API"), *server.pids("worker")]
    database = server.postmaster()
    os.kill(server.pid, signal.SIGKILL)

    until(lambda: not any(map(is_alive, children)), 30, "the children end")
    assert is_alive(database)
    server.wait()
    server.start()
    assert server.postmaster() == database
    assert server.stop() == 0

    assert not is_alive(database)


@pytest.mark.parametrize("kind", ["API", "worker"])
def test_a_child_that_dies_is_started_again(server: Server, kind: str) -> None:
    (first,) = server.pids(kind)
    os.kill(first, signal.SIGKILL)

    until(lambda: [pid for pid in server.pids(kind) if pid != first], 60, "another one runs")

    until(lambda: status(f"{server.url}/readyz") == 200, 60, "it answers")
    assert f"The {kind} process ended (SIGKILL)" in server.said()


def test_a_postgresql_that_dies_is_started_again(server: Server) -> None:
    first = server.postmaster()
    os.kill(first, signal.SIGKILL)

    until(lambda: "runs again" in server.said(), 60, "PostgreSQL is started again")

    until(lambda: status(f"{server.url}/readyz") == 200, 60, "it answers")
    assert server.postmaster() != first


def test_several_processes_share_one_socket() -> None:
    with running_server("--workers", "2", "--no-worker") as server:
        assert len(server.pids("API")) == 2
        assert server.pids("worker") == []
        os.kill(server.pids("API")[0], signal.SIGSTOP)
        try:
            answered = {status(f"{server.url}/livez") for _ in range(3)}
        finally:
            for pid in server.pids("API"):
                os.kill(pid, signal.SIGCONT)
        assert answered == {200}


def test_a_port_in_use_is_one_line(base: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        line = refusal(base, "serve", "--port", str(port))

    assert re.search(r"Stop what uses it, or choose another: \S*hardop serve --port \d+$", line)
    assert f"port {port}" in line
    assert not (base / "data" / "postgresql").exists()


def test_an_address_that_is_not_ours_is_one_line(base: Path) -> None:
    assert "Cannot listen on 192.0.2.1" in refusal(base, "serve", "--host", "192.0.2.1")


def test_a_data_folder_in_use_is_one_line_but_commands_may_use_it(server: Server) -> None:
    line = refusal(
        server.data_dir.parent,
        *("serve", "--port", "0"),
        HARDOP_DATA_DIR=str(server.data_dir),
    )

    assert f"already served by process {server.pid} at {server.url}" in line
    assert status(f"{server.url}/readyz") == 200
    assert "Created bob" in server.hardop("account", "create", "bob", "--email", "b@example.org")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("HARDOP_REGISTRATION", "sometimes", "HARDOP_REGISTRATION: Input should be 'open'"),
        ("HARDOP_BASE_URL", "hardop.example.org", "HARDOP_BASE_URL: must be like https://"),
        ("HARDOP_SECRET_KEY", "short", "HARDOP_SECRET_KEY: String should have at least 32"),
        ("HARDOP_DATABASE_URL", "mysql://x/y", "HARDOP_DATABASE_URL: must begin with postgresql"),
        ("HARDOP_REGISTRATOIN", "open", "Unknown setting HARDOP_REGISTRATOIN"),
    ],
)
def test_a_wrong_setting_is_named(base: Path, name: str, value: str, words: str) -> None:
    line = refusal(base, "serve", **{name: value})

    assert words in line
    assert f"{value!r}" not in line.replace("'open'", ""), "it may be a secret"


def test_a_wrong_line_in_the_env_file_is_named_and_those_of_others_are_not_ours(base: Path) -> None:
    (base / ".env").write_text("PGPASSWORD=geheim\nHARDOP_TITEL=Hier\n")

    assert "Unknown setting HARDOP_TITEL." in refusal(base, "serve")


@pytest.mark.parametrize("command", ["worker", "migrate"])
def test_every_command_refuses_a_wrong_setting(base: Path, command: str) -> None:
    assert "HARDOP_REGISTRATION: Input" in refusal(base, command, HARDOP_REGISTRATION="sometimes")


def test_doctor_reports_a_wrong_setting(base: Path) -> None:
    environment = clean_environment(HARDOP_REGISTRATION="sometimes")

    done = try_hardop("doctor", environment=environment, cwd=base)

    assert done.returncode == 1
    assert "PROBLEM" in done.stdout
    assert "HARDOP_REGISTRATION: Input should be" in done.stdout


def test_a_database_that_is_away_is_one_line_for_commands(base: Path) -> None:
    url = "postgresql://ada:geheim@127.0.0.1:1/hardop"

    line = refusal(base, "migrate", HARDOP_DATABASE_URL=url)

    assert "127.0.0.1:1/hardop does not answer: Connection refused" in line
    assert "geheim" not in line


def test_serve_does_not_wait_for_ever(base: Path) -> None:
    nowhere = {"HARDOP_DATABASE_URL": "postgresql://ada@127.0.0.1:1/hardop"}
    with bystander(base, HARDOP_DATABASE_WAIT_SECONDS="1", **nowhere) as server:
        server.begin()

        assert server.wait() == 1
        *_, line = server.said().splitlines()
        assert "127.0.0.1:1/hardop does not answer: Connection refused. Start it" in line
        assert "Traceback" not in server.said()


def test_serve_waits_for_a_database_that_is_away(base: Path, second_cluster: Cluster) -> None:
    """OP-3."""
    second_cluster.sql("CREATE DATABASE late OWNER clerk")
    second_cluster.stop()
    late = {
        "HARDOP_DATABASE_URL": second_cluster.url("late"),
        "HARDOP_DATABASE_WAIT_SECONDS": "300",
    }
    with bystander(base, **late) as server:
        try:
            server.begin()
            until(lambda: "Waiting for the database" in server.said(), 60, "it waits")
            assert "Connection refused. Trying for 300 s." in server.said()
            assert "listens on" not in server.said()
        finally:
            second_cluster.start()

        until(lambda: "listens on" in server.said(), 120, "it starts")
        assert server.stop() == 0
    assert second_cluster.sql("SELECT version_num FROM alembic_version", "late") == [[head()]]
