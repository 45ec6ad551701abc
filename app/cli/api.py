"""The API process, which `hardop serve` starts on its listening socket: `python -m app.cli.api`."""

import gc
import signal
import socket
import sys
import time
from contextlib import suppress
from types import FrameType

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app import logs, settings
from app.cli import lifeline
from app.cli.one_write import OneWriteProtocol
from app.errors import CannotStart
from app.main import create_app
from app.streaming.hub import Hub

# A request ends within 10 s.
_FINISH_SECONDS = 10
# After SIGTERM streams end one after the other, so that not all come back in the same moment.
_SPREAD_SECONDS = 3.0
_KEEP_ALIVE_SECONDS = 75
# What clients send by WebSocket is small.
_MAX_FRAME_BYTES = 4096
_PING_SECONDS = 30


class _Server(uvicorn.Server):
    """After SIGTERM, `/readyz` says no for a while before the server stops listening (OP-2).

    Load balancers need that time to send requests elsewhere. After Ctrl-C nobody is waiting.
    """

    def __init__(self, config: uvicorn.Config, *, drain_seconds: float) -> None:
        super().__init__(config)
        self._drain_seconds = drain_seconds
        self._leave_at: float | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if sig == signal.SIGTERM and self._leave_at is None:
            self.config.app.state.draining = True  # type: ignore[union-attr]  # it is our FastAPI
            self._leave_at = time.monotonic() + self._drain_seconds
        else:
            super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Streams end only when they are told; nobody waits for those of Ctrl-C.
        for server in self.servers:
            server.close()
        hub: Hub = self.config.app.state.services.hub  # type: ignore[union-attr]  # ours
        await hub.close(_SPREAD_SECONDS if self._leave_at is not None else 0.0)
        await super().shutdown(sockets)

    async def on_tick(self, counter: int) -> bool:
        if self._leave_at is not None and time.monotonic() >= self._leave_at:
            self.should_exit = True
        return await super().on_tick(counter)


def configuration(
    app: ASGIApp, *, http: type[HttpToolsProtocol] = OneWriteProtocol
) -> uvicorn.Config:
    """How we run an ASGI application; benchmarks run theirs the same way, with uvicorn's `http`."""
    return uvicorn.Config(
        app,
        loop="uvloop",
        http=http,
        ws="websockets-sansio",
        # Compression would cost each socket more memory than all else.
        ws_per_message_deflate=False,
        ws_max_size=_MAX_FRAME_BYTES,
        ws_ping_interval=_PING_SECONDS,
        ws_ping_timeout=_PING_SECONDS,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        # Ours reads X-Forwarded-For, from HARDOP_TRUSTED_PROXIES only.
        proxy_headers=False,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_FINISH_SECONDS,
    )


def main(listening: int, parent: int) -> None:
    """Serve on the socket `listening` until told to stop, or until the parent is gone."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    lifeline.hold(parent)
    found = settings.load()
    logs.configure(found.log_level)
    app = create_app(found)
    app.state.draining = False
    # What start-up made stays: looking through it for garbage stopped every request for 80 ms, each
    # few seconds.
    gc.collect()
    gc.freeze()
    server = _Server(configuration(app), drain_seconds=found.drain_seconds)
    server.run(sockets=[socket.socket(fileno=listening)])
    if not server.started:
        raise CannotStart("The API did not start.")


if __name__ == "__main__":
    try:
        with suppress(KeyboardInterrupt):
            main(int(sys.argv[1]), int(sys.argv[2]))
    except CannotStart as error:
        sys.exit(f"hardop: {error}")
