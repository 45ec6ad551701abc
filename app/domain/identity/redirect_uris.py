"""Redirect URIs: where an answer to an authorization request may go (OA-2)."""

import re
from urllib.parse import SplitResult, urlencode, urlsplit

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"

_MAX_LENGTH = 2000
_DENIED_SCHEMES = frozenset(
    ("javascript", "data", "vbscript", "file", "blob", "about", "ws", "wss", "ftp")
)
_LOOPBACK = frozenset(("127.0.0.1", "::1", "localhost"))
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
# Spaces, controls and what is not ASCII have no place in a URI (RFC 3986).
_URI = re.compile(r"[!-~]+")


def problem(uri: str) -> str | None:
    """Why this cannot be registered, as the rest of a sentence; None if it can."""
    if uri == OUT_OF_BAND:
        return None
    if len(uri) > _MAX_LENGTH:
        return f"is too long (maximum is {_MAX_LENGTH} characters)"
    parts = _split(uri)
    if parts is None or not _SCHEME.match(uri) or not _URI.fullmatch(uri):
        return "must be an absolute URI."
    if "#" in uri:
        return "cannot contain a fragment."
    if parts.scheme in _DENIED_SCHEMES or (parts.scheme == "urn"):
        return "uses a scheme that is not allowed."
    if parts.scheme in ("http", "https") and (not parts.hostname or "@" in parts.netloc):
        return "must be an absolute URI."
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        return "must use https, except on your own machine."
    return None


def is_registered(uri: str, registered: list[str]) -> bool:
    """Whether `uri` is one of the registered ones, to the letter.

    Only the port of a program's own machine may differ: it takes whichever is free (RFC 8252,
    section 7.3).
    """
    if uri in registered:
        return True
    return any(_same_but_for_port(uri, known) for known in registered)


def host(uri: str) -> str:
    """Who gets the answer, for showing to people: a host, or an app's own scheme."""
    parts = _split(uri)
    if parts is None:
        return uri
    if parts.scheme in ("http", "https"):
        return parts.netloc
    return f"{parts.scheme}:"


def with_parameters(uri: str, parameters: dict[str, str]) -> str:
    """The URI with more in its query; what it has already stays to the letter."""
    query = urlencode(parameters)
    if "?" not in uri:
        return f"{uri}?{query}"
    return f"{uri}{query}" if uri.endswith(("?", "&")) else f"{uri}&{query}"


def _same_but_for_port(uri: str, known: str) -> bool:
    given, expected = _split(uri), _split(known)
    return (
        given is not None
        and expected is not None
        and given.scheme == expected.scheme == "http"
        and given.hostname in _LOOPBACK
        and _without_port(uri, given) == _without_port(known, expected)
    )


def _without_port(uri: str, parts: SplitResult) -> str:
    """The very text but for the port, so that nothing else may differ."""
    bare = re.sub(r":[0-9]{1,5}$", "", parts.netloc)
    return uri.replace(parts.netloc, bare, 1)


def _split(uri: str) -> SplitResult | None:
    try:
        parts = urlsplit(uri)
        _ = parts.port
    except ValueError:
        return None
    # urlsplit drops tabs and line ends without a word.
    return parts if parts.geturl() or not uri else None
