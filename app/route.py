"""The life of a request, from its token to its commit, the same for every endpoint.

network -> authenticate -> account state -> scope -> rate limit -> idempotency key -> endpoint ->
commit -> response. An endpoint that raises leaves nothing behind, but for `OutOfSight`.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.middleware.asyncexitstack import AsyncExitStackMiddleware
from fastapi.routing import APIRoute
from sqlalchemy.exc import DBAPIError
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import HTTPConnection
from starlette.routing import WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketState

from app import access, calling, deprecations, error_handler, idempotency, services
from app.access import Access
from app.domain.identity.tokens import ANONYMOUS, Caller
from app.errors import Conflict, HardopError, OutOfSight, TooManyRequests
from app.parameters.models import Sizes
from app.parameters.reading import close_files, sizes_of
from app.services import Services
from app.settings import Settings

DEADLINE_SECONDS = 10.0
# For what uploads files, however slow its line is.
UPLOAD_DEADLINE_SECONDS = 600.0
WORK = "hardop.work"

_LIMIT = "x-ratelimit-limit"

# Serialization failure and deadlock: PostgreSQL asks to run the transaction again. A foreign key
# fails when what was found a moment ago is being deleted: the next time it is not found.
_TRY_AGAIN = frozenset({"40001", "40P01", "23503"})
_LOCK_TIMEOUT = "55P03"
_TRIES = 3


class Work:
    """One request's unit of work: its caller, and its session if it opens one."""

    __slots__ = ("caller", "limits", "services", "session", "token")

    def __init__(self, shared: Services) -> None:
        self.services = shared
        self.token: str | None = None
        self.caller: Caller = ANONYMOUS
        self.session: AsyncSession | None = None
        # The headers that tell its client how much more it may ask.
        self.limits: dict[str, str] = {}

    async def admit(
        self, connection: HTTPConnection, declared: Access, *, anonymous_reads: bool
    ) -> None:
        """Find the caller, and count the request.

        Raises:
            HardopError: the endpoint is not open to them, or they asked too often.
        """
        shared = self.services
        self.token = token_of(connection, declared, shared.settings)
        try:
            # Those who look after the server come from anywhere, also when the database is away.
            if declared.rate != "none":
                await shared.networks.admit(connection)
            self.caller = await shared.authenticator.admit(
                declared, self.token, anonymous_reads=anonymous_reads
            )
        except HardopError:
            # Whoever guesses is counted as well.
            self.limits = await shared.limits.count("api", ANONYMOUS, connection)
            raise
        self.limits = await shared.limits.count(declared.rate, self.caller, connection)

    def open_session(self) -> AsyncSession:
        """The session of this request; its first statement begins the transaction."""
        if self.session is None:
            self.session = self.services.database.session()
        return self.session

    async def commit(self) -> None:
        """Make what was written true, before the client reads its answer."""
        if self.session is not None:
            await self.session.commit()
            await self.session.close()
            self.session = None

    async def roll_back(self) -> None:
        """Leave nothing behind. A session that is already broken is dropped."""
        session, self.session = self.session, None
        if session is not None:
            try:
                await session.close()
            except Exception:
                await session.invalidate()


class HardopRoute(APIRoute):
    """A route whose endpoint declares its access and whose request is one transaction."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        # Before anything else: a route without a declaration does not start.
        self.access: Access = access.of(endpoint)
        self.sizes = Sizes()
        self._call: calling.Call | None = None
        deprecation = deprecations.of(endpoint)
        if deprecation is not None:
            options["deprecated"] = True
        # Sent with every answer.
        self._always = encoded(deprecation.headers()) if deprecation is not None else ()
        super().__init__(path, endpoint, **options)
        # Logs, metrics and the contract name it without the kinds of its parameters.
        self.path = self.path_format
        # Only FastAPI's resolver needs what FastAPI prepares around it.
        self.app = (
            AsyncExitStackMiddleware(self.app)
            if self._call is None
            else _application(self.get_route_handler())
        )

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's handler for the endpoint, wrapped into its unit of work."""
        self._call = calling.prepared(self.dependant)
        endpoint = self._call or super().get_route_handler()
        declared = self.access
        deadline = UPLOAD_DEADLINE_SECONDS if declared.patient else DEADLINE_SECONDS
        always = self._always
        self.sizes = sizes = sizes_of(one.call for one in self.dependant.dependencies)

        async def handle(request: Request) -> Response:
            work = Work(services.of(request))
            request.scope[WORK] = work
            try:
                async with asyncio.timeout(deadline):
                    response = await _answer(request, work, declared, endpoint, sizes)
            except Exception as error:
                await work.roll_back()
                response = error_handler.respond(request, error)
            # A refusal tells itself of the limit that was reached.
            if response.status_code != TooManyRequests.status or _LIMIT not in response.headers:
                # Appended as they are: no endpoint sets these, and looking for each costs twice as
                # much.
                response.raw_headers.extend(encoded(work.limits))
            response.raw_headers.extend(always)
            return response

        return handle


def encoded(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    """Headers as they are sent."""
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


def _application(handle: Callable[[Request], Coroutine[Any, Any, Response]]) -> ASGIApp:
    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        try:
            response = await handle(request)
            await response(scope, receive, send)
        finally:
            await close_files(request)

    return application


async def _answer(
    request: Request,
    work: Work,
    declared: Access,
    endpoint: Callable[[Request], Coroutine[Any, Any, Response]],
    sizes: Sizes,
) -> Response:
    anonymous_reads = work.services.settings.anonymous_reads == "on"
    await work.admit(request, declared, anonymous_reads=anonymous_reads)
    key = idempotency.key_of(request) if declared.idempotent else None
    for attempt in range(1, _TRIES + 1):
        try:
            response = await (
                _once(request, work, declared, key, endpoint, sizes) if key else endpoint(request)
            )
            await work.commit()
            return response
        except DBAPIError as error:
            state = getattr(error.orig, "sqlstate", None)
            await work.roll_back()
            if key and state == _LOCK_TIMEOUT:
                raise Conflict(headers={"Retry-After": "1"}) from None
            if state not in _TRY_AGAIN or attempt == _TRIES:
                raise
        except OutOfSight:
            await work.commit()
            raise
    raise AssertionError("the last try returns or raises")


async def _once(
    request: Request,
    work: Work,
    declared: Access,
    key: str,
    endpoint: Callable[[Request], Coroutine[Any, Any, Response]],
    sizes: Sizes,
) -> Response:
    async def claim() -> idempotency.Claim | Response:
        session = work.open_session()
        return await idempotency.claim(session, request, work.caller, key, sizes)

    claimed = await claim()
    if isinstance(claimed, Response):
        return claimed
    if declared.patient:
        # Storing a file takes longer than a transaction may be idle.
        await work.roll_back()
    response = await endpoint(request)
    if declared.patient:
        claimed = await claim()
        if isinstance(claimed, Response):
            # Another was faster; nothing shows what was stored for this one.
            await work.roll_back()
            return claimed
    await idempotency.keep(work.open_session(), claimed, response)
    return response


def token_of(connection: HTTPConnection, declared: Access, settings: Settings) -> str | None:
    """The token that came with a request, or with the handshake of a WebSocket."""
    header = connection.headers.get("authorization")
    if header is not None:
        scheme, _, token = header.partition(" ")
        return token.strip() if scheme.lower() == "bearer" else None
    if declared.kind != "stream":
        return None
    # Where a browser lets a page choose what it sends.
    protocols = connection.scope.get("subprotocols")
    if protocols:
        return str(protocols[0])
    if settings.stream_token_in_url == "on":  # noqa: S105 - a switch, not a password
        return connection.query_params.get("access_token")
    return None


class HardopSocketRoute(WebSocketRoute):
    """A WebSocket whose endpoint declares its access. Who may not come in is told so by HTTP."""

    def __init__(self, path: str, endpoint: Callable[[WebSocket], Awaitable[None]]) -> None:
        self.access: Access = access.of(endpoint)
        super().__init__(path, endpoint)
        self._hold = endpoint
        self.app = self._admit

    async def _admit(self, scope: Scope, receive: Receive, send: Send) -> None:
        socket = WebSocket(scope, receive, send)
        work = Work(services.of(socket))
        scope[WORK] = work
        try:
            async with asyncio.timeout(DEADLINE_SECONDS):
                await work.admit(socket, self.access, anonymous_reads=False)
            await self._hold(socket)
        except Exception as error:
            if socket.application_state is not WebSocketState.CONNECTING:
                raise
            await socket.send_denial_response(error_handler.respond(socket, error))
