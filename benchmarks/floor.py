"""The floor: what the same pages cost with no framework, no login and nothing to decide.

A bare ASGI application; for each request one statement that fetches ready-made JSON of the length
our server answers with, or, for posting, that writes one row.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx

from benchmarks.scenarios import answer_name

_TABLES = """
DROP TABLE IF EXISTS floor_homes, floor_answers, floor_posts;
-- Rows stay whole: no time is lost on putting long values elsewhere.
CREATE TABLE floor_homes (
    account_id bigint, status_id bigint, body text, PRIMARY KEY (account_id, status_id)
) WITH (toast_tuple_target = 8160);
CREATE TABLE floor_answers (path text PRIMARY KEY, body text) WITH (toast_tuple_target = 8160);
CREATE TABLE floor_posts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, text text,
    created_at timestamptz NOT NULL DEFAULT now()
);
"""
_HOME = "SELECT body FROM floor_homes WHERE account_id = $1 ORDER BY status_id DESC LIMIT 20"
_ANSWER = "SELECT body FROM floor_answers WHERE path = $1"
_POST = "INSERT INTO floor_posts (text) VALUES ($1) RETURNING id"

CONNECTIONS = 10


class Floor:
    """`GET /home/{account}`, `GET /answers/...`, `POST /posts`, and nothing else."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._pool: asyncpg.Pool | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        assert self._pool is not None
        path: str = scope["path"]
        if path.startswith("/home/"):
            rows = await self._pool.fetch(_HOME, int(path[6:]))
            body = ("[" + ",".join([row[0] for row in rows]) + "]").encode()
        elif path.startswith("/answers/"):
            rows = await self._pool.fetch(_ANSWER, path)
            body = rows[0][0].encode()
        elif path == "/posts":
            sent = await receive()
            await self._pool.fetch(_POST, sent["body"].decode())
            body = b'{"text":"%b"}' % (b"." * 1500)
        else:
            body = b"{}"
        await send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [
                    (b"content-type", b"application/json"),
                    (b"content-length", b"%d" % len(body)),
                ],
            }
        )
        await send({"type": "http.response.body", "body": body})

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Ready to answer while the block lasts."""
        self._pool = await asyncpg.create_pool(
            self._dsn,
            min_size=CONNECTIONS,
            max_size=CONNECTIONS,
            # As ours: the default reset costs a second round trip.
            reset=_keep,
            server_settings={"jit": "off"},
        )
        try:
            yield
        finally:
            self._pool.terminate()

    async def _live(self, receive: Any, send: Any) -> None:
        await receive()
        async with self.open():
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})


async def _keep(_connection: object) -> None:
    """Leave a connection as it is when it goes back to the pool."""


async def fill(
    dsn: str, server: httpx.AsyncClient, people: list[tuple[int, str]], paths: list[tuple[str, str]]
) -> None:
    """Give the floor what the server answers: the homes of `people`, and (path, token) `paths`."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(_TABLES)
        homes: list[tuple[int, int, str]] = []
        for account_id, token in people:
            homes += [(account_id, *status) for status in await _bodies(server, token)]
        await connection.copy_records_to_table("floor_homes", records=homes)
        answers = {
            f"/answers{answer_name(path, token)}": (await _get(server, path, token)).text
            for path, token in paths
        }
        await connection.copy_records_to_table("floor_answers", records=answers.items())
        await connection.execute("VACUUM ANALYZE floor_homes, floor_answers")
    finally:
        await connection.close()


async def _bodies(server: httpx.AsyncClient, token: str) -> list[tuple[int, str]]:
    """Id and text of each status at home, exactly as the server writes it."""
    answer = await _get(server, "/api/v1/timelines/home?limit=40", token)
    # Asked one by one, so that not even a space is different.
    statuses = await asyncio.gather(
        *(_get(server, f"/api/v1/statuses/{status['id']}", token) for status in answer.json()[:20])
    )
    return [(int(status.json()["id"]), status.text) for status in statuses]


async def _get(server: httpx.AsyncClient, path: str, token: str) -> httpx.Response:
    answer = await server.get(path, headers={"Authorization": f"Bearer {token}"})
    answer.raise_for_status()
    return answer
