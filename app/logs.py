"""Logs: JSON lines without secrets, cheap enough to write one for each request.

Everything goes through here: our own loggers (of structlog or of the standard library), and those
of the server and the libraries. `configure` is called once by whoever starts a process.
"""

import asyncio
import atexit
import contextlib
import json
import logging
import os
import re
import sys
import threading
import traceback
from collections.abc import Mapping, MutableMapping
from contextvars import ContextVar
from typing import Any, Literal

import structlog
from pydantic_core import to_json
from structlog.typing import EventDict, Processor, WrappedLogger

from app import clock

Level = Literal["debug", "info", "warning", "error"]

# The request that is being answered; its id is added to each line.
request_id: ContextVar[str] = ContextVar("request_id", default="")

REDACTED = "[redacted]"

# LO-2, at any depth.
_SECRET = frozenset(
    (
        "authorization",
        "proxy_authorization",
        "cookie",
        "set_cookie",
        "password",
        "current_password",
        "new_password",
        "token",
        "access_token",
        "refresh_token",
        "id_token",
        "client_secret",
        "code_verifier",
        "state",
        "nonce",
        "secret",
        "secret_key",
        "otp",
        "recovery_code",
        "api_key",
        "signature",
        "webhook_signature",
        "email",
        "note",
        "text",
        "content",
        "spoiler_text",
    )
)
# Of a request these are secret or private; of a line they are its own words.
_SECRET_INSIDE = _SECRET | {"code", "status"}
# What gives a secret away in a sentence of somebody else's.
_IN_TEXT = re.compile(
    r"(?i)\b(bearer|basic)\s+[\w.~+/=-]+"
    r"|\bhdp_\w{2}_[\w-]+"
    r"|\bwhsec_[\w+/=]+"
    r"|\beyJ[\w-]+\.[\w-]+\.[\w-]*"
    r"|(?<=://)[^/\s:@]*:[^/\s@]*(?=@)"
    r"|\b(?:password|secret|token|code|state|nonce)=['\"]?[^\s&;,'\"]+"
)
_QUERY = re.compile(r"(https?://[^\s?'\"]*)\?[^\s'\"]*")

# Lines of one write stay together in a pipe that several processes share.
_TOGETHER_BYTES = 4096
_WAIT_SECONDS = 0.1

FOREIGN = ("uvicorn", "sqlalchemy", "asyncpg", "asyncio", "pgqueuer", "httpx", "alembic")


class Output:
    """Writes lines to a file descriptor, many at once while an event loop runs."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lines: list[bytes] = []
        self._lock = threading.Lock()
        # Whose turn it is to write; a loop that has ended never will.
        self._loop: asyncio.AbstractEventLoop | None = None

    def write(self, line: bytes) -> None:
        """Write the line within a tenth of a second; at once where no event loop runs."""
        with self._lock:
            self._lines.append(line)
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.flush()
            return
        if loop is not self._loop:
            self._loop = loop
            loop.call_later(_WAIT_SECONDS, self.flush)

    def flush(self) -> None:
        """Write what waits."""
        with self._lock:
            self._loop = None
            lines, self._lines = self._lines, []
            together = b""
            for line in lines:
                if together and len(together) + len(line) >= _TOGETHER_BYTES:
                    self._write(together)
                    together = b""
                together += line + b"\n"
            self._write(together)

    def _write(self, data: bytes) -> None:
        # Nobody reads the log any more: no reason to stop working.
        with contextlib.suppress(OSError):
            while data:
                data = data[os.write(self._descriptor, data) :]


class _Handler(logging.Handler):
    def __init__(self, output: Output) -> None:
        super().__init__()
        self._output = output

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._output.write(self.format(record).encode())
            if record.levelno >= logging.WARNING:
                self._output.flush()
        except Exception:  # whatever it is, logging must not break the work
            self.handleError(record)

    def flush(self) -> None:
        self._output.flush()


class _Requests:
    """Where access lines go; nowhere until `configure` has been called."""

    output: Output | None = None


def configure(level: Level = "info", descriptor: int | None = None) -> None:
    """Send the logs of this process to `descriptor` (standard error), from `level` on."""
    output = Output(sys.stderr.fileno() if descriptor is None else descriptor)
    begin: list[Processor] = [structlog.stdlib.add_log_level, structlog.stdlib.add_logger_name]
    end: list[Processor] = [_add_circumstances, _describe_exception, redact]
    handler = _Handler(output)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*begin, structlog.stdlib.ExtraAdder(), _first_line, *end],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _render],
        )
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *begin,
            *end,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
        old.flush()
    root.addHandler(handler)
    root.setLevel(level.upper())
    for name in FOREIGN:
        # Their own handlers would write past us; what they say below a warning is about values.
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(max(logging.WARNING, root.level))
    for name in ("uvicorn.error", "uvicorn.access", "uvicorn.asgi"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = name != "uvicorn.access"
    atexit.register(output.flush)
    _Requests.output = output if root.level <= logging.INFO else None


def request(fields: Mapping[str, object]) -> None:
    """Write the line of one answered request: `fields` after time, level and event.

    Past structlog, because it is written for each request; the fields are ours, not the client's.
    """
    output = _Requests.output
    if output is not None:
        line = {"timestamp": clock.iso(clock.now()), "level": "info", "event": "request", **fields}
        output.write(to_json(line))


def redact(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    """Take out whatever is secret or what somebody wrote (LO-2)."""
    for key, value in line.items():
        if _plain(key) in _SECRET:
            line[key] = REDACTED
        elif not key.startswith("_"):
            line[key] = _without_secrets(value)
    return line


def _without_secrets(value: object) -> object:
    if isinstance(value, str):
        return _QUERY.sub(r"\1?" + REDACTED, _IN_TEXT.sub(REDACTED, value))
    if isinstance(value, Mapping):
        return {
            key: REDACTED if _plain(str(key)) in _SECRET_INSIDE else _without_secrets(inner)
            for key, inner in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [_without_secrets(inner) for inner in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    # The text of anything else may hold anything.
    return f"<{type(value).__name__}>"


def _plain(key: str) -> str:
    return key.lower().replace("-", "_")


def _first_line(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    """Of others' messages only the first line: asyncio puts the values of exceptions behind it."""
    line["event"] = str(line.get("event", "")).partition("\n")[0]
    return line


def _add_circumstances(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    line["timestamp"] = clock.iso(clock.now())
    if (current := request_id.get()) and "request_id" not in line:
        line["request_id"] = current
    return line


def _describe_exception(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    """Types and places; messages hold values (LO-2)."""
    given: Any = line.pop("exc_info", None)
    line.pop("stack_info", None)
    if given is True:
        given = sys.exc_info()
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        line["exception"] = describe(error)
    return line


def describe(error: BaseException) -> list[dict[str, object]]:
    """What may be told of an exception and its causes: type, SQLSTATE, and where it came by."""
    described: list[dict[str, object]] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen and len(described) < 5:
        seen.add(id(current))
        kind = type(current)
        part: dict[str, object] = {"type": f"{kind.__module__}.{kind.__qualname__}"}
        state = getattr(current, "sqlstate", None)
        if isinstance(state, str):
            part["sqlstate"] = state
        part["places"] = [
            f"{_short(frame.filename)}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(current.__traceback__, limit=-12)
        ]
        described.append(part)
        current = current.__cause__ or (
            None if current.__suppress_context__ else current.__context__
        )
    return described


def _short(filename: str) -> str:
    return "/".join(filename.replace("\\", "/").rsplit("/", 3)[-3:])


def _render(_: WrappedLogger, __: str, line: MutableMapping[str, Any]) -> str:
    first = {"timestamp": line.pop("timestamp", ""), "level": line.pop("level", "")}
    # Escaped to ASCII: control characters of any kind reach no terminal.
    return json.dumps({**first, **line}, default=lambda value: f"<{type(value).__name__}>")
