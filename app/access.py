"""What an endpoint asks of its caller, declared above it and enforced by `app/route.py`.

A route without a declaration does not start (AZ-1).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from app.models.identity.users import Role

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
Kind = Literal["public", "optional", "user", "app", "stream"]

PUBLIC: Kind = "public"


@dataclass(frozen=True, slots=True)
class Access:
    """One endpoint's declaration.

    `kind`: `public` reads no token at all; `optional` uses one when it is sent; `user` needs a
    person's token; `app` needs any valid token; `stream` is `user` for clients that cannot send a
    header and may put the token into the URL. `rate` names a rate of `app/rate_classes.py`.
    """

    kind: Kind
    scopes: tuple[str, ...]
    rate: str
    role: Role | None
    idempotent: bool
    # A login that is not confirmed or approved yet may use it (only `apps/verify_credentials`
    # and what ends that state).
    pending: bool
    # It reads more than a line of text, so that it may take as long as the sender's line does.
    patient: bool = False


def _declare(access: Access) -> Callable[[Endpoint], Endpoint]:
    def mark(endpoint: Endpoint) -> Endpoint:
        endpoint.__access__ = access  # type: ignore[attr-defined]  # read by of()
        return endpoint

    return mark


def public(*, rate: str = "api", idempotent: bool = False) -> Callable[[Endpoint], Endpoint]:
    """Anybody, with or without a token; a token is not looked at."""
    return _declare(Access("public", (), rate, None, idempotent, True))


def optional(*scopes: str, rate: str = "api") -> Callable[[Endpoint], Endpoint]:
    """Anybody; a token adds what its owner may see. Any one of `scopes` is enough."""
    return _declare(Access("optional", scopes, rate, None, False, False))


def user(
    *scopes: str,
    rate: str = "api",
    role: Role | None = None,
    idempotent: bool = False,
    patient: bool = False,
) -> Callable[[Endpoint], Endpoint]:
    """A person's token that covers one of `scopes`, and at least `role`.

    `idempotent`: an `Idempotency-Key` makes a retry answer as the first did (ID-1). `patient`:
    files are uploaded, which takes longer than other requests may.
    """
    return _declare(Access("user", scopes, rate, role, idempotent, False, patient))


def app(
    *scopes: str, rate: str = "api", idempotent: bool = False
) -> Callable[[Endpoint], Endpoint]:
    """Any valid token, a person's or an application's own."""
    return _declare(Access("app", scopes, rate, None, idempotent, True))


def stream(*scopes: str) -> Callable[[Endpoint], Endpoint]:
    """A person's token that covers one of `scopes`, as a header or as `access_token`."""
    return _declare(Access("stream", scopes, "api", None, False, False))


def of(endpoint: Callable[..., Any]) -> Access:
    """The declaration of an endpoint.

    Raises:
        TypeError: it has none, so the server must not start.
    """
    declared = getattr(endpoint, "__access__", None)
    if not isinstance(declared, Access):
        raise TypeError(f"{endpoint.__module__}.{endpoint.__name__} declares no access")
    return declared
