"""The headers of every response: security (HT-5), caching (HT-6), other origins (HT-10)."""

import re
from collections.abc import Iterable

RawHeaders = list[tuple[bytes, bytes]]

# What programs of other origins may read. Never the pages for logging in and consenting (RFC 9700).
OPEN_PATHS = (
    "/api/",
    "/oauth/token",
    "/oauth/revoke",
    "/oauth/introspect",
    "/oauth/userinfo",
    "/oauth/jwks",
    "/.well-known/",
    "/nodeinfo/",
    "/media/",
    "/static/",
    "/feeds/",
)

# Feeds of what anybody may read. Without their suffix these are pages for people.
_FEEDS = ("/@", "/tags/", "/public.")
_FEED_SUFFIXES = (".atom", ".rss", ".json")

_METHODS = b"GET, POST, PUT, PATCH, DELETE, OPTIONS"
_REQUEST_HEADERS = b"Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match"
_EXPOSED = (
    b"Link, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, RateLimit, "
    b"RateLimit-Policy, Retry-After, X-Request-Id, ETag, Idempotent-Replayed, Deprecation, "
    b"Mastodon-Async-Refresh"
)
_PREFLIGHT_SECONDS = b"600"
_FIELD_NAMES = re.compile(rb"[A-Za-z0-9!#$%&'*+.^_`|~-]+(?:\s*,\s*[A-Za-z0-9!#$%&'*+.^_`|~-]+)*")

_PRIVATE = (b"cache-control", b"private, no-store")
_VARY = b"Authorization, Accept, Origin"
_NO_CONTENT_POLICY = b"default-src 'none'; frame-ancestors 'none'"
# A page that needs more says so itself.
_PAGE_POLICY = (
    b"default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; "
    b"frame-ancestors 'none'"
)
# If a response has one of these, or is a page, the fixed list does not fit.
_OWN = frozenset(
    (
        b"cache-control",
        b"vary",
        b"content-security-policy",
        b"referrer-policy",
        b"cross-origin-resource-policy",
    )
)


def is_open(path: str) -> bool:
    """Whether programs of other origins may read what is at `path`."""
    return path.startswith(OPEN_PATHS) or (
        path.endswith(_FEED_SUFFIXES) and path.startswith(_FEEDS)
    )


class ResponseHeaders:
    """The headers that a response gets, prepared as far as they can be."""

    def __init__(self, *, is_https: bool, cors_origins: Iterable[str]) -> None:
        self._origins = frozenset(
            origin.rstrip("/").encode() for origin in cors_origins if origin != "*"
        )
        self._any_origin = "*" in cors_origins
        always: RawHeaders = [(b"x-content-type-options", b"nosniff")]
        if is_https:
            always.append((b"strict-transport-security", b"max-age=31536000; includeSubDomains"))
        self._always = always
        anybody = [(b"access-control-allow-origin", b"*")] if self._any_origin else []
        self._shared: RawHeaders = [*anybody, (b"access-control-expose-headers", _EXPOSED)]
        self._json: RawHeaders = [
            *always,
            (b"referrer-policy", b"no-referrer"),
            (b"content-security-policy", _NO_CONTENT_POLICY),
            _PRIVATE,
            (b"vary", _VARY),
        ]
        self._open_json: RawHeaders = [
            *self._json,
            (b"cross-origin-resource-policy", b"cross-origin"),
            *self._shared,
        ]
        self._closed_json: RawHeaders = [
            *self._json,
            (b"cross-origin-resource-policy", b"same-origin"),
        ]

    def complete(
        self,
        own: Iterable[tuple[bytes, bytes]],
        *,
        is_open: bool,
        has_credentials: bool,
        origin: bytes | None,
    ) -> RawHeaders:
        """All headers of a response that has `own` ones; what it says itself is kept."""
        headers = list(own)
        named = dict(headers)
        is_page = not is_open and named.get(b"content-type", b"").startswith(b"text/html")
        if is_page or not _OWN.isdisjoint(named):
            headers = self._complete_differently(headers, named, is_open, is_page, has_credentials)
        elif is_open:
            headers += self._open_json
        else:
            headers += self._closed_json
        if is_open and not self._any_origin and origin in self._origins and origin is not None:
            headers.append((b"access-control-allow-origin", origin))
        return headers

    def _complete_differently(
        self,
        headers: RawHeaders,
        named: dict[bytes, bytes],
        is_open: bool,
        is_page: bool,
        has_credentials: bool,
    ) -> RawHeaders:
        defaults = {
            b"referrer-policy": b"same-origin" if is_page else b"no-referrer",
            b"content-security-policy": _PAGE_POLICY if is_page else _NO_CONTENT_POLICY,
            b"cross-origin-resource-policy": b"cross-origin" if is_open else b"same-origin",
            b"cache-control": _PRIVATE[1],
        }
        cached = named.get(b"cache-control", b"")
        if has_credentials and b"public" in cached and b"immutable" not in cached:
            # Never one cache entry for two viewers; what never changes is the same for all.
            headers = [header for header in headers if header[0] != b"cache-control"]
            headers.append(_PRIVATE)
        headers = [header for header in headers if header[0] != b"vary"]
        own_vary = named.get(b"vary", b"")
        return [
            *headers,
            *self._always,
            *((name, value) for name, value in defaults.items() if name not in named),
            (b"vary", b", ".join(filter(None, (_VARY, own_vary)))),
            *(self._shared if is_open else ()),
        ]

    def preflight(self, origin: bytes, asked: bytes) -> RawHeaders:
        """What a page of `origin` is told that asks whether it may send the headers `asked`."""
        if not self._any_origin and origin not in self._origins:
            return [(b"vary", b"Origin")]
        # Clients may send any header; it grants nothing, because credentials are never allowed.
        allowed = asked if _FIELD_NAMES.fullmatch(asked) else _REQUEST_HEADERS
        return [
            (b"access-control-allow-methods", _METHODS),
            (b"access-control-allow-headers", allowed),
            (b"access-control-max-age", _PREFLIGHT_SECONDS),
            (b"vary", b"Origin, Access-Control-Request-Headers"),
        ]
