"""Any PostgreSQL by HARDOP_DATABASE_URL, instead of the embedded one."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.migrate import head
from tests.faults.clusters import Cluster
from tests.processes import clean_environment, folder, running_server, try_hardop, until

pytestmark = pytest.mark.timeout(180)

WRONG_PASSWORD = 'refuses: password authentication failed for user "clerk"'
NO_DATABASE = 'refuses: database "nothing" does not exist'


@pytest.fixture
def base() -> Iterator[Path]:
    with folder() as made:
        yield made


def test_the_server_runs_on_a_database_that_is_named(second_cluster: Cluster) -> None:
    with running_server(HARDOP_DATABASE_URL=second_cluster.url()) as server:
        server.hardop("account", "create", "ada", "--email", "ada@example.org")
        token = server.hardop("token", "create", "ada").strip()
        with httpx.Client(
            base_url=server.url, headers={"Authorization": f"Bearer {token}"}, trust_env=False
        ) as ada:
            posted = ada.post("/api/v1/statuses", data={"status": "@ada Hier ben ik"}).json()
            home = ada.get("/api/v1/timelines/home").json()
            assert [status["id"] for status in home] == [posted["id"]]
            doctor = server.hardop("doctor")
            # The worker runs on it, too.
            done = "SELECT count(*) FROM jobs.pgqueuer"
            until(lambda: second_cluster.sql(done, "organisation") == [["0"]], 10, "jobs are done")
        assert f"schema: up to date ({head()})" in doctor
        assert "PROBLEM" not in doctor
        assert f"127.0.0.1:{second_cluster.port}/organisation" in server.said()
        assert not (server.data_dir / "postgresql").exists(), "an embedded one was started, too"
        for said in (server.printed(), doctor):
            assert second_cluster.password not in said
            assert second_cluster.url() not in said
    kept = second_cluster.sql("SELECT username FROM accounts", "organisation")
    assert kept == [["ada"]]


@pytest.mark.parametrize(
    ("arguments", "database", "password", "words"),
    [
        (("serve", "--port", "0"), "organisation", "wrong", WRONG_PASSWORD),
        (("serve", "--port", "0"), "nothing", Cluster.password, NO_DATABASE),
        (("token", "create", "ada"), "organisation", "wrong", WRONG_PASSWORD),
    ],
)
def test_a_database_that_refuses_is_one_line(
    second_cluster: Cluster,
    base: Path,
    arguments: tuple[str, ...],
    database: str,
    password: str,
    words: str,
) -> None:
    environment = clean_environment(
        HARDOP_DATA_DIR=str(base / "data"),
        HARDOP_DATABASE_URL=second_cluster.url(database, password),
    )

    done = try_hardop(*arguments, environment=environment, cwd=base)

    assert done.returncode == 1
    assert done.stdout == ""
    [line] = done.stderr.splitlines()
    assert line.startswith(f"hardop: The database at 127.0.0.1:{second_cluster.port}/{database} ")
    assert words in line
    assert password not in line


def test_doctor_names_a_database_that_refuses(second_cluster: Cluster, base: Path) -> None:
    environment = clean_environment(
        HARDOP_DATA_DIR=str(base / "data"),
        HARDOP_DATABASE_URL=second_cluster.url(password="wrong"),
    )

    done = try_hardop("doctor", environment=environment, cwd=base)

    assert done.returncode == 1
    assert "PROBLEM" in done.stdout
    assert WRONG_PASSWORD in done.stdout
    assert "Traceback" not in done.stderr
