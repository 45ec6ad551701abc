"""An API process that is killed while people post: they retry, and each status is there once."""

import asyncio
import os
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from itertools import count
from urllib.parse import urlsplit

import asyncpg
import httpx
import pytest

from app.migrate import migrate
from tests.postgres import create_from_template
from tests.processes import Server, running_server, until

pytestmark = pytest.mark.timeout(400)

POSTERS = 3
# A process that starts on a busy machine: whoever gave up before may have posted nevertheless.
LATEST_SECONDS = 120.0

TOKEN = "only-this-test-knows-it"
WAITS = """
SELECT count(*) > 0 FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


@pytest.fixture(scope="module")
def server(cluster: str) -> Iterator[Server]:
    url = asyncio.run(create_from_template(cluster, f"killed_api_{os.getpid()}", migrate))
    with running_server(HARDOP_DATABASE_URL=url, HARDOP_RATE_LIMITS="off") as running:
        running.hardop("account", "create", "ada", "--email", "ada@example.org")
        running.hardop("token", "create", "ada", "--value", TOKEN)
        yield running


def kill(server: Server) -> None:
    """Kill the API process, and wait for the next one."""
    (pid,) = server.pids("API")
    os.kill(pid, signal.SIGKILL)
    until(lambda: [one for one in server.pids("API") if one != pid], LATEST_SECONDS, "another runs")


class Poster(threading.Thread):
    """Posts one status after the other, each with a key, and sends it again until it is taken."""

    def __init__(self, url: str, name: str) -> None:
        super().__init__()
        # `{text: id}` of what the server said it has.
        self.acknowledged: dict[str, str] = {}
        self.surprises: list[httpx.Response] = []
        self.retries = 0
        self.enough = threading.Event()
        self._name = name
        self._client = httpx.Client(
            base_url=url, headers={"Authorization": f"Bearer {TOKEN}"}, trust_env=False, timeout=20
        )

    def run(self) -> None:
        with self._client:
            for number in count():
                if self.enough.is_set():
                    return
                text = f"{self._name} {number}"
                self.acknowledged[text] = self._post(text)

    def _post(self, text: str) -> str:
        while True:
            try:
                answer = self._client.post(
                    "/api/v1/statuses",
                    data={"status": text},
                    headers={"Idempotency-Key": text.replace(" ", "-")},
                )
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.status_code == 200:
                return str(answer.json()["id"])
            # 409: the first try still holds the key.
            if answer is not None and (
                answer.status_code not in (409, 503) or "retry-after" not in answer.headers
            ):
                self.surprises.append(answer)
            self.retries += 1
            time.sleep(0.02)


def test_nothing_acknowledged_is_lost_and_nothing_is_doubled(server: Server) -> None:
    posters = [Poster(server.url, f"poster{number}") for number in range(POSTERS)]

    def everybody_posted(times: int) -> bool:
        return all(len(poster.acknowledged) >= times for poster in posters)

    for poster in posters:
        poster.start()
    try:
        until(lambda: everybody_posted(5), LATEST_SECONDS, "everybody posts")
        kill(server)
    finally:
        for poster in posters:
            poster.enough.set()
    for poster in posters:
        poster.join()

    assert [poster.surprises for poster in posters] == [[]] * POSTERS
    assert sum(poster.retries for poster in posters) > 0, "nobody noticed"
    acknowledged = {text: id_ for poster in posters for text, id_ in poster.acknowledged.items()}
    kept = asyncio.run(statuses(server, "poster%"))
    assert Counter(text for text, _ in kept) == Counter(acknowledged.keys())
    assert dict(kept) == acknowledged


def test_an_answer_that_was_lost_is_given_again(server: Server) -> None:
    """ID-1: the status was there when the process died; only its author does not know."""
    body = b"status=lost"
    request = (
        f"POST /api/v1/statuses HTTP/1.1\r\nHost: {urlsplit(server.url).netloc}\r\n"
        f"Authorization: Bearer {TOKEN}\r\nIdempotency-Key: lost\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    port = urlsplit(server.url).port
    with socket.create_connection(("127.0.0.1", port)) as nobody_listens:
        nobody_listens.sendall(request.encode() + body)
        [(_, id_)] = until(
            lambda: asyncio.run(statuses(server, "lost")), LATEST_SECONDS, "the status is there"
        )
        kill(server)

    again = try_until_answered(server, "lost")

    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json()["id"] == id_
    assert len(asyncio.run(statuses(server, "lost"))) == 1


def test_a_process_that_dies_before_the_commit_leaves_nothing(server: Server) -> None:
    asyncio.run(kill_before_the_commit(server))
    assert asyncio.run(statuses(server, "halfway")) == []

    again = try_until_answered(server, "halfway")

    assert "Idempotent-Replayed" not in again.headers
    assert asyncio.run(statuses(server, "halfway")) == [("halfway", again.json()["id"])]


async def kill_before_the_commit(server: Server) -> None:
    """Kill the process while its transaction waits for a lock."""
    url = server.environment["HARDOP_DATABASE_URL"]
    blocker, watcher = await asyncpg.connect(url), await asyncpg.connect(url)
    try:
        client = httpx.AsyncClient(trust_env=False, timeout=LATEST_SECONDS)
        async with blocker.transaction(), client:
            await blocker.execute("LOCK TABLE events IN SHARE MODE")
            posting = asyncio.create_task(post(client, server, "halfway"))
            async with asyncio.timeout(LATEST_SECONDS):
                # Not in the transaction, which sees others as they were when it first looked.
                while not await watcher.fetchval(WAITS):
                    assert not posting.done(), posting
                    await asyncio.sleep(0.01)
            kill(server)
            with pytest.raises(httpx.TransportError):
                await posting
    finally:
        await blocker.close()
        await watcher.close()


async def post(client: httpx.AsyncClient, server: Server, text: str) -> httpx.Response:
    return await client.post(
        f"{server.url}/api/v1/statuses",
        data={"status": text},
        headers={"Authorization": f"Bearer {TOKEN}", "Idempotency-Key": text},
    )


def try_until_answered(server: Server, text: str) -> httpx.Response:
    """The answer of the process that is being started."""

    async def ask() -> httpx.Response | None:
        async with httpx.AsyncClient(trust_env=False, timeout=LATEST_SECONDS) as client:
            try:
                answer = await post(client, server, text)
            except httpx.TransportError:
                return None
        return answer if answer.status_code == 200 else None

    return until(lambda: asyncio.run(ask()), LATEST_SECONDS, "an answer")


async def statuses(server: Server, pattern: str) -> list[tuple[str, str]]:
    """`(text, id)` of every status whose text is LIKE `pattern`."""
    connection = await asyncpg.connect(server.environment["HARDOP_DATABASE_URL"])
    try:
        kept = await connection.fetch(
            "SELECT text, id::text FROM statuses WHERE text LIKE $1", pattern
        )
    finally:
        await connection.close()
    return [(row["text"], row["id"]) for row in kept]
