"""The one client for addresses that people give us: links, endpoints, pictures (SS-1).

Whoever may tell a server where to look can make it look inside. So a name is resolved once, every
address of it is judged, and the connection goes to an address that was judged (SS-3).
"""

import asyncio
import ipaddress
import socket
import ssl
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import httpcore
import httpx
import structlog

from app.settings import Settings

# SS-6.
DEADLINE_SECONDS = 15.0
CONNECT_SECONDS = 5.0
MAX_PER_HOST = 4
MAX_IN_ALL = 50
MAX_BYTES = 1024 * 1024

_KEPT_OPEN_SECONDS = 5.0
# A name with more addresses than this is not tried at all of them.
_ADDRESSES_TRIED = 4
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
# What may be said to another host than the one it was meant for (SS-5).
_FOR_ANYBODY = frozenset(("accept", "accept-language", "user-agent"))

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

# SS-4. Our own table: `is_global` has been wrong about several of these, and differs by version.
_REFUSED_4 = [
    ipaddress.IPv4Network(text)
    for text in (
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 "
        "192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 "
        "192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4"
    ).split()
]
_ALLOWED_6 = ipaddress.IPv6Network("2000::/3")
_REFUSED_6 = [
    ipaddress.IPv6Network(text)
    for text in "2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20".split()
]

log = structlog.get_logger("outgoing")


class NotFetched(Exception):
    """There is no answer. `reason` is for our logs; people read only the message (SS-7)."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__("could not be fetched")


class Refused(NotFetched):
    """The address is none that we go to. Asking again changes nothing."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever its status. `url` is where it came from, after redirects."""

    status: int
    headers: httpx.Headers
    content: bytes
    url: str


def is_public(address: _Address) -> bool:
    """Whether an address belongs to everybody's network (SS-4)."""
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _REFUSED_4)
    return address in _ALLOWED_6 and not any(address in network for network in _REFUSED_6)


async def system_resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of a name, as this machine looks names up."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


class Outgoing:
    """Requests to addresses that we do not trust. Use it as a context, one for a process."""

    def __init__(
        self,
        settings: Settings,
        *,
        resolve: Resolve = system_resolve,
        deadline_seconds: float = DEADLINE_SECONDS,
    ) -> None:
        self._ports = frozenset(settings.outgoing_ports)
        self._deadline_seconds = deadline_seconds
        self._name = f"Hardop (+{settings.origin})"
        self._slots = asyncio.Semaphore(MAX_IN_ALL)
        self._hosts: dict[str, tuple[asyncio.Semaphore, int]] = {}
        self._pool = httpcore.AsyncConnectionPool(
            # SS-7: verified always, with the certificates of this machine and those that come
            # along: one has the organisation's own authority, the other is there in containers.
            ssl_context=_verifying(),
            max_connections=MAX_IN_ALL,
            keepalive_expiry=_KEPT_OPEN_SECONDS,
            network_backend=GuardedBackend(settings, resolve),
        )

    async def __aenter__(self) -> Self:
        await self._pool.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._pool.__aexit__(kind, error, traceback)

    async def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = MAX_BYTES,
        redirects: int = 3,
        cut: bool = False,
    ) -> Answer:
        """Fetch `url`. With `cut`, the beginning of what is larger than `max_bytes` is enough.

        Raises:
            Refused: we do not go there, or not to where it sends us.
            NotFetched: it did not answer in time, or with more than `max_bytes`.
        """
        return await self._request("GET", url, headers, None, max_bytes, redirects, cut)

    async def post(
        self,
        url: str,
        *,
        content: bytes,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = 64 * 1024,
    ) -> Answer:
        """Send `content` to `url`; a redirect is an answer like any other.

        Raises:
            Refused: we do not go there.
            NotFetched: it did not answer in time, or with more than `max_bytes`.
        """
        return await self._request("POST", url, headers, content, max_bytes, 0, cut=False)

    async def _request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        content: bytes | None,
        max_bytes: int,
        redirects: int,
        cut: bool,
    ) -> Answer:
        sent = httpx.Headers({"User-Agent": self._name, **(headers or {})})
        try:
            async with asyncio.timeout(self._deadline_seconds):
                place = self._checked(url)
                while True:
                    answer = await self._once(method, place, sent, content, max_bytes, cut)
                    target = answer.headers.get("location")
                    if answer.status not in _REDIRECTS or target is None or method != "GET":
                        return answer
                    if redirects == 0:
                        raise Refused("too many redirects")
                    redirects -= 1
                    place, sent = self._follow(place, target, sent)
        except NotFetched as error:
            log.info("outgoing", reason=error.reason)
            raise
        except TimeoutError:
            raise NotFetched("deadline") from None
        except _FAILURES as error:
            raise NotFetched(type(error).__name__) from None

    async def _once(
        self,
        method: str,
        url: httpx.URL,
        headers: httpx.Headers,
        content: bytes | None,
        max_bytes: int,
        cut: bool,
    ) -> Answer:
        sent = [
            (b"Host", url.netloc),
            # Gzip only, because how far it unfolds can be limited while it does.
            (b"Accept-Encoding", b"gzip"),
            *headers.raw,
        ]
        async with (
            self._slot(url.host),
            self._pool.stream(
                method,
                httpcore.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=sent,
                content=content,
                extensions={"timeout": {"connect": CONNECT_SECONDS}},
            ) as response,
        ):
            received = httpx.Headers(response.headers)
            body = bytearray()
            encoding = received.get("content-encoding", "identity")
            async for part in _unfolded(response.aiter_stream(), encoding, max_bytes):
                body += part
                if len(body) > max_bytes:
                    if cut:
                        break
                    raise NotFetched("too large")
            return Answer(response.status, received, bytes(body[:max_bytes]), str(url))

    def _checked(self, url: str | httpx.URL) -> httpx.URL:
        """`url`, if its words alone do not forbid it (SS-2); its addresses are judged later."""
        try:
            place = httpx.URL(url)
        except (httpx.InvalidURL, TypeError, ValueError):
            raise Refused("no URL") from None
        if place.scheme not in ("http", "https") or not place.host:
            raise Refused("scheme")
        if place.userinfo:
            raise Refused("credentials")
        if (place.port or _default_port(place)) not in self._ports:
            raise Refused("port")
        return place

    def _follow(
        self, place: httpx.URL, target: str, headers: httpx.Headers
    ) -> tuple[httpx.URL, httpx.Headers]:
        """Where a redirect leads, and what may be said there (SS-5)."""
        try:
            following = self._checked(place.join(target))
        except httpx.InvalidURL:
            raise Refused("no URL") from None
        if place.scheme == "https" and following.scheme == "http":
            raise Refused("downgrade")
        if (place.host, place.port) != (following.host, following.port):
            headers = httpx.Headers(
                [(name, value) for name, value in headers.items() if name in _FOR_ANYBODY]
            )
        return following, headers

    @asynccontextmanager
    async def _slot(self, host: str) -> AsyncIterator[None]:
        """Wait until it is our turn: a slow host holds up its own requests only."""
        turns, waiting = self._hosts.get(host, (asyncio.Semaphore(MAX_PER_HOST), 0))
        self._hosts[host] = turns, waiting + 1
        try:
            async with turns, self._slots:
                yield
        finally:
            _, waiting = self._hosts.pop(host)
            if waiting > 1:
                self._hosts[host] = turns, waiting - 1


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Opens connections, but only to addresses that were judged (SS-3)."""

    def __init__(self, settings: Settings, resolve: Resolve) -> None:
        self._resolve = resolve
        self._allowed: Sequence[_Network] = [
            ipaddress.ip_network(text, strict=False) for text in settings.outgoing_allow
        ]
        self._ours = _our_servers(settings)
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's own interface
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Resolve `host` once, judge what was found, connect to one of that.

        Raises:
            Refused: one of its addresses is not for us to go to.
        """
        async with asyncio.timeout(timeout):
            addresses = await self._judged(host, port)
            for address in addresses[:_ADDRESSES_TRIED]:
                try:
                    stream = await self._network.connect_tcp(
                        str(address), port, timeout, local_address, socket_options
                    )
                except (httpcore.ConnectError, httpcore.ConnectTimeout):
                    continue
                if ipaddress.ip_address(stream.get_extra_info("server_addr")[0]) == address:
                    return stream
                await stream.aclose()  # pragma: no cover - a network that answers for others
        raise httpcore.ConnectError("no address answers")

    async def _judged(self, host: str, port: int) -> list[_Address]:
        addresses = await self._look_up(host, port)
        if not addresses:
            raise httpcore.ConnectError("no such name")
        inside = [address for address in addresses if not is_public(address)]
        if not all(any(address in network for network in self._allowed) for address in inside):
            raise Refused("address")
        # A network that is allowed may have our own database in it.
        for name, own_port in self._ours if inside else ():
            if own_port == port and set(await self._look_up(name, port)) & set(addresses):
                raise Refused("own server")
        return addresses

    async def _look_up(self, host: str, port: int) -> list[_Address]:
        try:
            found = await self._resolve(host, port)
            return list(dict.fromkeys(_parsed(text) for text in found))
        except (OSError, UnicodeError, ValueError):
            return []


def _parsed(text: str) -> _Address:
    address = ipaddress.ip_address(text)
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def _our_servers(settings: Settings) -> list[tuple[str, int]]:
    """Where our database, our search engine and we ourselves listen."""
    defaults = {"http": 80, "https": 443}
    parts = [
        urlsplit(url)
        for url in (settings.database_url, settings.meilisearch_url, settings.origin)
        if url
    ]
    return [
        (part.hostname, part.port or defaults.get(part.scheme, 5432))
        for part in parts
        if part.hostname
    ]


def _default_port(url: httpx.URL) -> int:
    return 443 if url.scheme == "https" else 80


@cache
def _verifying() -> ssl.SSLContext:
    # Reading the certificates of a machine takes longer than asking somebody.
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context


async def _unfolded(
    parts: AsyncIterator[bytes], encoding: str, max_bytes: int
) -> AsyncIterator[bytes]:
    """A body as it was before compression, at most one byte over `max_bytes` at a time."""
    if encoding in ("identity", ""):
        async for part in parts:
            yield part
        return
    if encoding not in ("gzip", "x-gzip"):
        raise NotFetched("encoding")
    unfolding = zlib.decompressobj(zlib.MAX_WBITS | 16)
    async for part in parts:
        # Where this leaves something folded, it is already more than whoever reads it wants.
        yield unfolding.decompress(part, max_bytes + 1)


_FAILURES = (
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    httpcore.ConnectionNotAvailable,
    ssl.SSLError,
    zlib.error,
    OSError,
)
