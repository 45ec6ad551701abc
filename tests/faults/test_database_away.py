"""DB-1, DB-2: a database that restarts, freezes or is away is a 503, and then it is over."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count

import httpx
import pytest

from tests.faults.clusters import Cluster
from tests.processes import Server, running_server, until

pytestmark = pytest.mark.timeout(400)

TOKEN = "only-this-test-knows-it"
# DB-1: connecting 3 s, a statement 2.5 s, twice for a frozen server; the request at most 10 s.
LONGEST_SECONDS = 12.0


@pytest.fixture(scope="module")
def server(second_cluster: Cluster) -> Iterator[Server]:
    second_cluster.sql("CREATE DATABASE away OWNER clerk")
    with running_server(
        HARDOP_DATABASE_URL=second_cluster.url("away"), HARDOP_RATE_LIMITS="off"
    ) as running:
        running.hardop("account", "create", "ada", "--email", "ada@example.org")
        running.hardop("token", "create", "ada", "--scopes", "read write", "--value", TOKEN)
        yield running


@dataclass
class Traffic:
    """People who read and post all the time."""

    url: str
    stop: threading.Event = field(default_factory=threading.Event)
    answers: Counter[int] = field(default_factory=Counter)
    without_retry_after: list[str] = field(default_factory=list)
    acknowledged: set[str] = field(default_factory=set)
    slowest_seconds: float = 0.0
    lost: list[str] = field(default_factory=list)

    def __enter__(self) -> "Traffic":
        work = (self._read_home, self._read_public, self._post, self._post)
        self._threads = [threading.Thread(target=self._repeat, args=(one,)) for one in work]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        for thread in self._threads:
            thread.join()

    def _repeat(self, work: Callable[[httpx.Client], httpx.Response]) -> None:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        with httpx.Client(
            base_url=self.url, headers=headers, timeout=30, trust_env=False
        ) as client:
            while not self.stop.is_set():
                began = time.monotonic()
                try:
                    response = work(client)
                except httpx.TransportError as error:
                    self.lost.append(repr(error))
                    continue
                self.slowest_seconds = max(self.slowest_seconds, time.monotonic() - began)
                self.answers[response.status_code] += 1
                if response.status_code == 503 and "retry-after" not in response.headers:
                    self.without_retry_after.append(response.text)
                time.sleep(0.02)

    def _read_home(self, client: httpx.Client) -> httpx.Response:
        return client.get("/api/v1/timelines/home")

    def _read_public(self, client: httpx.Client) -> httpx.Response:
        return client.get("/api/v1/timelines/public")

    def _post(self, client: httpx.Client) -> httpx.Response:
        text = f"post {next(_numbers)}"
        response = client.post("/api/v1/statuses", json={"status": text})
        if response.status_code == 200:
            self.acknowledged.add(text)
        return response


_numbers = count(1)


def is_well(server: Server) -> bool:
    """Whether reading, writing and the probes work again."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with httpx.Client(base_url=server.url, headers=headers, timeout=30, trust_env=False) as client:
        answers = (
            client.get("/readyz"),
            client.get("/api/v1/timelines/home"),
            client.post("/api/v1/statuses", json={"status": f"well again {next(_numbers)}"}),
        )
    return all(answer.status_code == 200 for answer in answers)


def check(traffic: Traffic, second_cluster: Cluster) -> None:
    """What must hold after every trouble."""
    assert set(traffic.answers) == {200, 503}, traffic.answers
    assert traffic.without_retry_after == []
    assert traffic.lost == []
    assert traffic.slowest_seconds < LONGEST_SECONDS
    kept = [row[0] for row in second_cluster.sql("SELECT text FROM statuses", "away")]
    assert traffic.acknowledged <= set(kept), "nothing acknowledged is lost"
    assert len(kept) == len(set(kept)), "nothing is doubled"


def test_a_restart_is_a_moment_of_503(server: Server, second_cluster: Cluster) -> None:
    with Traffic(server.url) as traffic:
        until(lambda: traffic.answers[200] > 20, 60, "people are served")
        second_cluster.stop()
        second_cluster.start()
        until(lambda: traffic.answers[503] > 0, 60, "it is noticed")
        until(lambda: is_well(server), 60, "it recovers")

    check(traffic, second_cluster)


def test_absence_is_503_until_it_is_over(server: Server, second_cluster: Cluster) -> None:
    with Traffic(server.url) as traffic:
        until(lambda: traffic.answers[200] > 20, 60, "people are served")
        second_cluster.stop()
        try:
            until(lambda: traffic.answers[503] > 40, 60, "all are told")
            assert httpx.get(f"{server.url}/livez", trust_env=False).status_code == 200
            # It looks once a second.
            ready = f"{server.url}/readyz"
            until(
                lambda: httpx.get(ready, trust_env=False, timeout=30).status_code == 503,
                30,
                "it says that it is not ready",
            )
        finally:
            second_cluster.start()
        until(lambda: is_well(server), 60, "it recovers")

    check(traffic, second_cluster)


def test_a_freeze_is_503_until_it_is_over(server: Server, second_cluster: Cluster) -> None:
    with Traffic(server.url) as traffic:
        until(lambda: traffic.answers[200] > 20, 60, "people are served")
        second_cluster.freeze()
        try:
            until(lambda: traffic.answers[503] > 8, 60, "all are told")
            assert httpx.get(f"{server.url}/livez", trust_env=False).status_code == 200
        finally:
            second_cluster.thaw()
        until(lambda: is_well(server), 60, "it recovers")

    check(traffic, second_cluster)


def test_jobs_go_on_after_the_database_was_away(server: Server, second_cluster: Cluster) -> None:
    worker = server.pids("worker")
    second_cluster.stop()
    second_cluster.start()
    until(lambda: is_well(server), 60, "it recovers")

    waiting = "SELECT count(*) FROM jobs.pgqueuer WHERE status <> 'failed'"
    until(lambda: second_cluster.sql(waiting, "away") == [["0"]], 60, "the queue is worked off")
    assert server.pids("worker") == worker, f"the process outlives it:\n{server.said()[-5000:]}"
