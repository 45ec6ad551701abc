"""A load generator for machines without wrk: `benchmarks.generator URL FILE SECONDS START`.

It is slower than wrk and takes more of the processors, so compare only what it measured itself.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import urlsplit

import uvloop

from benchmarks.load import CONNECTIONS, Request


async def _drive(
    host: str, port: int, sent: Iterator[bytes], ends_at: float, took: list[float]
) -> int:
    reader, writer = await asyncio.open_connection(host, port)
    errors = 0
    while time.perf_counter() < ends_at:
        began = time.perf_counter()
        writer.write(next(sent))
        head = await reader.readuntil(b"\r\n\r\n")
        errors += head[9:10] != b"2"
        length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
        await reader.readexactly(int(length))
        took.append(time.perf_counter() - began)
    writer.close()
    return errors


async def _main(url: str, requests: list[Request], seconds: float, start: int) -> None:
    place = urlsplit(url)
    assert place.hostname
    assert place.port
    encoded = [encode(place.netloc, each) for each in requests]
    sent = islice(cycle(encoded), start % len(encoded), None)
    took: list[float] = []
    began = time.perf_counter()
    errors = await asyncio.gather(
        *(
            _drive(place.hostname, place.port, sent, began + seconds, took)
            for _ in range(CONNECTIONS)
        )
    )
    elapsed = time.perf_counter() - began
    took.sort()
    found = {
        "requests": len(took),
        "seconds": elapsed,
        "p50_ms": took[len(took) // 2] * 1e3,
        "p99_ms": took[len(took) * 99 // 100] * 1e3,
        "errors": sum(errors),
    }
    print("@" + json.dumps(found))


def encode(host: str, request: Request) -> bytes:
    """The bytes of a request."""
    lines = [f"{request.method} {request.path} HTTP/1.1", f"Host: {host}"]
    if request.token:
        lines.append(f"Authorization: Bearer {request.token}")
    body = request.body.encode()
    if body:
        lines.append("Content-Type: application/x-www-form-urlencoded")
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


if __name__ == "__main__":
    _url, _file, _seconds, _start = sys.argv[1:]
    _requests = [Request(**each) for each in json.loads(Path(_file).read_text())]
    uvloop.run(_main(_url, _requests, float(_seconds), int(_start)))
