"""`hardop serve`: a whole server in one process tree."""

import asyncio
import errno
import fcntl
import importlib.metadata
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from app import embedded_postgres, settings
from app.cli.children import Child, Children
from app.cli.connecting import connected, place
from app.errors import CannotStart
from app.settings import Settings

# A predecessor that was killed needs a moment to let go of the port.
_BIND_SECONDS = 1.5
_READY_SECONDS = 120.0
_LOOK_SECONDS = 1.0
_POLL_SECONDS = 0.05
_BACKLOG = 2048
_GONE_MILLISECONDS = 60_000
_WORKER_STOP_SECONDS = 10.0
_API_STOP_SECONDS = 14.0


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The port; 0 takes any free one.")
    ] = 8000,
    workers: Annotated[int, typer.Option(min=1, help="How many API processes.")] = 1,
    worker: Annotated[bool, typer.Option(help="Run jobs here too.")] = True,
) -> None:
    """Run the server: API, jobs and, if no database is named, PostgreSQL."""
    signals = _Signals()
    try:
        with ExitStack() as stack:
            found = settings.load()
            is_embedded = found.database_url is None
            if is_embedded:
                lock = stack.enter_context(_only_server(found.data_dir))
            listening = stack.enter_context(_bind(host, port))
            url = _url(host, listening.getsockname()[1])
            found = found.model_copy(update={"base_url": found.base_url or url})
            if is_embedded:
                _note(lock, found.origin)
            ready = stack.enter_context(connected(found, patient=True))
            server = _Server(ready, is_embedded=is_embedded, listening=listening, url=url)
            server.migrate()
            asyncio.run(server.run(signals, processes=workers, with_worker=worker))
    except KeyboardInterrupt:
        # Told to stop before, or while, all was running.
        if signals.count > 1:
            sys.exit(1)


class _Signals:
    """What Ctrl-C and SIGTERM do: tell whoever listens, or else interrupt."""

    def __init__(self) -> None:
        self.count = 0
        self.listener: Callable[[int], None] | None = None
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number == signal.SIGHUP and signal.getsignal(number) == signal.SIG_IGN:
                continue  # nohup
            signal.signal(number, self._on)

    def _on(self, number: int, _: FrameType | None) -> None:
        self.count += 1
        if self.listener is None:
            raise KeyboardInterrupt
        self.listener(number)


class _Server:
    """The processes that serve, under one that only watches."""

    def __init__(
        self, ready: Settings, *, is_embedded: bool, listening: socket.socket, url: str
    ) -> None:
        self._settings = ready
        self._is_embedded = is_embedded
        self._listening = listening
        self._url = url
        self._environment = {
            "HARDOP_DATABASE_URL": ready.database_url or "",
            "HARDOP_BASE_URL": ready.origin,
        }

    def migrate(self) -> None:
        """Bring the schema up to date, in a process of its own: its libraries stay out of ours."""
        done = subprocess.run(
            [sys.executable, "-m", "app.cli", "migrate"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env={**os.environ, **self._environment},
            process_group=0,
            check=False,
        )
        if done.returncode != 0:
            raise CannotStart("The schema could not be brought up to date, see above.")

    async def run(self, signals: _Signals, *, processes: int, with_worker: bool) -> None:
        """Serve until told to stop; a second signal ends everything at once."""
        told: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        children = Children(self._environment)

        def on_signal(number: int) -> None:
            if signals.count > 1:
                children.kill()
            else:
                # From a signal handler, so that the loop wakes up.
                told.get_loop().call_soon_threadsafe(told.set_result, number)

        signals.listener = on_signal
        if signals.count:
            # It interrupted something that told nobody.
            told.set_result(signal.SIGINT)
        work = asyncio.create_task(self._work(children, processes, with_worker=with_worker))
        try:
            either: list[asyncio.Future[Any]] = [told, work]
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            work.cancel()
            with suppress(asyncio.CancelledError):
                await work
        finally:
            by = told.result() if told.done() else signal.SIGINT
            # The children know two: in order, and in order without haste.
            await children.stop(signal.SIGINT if by == signal.SIGINT else signal.SIGTERM)
            signals.listener = None

    async def _work(self, children: Children, processes: int, *, with_worker: bool) -> None:
        """Start the children, say so when they serve, and look after the database."""
        parent, listening = str(children.lifeline), self._listening.fileno()
        self._listening.listen(_BACKLOG)
        apis = [
            Child(
                "API",
                ["-m", "app.cli.api", str(listening), parent],
                descriptors=[listening],
                stop_seconds=self._settings.drain_seconds + _API_STOP_SECONDS,
            )
            for _ in range(processes)
        ]
        for api in apis:
            children.add(api)
        if with_worker:
            command = ["-m", "app.cli", "worker", "--lifeline", parent]
            children.add(Child("worker", command, stop_seconds=_WORKER_STOP_SECONDS))
        await self._answers(apis)
        self._greet()
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            if self._is_embedded:
                await asyncio.to_thread(self._revive_database)

    async def _answers(self, apis: list[Child]) -> None:
        """Wait until a request is answered, whatever the answer."""
        host, port = urlsplit(self._url).hostname, urlsplit(self._url).port
        deadline = time.monotonic() + _READY_SECONDS
        while time.monotonic() < deadline and all(api.starts < 2 for api in apis):
            with suppress(OSError, TimeoutError):
                async with asyncio.timeout(_LOOK_SECONDS):
                    reader, writer = await asyncio.open_connection(host, port)
                    writer.write(
                        b"GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                    )
                    answer = await reader.read(5)
                    writer.close()
                    if answer == b"HTTP/":
                        return
            await asyncio.sleep(_POLL_SECONDS)
        raise CannotStart("The API does not start, see above.")

    def _revive_database(self) -> None:
        try:
            if embedded_postgres.revive(self._settings.data_dir):
                typer.echo("PostgreSQL had ended and runs again.", err=True)
        except CannotStart as error:
            typer.echo(f"{error}", err=True)

    def _greet(self) -> None:
        """Say where the server is, and what to do next."""
        found = self._settings
        if self._is_embedded:
            database = f"{found.data_dir.resolve()} (PostgreSQL included)"
        else:
            database = f"{place(found.database_url or '')}, files in {found.data_dir.resolve()}"
        create = f"{_command()} account create"
        lines = [
            f"Hardop {importlib.metadata.version('hardop')} listens on {self._url}",
            f"  Data            {database}",
            f"  API reference   {found.origin}/docs",
            f"  First account   {create} ada --email ada@example.org --role admin",
            "Ctrl-C stops it.",
        ]
        typer.echo("\n".join(lines))
        sys.stdout.flush()


@contextmanager
def _only_server(data_dir: Path) -> Iterator[int]:
    """A lock on the data folder, for as long as the block lasts.

    Raises:
        CannotStart: another `hardop serve` uses the folder.
    """
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        lock = os.open(data_dir / "serve.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise CannotStart(
            f"Cannot write to the data folder {data_dir.absolute()}: {error.strerror}. "
            "Name another one in HARDOP_DATA_DIR."
        ) from None
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            other = os.pread(lock, 200, 0).decode(errors="replace").strip() or "another process"
            raise CannotStart(
                f"The data folder {data_dir.absolute()} is already served by {other}. "
                "Stop that one, or name another folder in HARDOP_DATA_DIR."
            ) from None
        yield lock
    finally:
        os.close(lock)


def _note(lock: int, origin: str) -> None:
    """Write into the lock file who holds it."""
    os.ftruncate(lock, 0)
    os.pwrite(lock, f"process {os.getpid()} at {origin}\n".encode(), 0)


@contextmanager
def _bind(host: str, port: int) -> Iterator[socket.socket]:
    """A socket on `host` and `port` that does not listen yet.

    Raises:
        CannotStart: the port is in use, or the address is not ours.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as error:
        raise CannotStart(f"Cannot listen on {host}: {error.strerror}.") from None
    with socket.socket(family, kind, protocol) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            # For each connection: a stream whose client is gone without a word would stay for ever.
            listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _GONE_MILLISECONDS)
        deadline = time.monotonic() + _BIND_SECONDS
        while True:
            try:
                listening.bind(address)
                break
            except OSError as error:
                in_use = error.errno == errno.EADDRINUSE
                if in_use and time.monotonic() < deadline:
                    time.sleep(_POLL_SECONDS)
                    continue
                free = port + 1 if port < 65_535 else 0
                otherwise = (
                    f"Stop what uses it, or choose another: {_command()} serve --port {free}"
                )
                raise CannotStart(
                    f"Cannot listen on {host}, port {port}: {error.strerror}."
                    f"{f' {otherwise}' if in_use else ''}"
                ) from None
        yield listening


def _command() -> str:
    """What to type for `hardop`, here."""
    is_typed = Path(sys.argv[0]).name == "hardop"
    return os.path.relpath(sys.argv[0]) if is_typed else "hardop"


def _url(host: str, port: int) -> str:
    """How to reach ourselves; "every address" is reached by that of this machine."""
    reachable = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104
    if ":" in reachable and not reachable.startswith("["):
        reachable = f"[{reachable}]"
    return f"http://{reachable}:{port}"
