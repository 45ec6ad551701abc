"""Scopes: what a token may be used for (client API section b, OA-16)."""

from functools import lru_cache

_READ = (
    "accounts blocks bookmarks collections favourites filters follows lists mutes notifications "
    "search statuses"
).split()
_WRITE = (
    "accounts blocks bookmarks collections conversations favourites filters follows lists media "
    "mutes notifications reports statuses"
).split()
_ADMIN = (
    "accounts reports domain_allows domain_blocks ip_blocks email_domain_blocks "
    "canonical_email_blocks"
).split()

_IMPLIED: dict[str, frozenset[str]] = {
    "read": frozenset(f"read:{name}" for name in _READ),
    "write": frozenset(f"write:{name}" for name in _WRITE),
    "follow": frozenset(
        f"{verb}:{name}" for verb in ("read", "write") for name in ("follows", "blocks", "mutes")
    ),
    "admin:read": frozenset(f"admin:read:{name}" for name in _ADMIN),
    "admin:write": frozenset(f"admin:write:{name}" for name in _ADMIN),
    "push": frozenset(),
    "profile": frozenset(),
}

ALL: tuple[str, ...] = (*_IMPLIED, *sorted(frozenset().union(*_IMPLIED.values())))
_KNOWN = frozenset(ALL)


@lru_cache(maxsize=1024)
def granted(scopes: str) -> frozenset[str]:
    """Every scope that a token's scope string covers, the implied ones included."""
    named = frozenset(scopes.split())
    return named.union(*(_IMPLIED.get(scope, frozenset()) for scope in named))


def unknown(scopes: str) -> list[str]:
    """Those of the requested scopes that do not exist."""
    return [scope for scope in scopes.split() if scope not in _KNOWN]


def within(requested: str, registered: str) -> bool:
    """Whether an application registered with `registered` may ask for `requested`."""
    return frozenset(requested.split()) <= granted(registered)


def tidy(scopes: str) -> str:
    """The scopes as they were asked for, each once, one space between; `read` if none were."""
    return " ".join(dict.fromkeys(scopes.split())) or "read"
