"""Streams over several processes, through a database that goes away, until the server stops."""

import asyncio
import os
import signal
import time
from collections.abc import Iterator

import httpx
import pytest

from tests.faults.clusters import Cluster
from tests.processes import Server, running_server
from tests.streams import EventSource, event_source, socket

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(400)]

TOKEN = "only-this-test-knows-it"
HEADERS = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture(scope="module")
def server(second_cluster: Cluster) -> Iterator[Server]:
    second_cluster.sql("CREATE DATABASE streams OWNER clerk")
    with running_server(
        HARDOP_DATABASE_URL=second_cluster.url("streams"), HARDOP_RATE_LIMITS="off"
    ) as running:
        running.hardop("account", "create", "ada", "--email", "ada@example.org")
        running.hardop("token", "create", "ada", "--scopes", "read write", "--value", TOKEN)
        yield running


async def post(url: str, text: str) -> str:
    """The id of a new status; patient with a database that comes back."""
    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
        while True:
            answer = await client.post(
                f"{url}/api/v1/statuses", json={"status": text}, headers=HEADERS
            )
            if answer.status_code == 200:
                return str(answer.json()["id"])
            assert answer.status_code == 503
            await asyncio.sleep(0.1)


async def hear(source: EventSource, status_id: str) -> None:
    while (await source.until("update"))["id"] != status_id:
        pass


async def test_what_one_server_writes_the_others_tell(
    server: Server, second_cluster: Cluster
) -> None:
    with running_server(
        "--no-worker",
        *("--workers", "2"),
        HARDOP_DATABASE_URL=second_cluster.url("streams"),
        HARDOP_BASE_URL=server.url,
        HARDOP_RATE_LIMITS="off",
    ) as other:
        async with (
            event_source(server.url, "user", HEADERS) as here,
            event_source(other.url, "user", HEADERS) as there,
            event_source(other.url, "public", HEADERS) as in_public,
            socket(other.url, "?stream=user", HEADERS) as by_socket,
        ):
            await by_socket.settle()
            status_id = await post(other.url, "Everywhere")
            for source in (here, there, in_public):
                await hear(source, status_id)
            frame = await by_socket.next()

    assert frame["payload"]["id"] == status_id


async def test_streams_outlive_a_restart_of_the_database(
    server: Server, second_cluster: Cluster
) -> None:
    async with event_source(server.url, "user", HEADERS) as home:
        await hear(home, await post(server.url, "Before"))
        await asyncio.to_thread(second_cluster.stop)
        await asyncio.to_thread(second_cluster.start)

        during = await post(server.url, "As soon as it is back")
        await hear(home, during)
        await hear(home, await post(server.url, "After"))


async def test_a_listener_whose_connection_is_cut_listens_again(
    server: Server, second_cluster: Cluster
) -> None:
    async with event_source(server.url, "user", HEADERS) as home:
        await hear(home, await post(server.url, "Before"))
        second_cluster.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = 'streams' AND query LIKE 'LISTEN%'"
        )

        await hear(home, await post(server.url, "Meanwhile"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_stopping_ends_streams_soon(
    server: Server, second_cluster: Cluster, number: int
) -> None:
    """OP-2: nobody waits for what never ends by itself."""
    with running_server(
        "--no-worker",
        HARDOP_DATABASE_URL=second_cluster.url("streams"),
        HARDOP_RATE_LIMITS="off",
    ) as other:
        async with (
            event_source(other.url, "user", HEADERS) as home,
            socket(other.url, "?stream=user", HEADERS) as by_socket,
        ):
            await by_socket.settle()
            began = time.monotonic()
            os.kill(other.pid, number)

            assert await home.ended()
            assert await by_socket.closed() == 1001
        code = await asyncio.to_thread(other.wait)
        took = time.monotonic() - began

    assert code == 0
    # Far from the ten seconds for which requests are waited for.
    assert took < 9
    assert "Traceback" not in other.printed()
