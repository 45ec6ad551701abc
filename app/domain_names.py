"""Names of domains, as people type them."""

import regex

_DOMAIN = regex.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}")
_MAX_LENGTH = 253


def normalised(typed: str) -> str:
    """The name in the form in which names are compared."""
    return typed.strip().lower()


def is_domain(name: str) -> bool:
    """Whether a normalised name can be that of a domain."""
    return len(name) <= _MAX_LENGTH and _DOMAIN.fullmatch(name) is not None
