"""The head of an answer goes out with its body, and never later than what comes after it."""

import asyncio
from typing import Any

import pytest
import uvicorn

from app.cli.one_write import OneWriteProtocol

pytestmark = pytest.mark.anyio

HEAD = b"HTTP/1.1 200 OK\r\n\r\n"


class Wire(asyncio.Transport):
    """Where everything is written down."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[bytes] = []

    def write(self, data: Any) -> None:
        self.said.append(bytes(data))

    def close(self) -> None:
        self.said.append(b"closed")

    def is_closing(self) -> bool:
        return b"closed" in self.said

    def set_protocol(self, _: asyncio.BaseProtocol) -> None:
        self.said.append(b"handed on")


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
async def transport(wire: Wire) -> asyncio.Transport:
    """What uvicorn writes to."""
    config = uvicorn.Config(app="", log_config=None)
    config.load_app = lambda: None  # type: ignore[method-assign]  # none is called
    config.load()
    protocol = OneWriteProtocol(config, uvicorn.Server(config).server_state, {})
    protocol.connection_made(wire)
    return protocol.transport


async def test_head_and_body_are_one_write(transport: asyncio.Transport, wire: Wire) -> None:
    transport.write(HEAD)
    transport.write(b"body")
    transport.write(b"more")

    await asyncio.sleep(0)
    assert wire.said == [HEAD + b"body", b"more"]


async def test_a_head_alone_is_written_in_the_next_round(
    transport: asyncio.Transport, wire: Wire
) -> None:
    transport.write(HEAD)
    assert wire.said == []

    await asyncio.sleep(0)

    assert wire.said == [HEAD]


async def test_nothing_is_lost_at_the_end(transport: asyncio.Transport, wire: Wire) -> None:
    transport.write(HEAD)
    transport.set_protocol(asyncio.Protocol())
    transport.write(HEAD)
    transport.close()

    await asyncio.sleep(0)
    assert wire.said == [HEAD, b"handed on", HEAD, b"closed"]


async def test_who_is_gone_is_told_nothing(transport: asyncio.Transport, wire: Wire) -> None:
    transport.write(HEAD)
    wire.close()

    await asyncio.sleep(0)

    assert wire.said == [b"closed"]
