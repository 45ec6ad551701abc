"""What happens to every request before its route, and to every response after it."""

import asyncio
import re
import secrets
from collections import deque
from collections.abc import Mapping
from itertools import chain, count
from time import perf_counter
from typing import Any

from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import error_handler, logs
from app.edge.headers import ResponseHeaders, is_open
from app.edge.proxies import TrustedProxies
from app.error_handler import REQUEST_ID
from app.errors import (
    Forbidden,
    HeadersTooLarge,
    Misdirected,
    TooLarge,
    UnsupportedMediaType,
    UriTooLong,
)
from app.load import Load
from app.metrics import Metrics
from app.parameters.reading import has_body
from app.route import WORK
from app.settings import Settings

# IN-1. How much of a body a route reads is its own affair; without files it is hardly ever more.
MAX_URL_BYTES = 8 * 1024
MAX_HEADER_BYTES = 16 * 1024
MAX_BODY_BYTES = 1024 * 1024
# How long a body of at most that size may take to come.
BODY_SECONDS = 30.0

# Asked by machines that watch this one: by any name, without TLS, and however busy it is.
WATCHED = frozenset(("/livez", "/readyz", "/health", "/metrics"))

# What may go on after it was answered.
STREAMS = "/api/v1/streaming/"

UNMATCHED = "unmatched"

_SANE_ID = re.compile(rb"[A-Za-z0-9._-]{8,128}")
_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
_CLIENT_CLOSED = 499
_SWITCHED = 101
# When a stream was answered, which goes on.
_ANSWERED = "hardop.answered"
# Where files are uploaded.
_UPLOADS = ("/api/v1/media", "/api/v2/media")
# Whom we refused is worth knowing; where everybody else is, is not.
_TELL_ADDRESS = frozenset((401, 403, 429))


class Edge:
    """ASGI middleware: request ids, limits, headers, load shedding, log lines, the last resort."""

    def __init__(
        self,
        app: ASGIApp,
        settings: Settings,
        load: Load,
        metrics: Metrics,
        texts: Mapping[str, int],
    ) -> None:
        """`texts` is how many bytes of text a path takes that takes more than others."""
        self._app = app
        self._texts = texts
        self._load = load
        self._metrics = metrics
        self._origin = settings.origin
        self._is_https = settings.origin.startswith("https://")
        self._hosts = frozenset(host.lower().encode() for host in settings.allowed_hosts)
        self._proxies = TrustedProxies(settings.trusted_proxies)
        self._headers = ResponseHeaders(is_https=self._is_https, cors_origins=settings.cors_origins)
        self._process = secrets.token_hex(6)
        self._numbers = count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._answer(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._hold(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _hold(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a WebSocket through; what is counted and logged is its handshake."""
        started = perf_counter()
        status = 0
        request_id = self._name(scope, dict(scope["headers"]))

        async def send_completed(message: Message) -> None:
            nonlocal status
            if not status:
                status = message.get("status", _SWITCHED)
                scope[_ANSWERED] = perf_counter()
                headers = [*message.get("headers", ()), (b"x-request-id", request_id)]
                message = {**message, "headers": headers}
            await send(message)

        try:
            self._locate(scope)
            if self._hosts and _host(dict(scope["headers"])) not in self._hosts:
                raise Misdirected
            await self._app(scope, receive, send_completed)
        except Exception as error:
            if status:
                raise
            response = error_handler.respond(HTTPConnection(scope), error)
            await response(scope, receive, send_completed)
        finally:
            self._record(scope, status or _CLIENT_CLOSED, started)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = perf_counter()
        headers: dict[bytes, bytes] = dict(scope["headers"])
        path: str = scope["path"]
        is_shared = is_open(path)
        request_id = self._name(scope, headers)
        status = 0

        async def send_completed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                completed = self._headers.complete(
                    message["headers"],
                    is_open=is_shared,
                    has_credentials=b"authorization" in headers or b"cookie" in headers,
                    origin=headers.get(b"origin"),
                )
                completed.append((b"x-request-id", request_id))
                message["headers"] = completed
            await send(message)

        try:
            response = self._answer_early(scope, headers, is_shared)
            if response is not None:
                await response(scope, receive, send_completed)
            elif path in WATCHED or _is_file(path, headers):
                await self._app(scope, receive, send_completed)
            else:
                await self._work(scope, receive, send_completed)
        except Exception as error:
            if status:
                # Too late for an answer: the server ends the connection, so that it shows.
                raise
            await error_handler.respond(Request(scope), error)(scope, receive, send_completed)
        finally:
            self._record(scope, status or _CLIENT_CLOSED, started)

    async def _work(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the route, when there is time for it."""
        if scope["path"].startswith(STREAMS):
            await self._begin(scope, receive, send)
            return
        if has_body(scope):
            receive = await _read_ahead(receive)
        if not self._load.enter_at_once():
            await self._load.enter()
        try:
            await self._app(scope, receive, send)
        finally:
            self._load.leave()

    async def _begin(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As `_work`, but what comes after the answer has begun is no work (RL-4)."""
        await self._load.enter()

        async def send_and_leave(message: Message) -> None:
            if _ANSWERED not in scope:
                scope[_ANSWERED] = perf_counter()
                self._load.leave()
            await send(message)

        try:
            await self._app(scope, receive, send_and_leave)
        finally:
            if _ANSWERED not in scope:
                self._load.leave()

    def _name(self, scope: Scope, headers: dict[bytes, bytes]) -> bytes:
        """Give the request an id: the sender's if it has a sane one."""
        request_id = headers.get(b"x-request-id")
        if request_id is None or not _SANE_ID.fullmatch(request_id):
            request_id = f"{self._process}-{next(self._numbers):x}".encode()
        text = request_id.decode()
        scope[REQUEST_ID] = text
        logs.request_id.set(text)
        return request_id

    def _answer_early(
        self, scope: Scope, headers: dict[bytes, bytes], is_open: bool
    ) -> Response | None:
        """An answer that needs no route; None if the request may go on.

        Raises:
            HardopError: the request is too large, encoded, or meant for somebody else.
        """
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) >= MAX_URL_BYTES:
            raise UriTooLong
        if len(b"".join(chain.from_iterable(scope["headers"]))) > MAX_HEADER_BYTES:
            raise HeadersTooLarge
        if b"content-length" in headers or b"transfer-encoding" in headers:
            _check_body(headers, self._texts.get(scope["path"].rstrip("/"), MAX_BODY_BYTES))
        was_plain = self._locate(scope) == "http"
        if scope["path"] in WATCHED:
            return None
        if self._hosts and _host(headers) not in self._hosts:
            raise Misdirected
        if was_plain and self._is_https:
            return self._require_https(scope, headers, is_open)
        if scope["method"] == "OPTIONS" and is_open:
            return self._answer_preflight(headers)
        return None

    def _locate(self, scope: Scope) -> str:
        """Find the client behind our own proxies; the scheme it used, if a proxy told us."""
        peer = scope.get("client")
        if not self._proxies.are_any or peer is None or not self._proxies.trusts(peer[0]):
            return ""
        forwarded = b",".join(
            value for name, value in scope["headers"] if name == b"x-forwarded-for"
        )
        scope["client"] = (self._proxies.client(peer[0], forwarded.decode("latin-1")), 0)
        told = dict(scope["headers"]).get(b"x-forwarded-proto", b"").strip().lower()
        if told in (b"http", b"https") and scope["type"] == "http":
            scheme: str = told.decode()
            scope["scheme"] = scheme
            return scheme
        return ""

    def _require_https(self, scope: Scope, headers: dict[bytes, bytes], is_open: bool) -> Response:
        """Send people on; refuse programs, which would go on sending their token (HT-12).

        Raises:
            Forbidden: it was a program.
        """
        is_page = scope["method"] in ("GET", "HEAD") and b"text/html" in headers.get(b"accept", b"")
        if is_open or not is_page:
            raise Forbidden("This server is reached by https only")
        query = scope["query_string"].decode("latin-1")
        path = scope["raw_path"].decode("latin-1") + (f"?{query}" if query else "")
        return RedirectResponse(self._origin + path, status_code=308)

    def _answer_preflight(self, headers: dict[bytes, bytes]) -> Response | None:
        origin = headers.get(b"origin")
        if origin is None or b"access-control-request-method" not in headers:
            return None
        response = Response(status_code=204)
        asked = headers.get(b"access-control-request-headers", b"")
        response.raw_headers = self._headers.preflight(origin, asked)
        return response

    def _record(self, scope: Scope, status: int, started: float) -> None:
        """Count the request and write its line: the route's template, never the URL (LO-1)."""
        ended = perf_counter()
        # Of a stream, what it took to begin it.
        seconds = scope.get(_ANSWERED, ended) - started
        route = scope.get("route")
        template: str = getattr(route, "path", None) or UNMATCHED
        sent = scope.get("method", "GET")
        method: str = sent if sent in _METHODS else "OTHER"
        self._metrics.observe(template, method, status, seconds)
        if template in WATCHED:
            return
        line: dict[str, Any] = {
            "request_id": scope[REQUEST_ID],
            "method": method,
            "route": template,
            "status": status,
            "ms": round(seconds * 1000, 2),
        }
        if _ANSWERED in scope:
            line["open_s"] = round(ended - started, 1)
        work = scope.get(WORK)
        if work is not None and not work.caller.is_anonymous:
            line["account_id"] = str(work.caller.account_id)
            line["application_id"] = str(work.caller.application_id)
        if status in _TELL_ADDRESS and scope.get("client"):
            line["address"] = scope["client"][0]
        logs.request(line)


def _is_upload(headers: dict[bytes, bytes]) -> bool:
    return headers.get(b"content-type", b"")[:10].lower() == b"multipart/"


async def _read_ahead(receive: Receive) -> Receive:
    """What gives a request's body, of which as much as nearly all have was read already.

    Waiting for somebody's line is no work, and takes no place from the others (RL-4).

    Raises:
        TimeoutError: it did not come in time.
    """
    came: deque[Message] = deque()
    size = 0
    async with asyncio.timeout(BODY_SECONDS):
        is_more = True
        while is_more and size <= MAX_BODY_BYTES:
            came.append(message := await receive())
            size += len(message.get("body", b""))
            is_more = message.get("more_body", False)

    async def receive_again() -> Message:
        return came.popleft() if came else await receive()

    return receive_again


def _is_file(path: str, headers: dict[bytes, bytes]) -> bool:
    """Whether a request takes as long as somebody's line does, with little work for us.

    It takes no place from the others. How often somebody may upload is limited elsewhere.
    """
    return path.startswith("/media/") or (path.startswith(_UPLOADS) and _is_upload(headers))


def _check_body(headers: dict[bytes, bytes], max_text_bytes: int) -> None:
    # 100 MiB of zeros are 99 KiB of gzip (HT-2).
    if headers.get(b"content-encoding", b"identity").strip().lower() not in (b"identity", b""):
        raise UnsupportedMediaType("The request body must not be compressed")
    length = headers.get(b"content-length", b"0")
    if not _is_upload(headers) and (
        len(length) > 15 or (length.isdigit() and int(length) > max_text_bytes)
    ):
        raise TooLarge(headers={"Connection": "close"})


def _host(headers: dict[bytes, bytes]) -> bytes:
    """The name a client called us by, without its port."""
    host = headers.get(b"host", b"").lower()
    if host.startswith(b"["):
        return host.partition(b"]")[0] + b"]"
    return host.partition(b":")[0]
