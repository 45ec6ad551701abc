"""Requests as bytes: what an HTTP client library would tidy up reaches the application as it is."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


async def send(
    app: FastAPI,
    method: str,
    path: str,
    *,
    query: bytes = b"",
    content_type: str | None = None,
    body: bytes | Sequence[bytes] = b"",
    headers: Sequence[tuple[str, str]] = (),
    line: asyncio.Event | None = None,
) -> Answer:
    """Send one request; a sequence of chunks goes without Content-Length.

    Of the body nothing comes before `line` is set.
    """
    chunks = [body] if isinstance(body, bytes) else list(body)
    sent = [(name.lower().encode(), value.encode()) for name, value in headers]
    if content_type is not None:
        sent.append((b"content-type", content_type.encode("latin-1", "replace")))
    if not isinstance(body, bytes):
        sent.append((b"transfer-encoding", b"chunked"))
    elif body:
        sent.append((b"content-length", str(len(body)).encode()))
    waiting = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks] + [
        {"type": "http.request", "body": b"", "more_body": False}
    ]
    received: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if line is not None:
            await line.wait()
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def keep(message: Any) -> None:
        received.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query,
        "headers": sent,
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
    }
    await app(scope, receive, keep)
    start = received[0]
    return Answer(
        start["status"],
        {name.decode(): value.decode() for name, value in start["headers"]},
        b"".join(message.get("body", b"") for message in received[1:]),
    )


def answer(app: FastAPI, method: str, path: str, **request: Any) -> Answer:
    """`send`, for tests that are not coroutines."""
    return asyncio.run(send(app, method, path, **request))
