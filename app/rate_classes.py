"""The rate classes: how often somebody may ask for what (security catalogue, section 3)."""

from dataclasses import dataclass
from typing import Literal

from starlette.routing import BaseRoute

Key = Literal["token", "account", "address"]


@dataclass(frozen=True, slots=True)
class RateClass:
    """At most `limit` requests in each `seconds` for one token, account or address.

    `exact`: counted in PostgreSQL for each request, so that not even parallel requests to several
    processes get one more.
    """

    name: str
    key: Key
    limit: int
    seconds: int
    exact: bool = False


CLASSES = {
    each.name: each
    for each in (
        RateClass("api-token", "token", 300, 300),
        RateClass("api-account", "account", 1500, 300),
        RateClass("api-anon", "address", 300, 300),
        RateClass("paging", "account", 300, 900),
        RateClass("media-upload", "account", 30, 1800),
        RateClass("status-delete", "account", 30, 1800),
        RateClass("status-create", "account", 300, 10_800),
        RateClass("follow", "account", 400, 86_400),
        RateClass("report", "account", 400, 86_400),
        RateClass("search", "account", 60, 60),
        RateClass("app-register", "address", 20, 3600, exact=True),
        RateClass("sign-up", "address", 5, 1800, exact=True),
        RateClass("confirm-ip", "address", 25, 300, exact=True),
        RateClass("confirm-target", "account", 5, 1800, exact=True),
        RateClass("reset-ip", "address", 25, 300, exact=True),
        RateClass("reset-target", "account", 5, 1800, exact=True),
        RateClass("websub", "address", 100, 3600),
        RateClass("login-ip", "address", 25, 300, exact=True),
        RateClass("login-account", "account", 25, 3600, exact=True),
    )
}

USER = ("api-token", "api-account")
ANONYMOUS = ("api-anon",)

# What an endpoint may declare, and the class that adds to those of every API request. The code
# behind `login` counts attempts itself, with `attempt_login` and `ask_for_password`.
RATES: dict[str, tuple[str, ...]] = {
    "api": (),
    "login": (),
    **{
        name: (name,)
        for name in (
            "status-create",
            "status-delete",
            "follow",
            "report",
            "media-upload",
            "search",
            "app-register",
            "sign-up",
            "websub",
        )
    },
    "confirm": ("confirm-ip", "confirm-target"),
}
NONE = "none"


def check(route: BaseRoute) -> None:
    """Refuse to start with a route whose rate class does not exist.

    Raises:
        TypeError: the class it declares is none of ours.
    """
    access = getattr(route, "access", None)
    if access is not None and access.rate != NONE and access.rate not in RATES:
        raise TypeError(f"{getattr(route, 'path', route)} declares no rate class: {access.rate!r}")
