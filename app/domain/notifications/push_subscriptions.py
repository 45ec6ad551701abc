"""Push subscriptions: where an application wants to be told while it is closed."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from pydantic_core import from_json, to_json

from app import clock
from app.database import Reader
from app.domain.identity import secrecy
from app.domain.identity.tokens import Caller
from app.errors import Invalid, NotFound, Unprocessable
from app.settings import Settings

Policy = Literal["all", "followed", "follower", "none"]

# What the tokens in the table are encrypted for.
PURPOSE = "push subscriptions"

_MAX_ENDPOINT = 2000
_MAX_AUTH_BYTES = 64

_COLUMNS = "id, endpoint, standard, alerts::text AS alerts, policy"

_READ = f"SELECT {_COLUMNS} FROM push_subscriptions WHERE access_token_id = $1"

_MAKE = f"""
INSERT INTO push_subscriptions (created_at, access_token_id, account_id, token, endpoint, p256dh,
                                auth, standard, alerts, policy)
VALUES ($2, $1, $3, $4, $5, $6, $7, $8, $9::text::jsonb, $10)
ON CONFLICT (access_token_id) DO UPDATE
SET token = excluded.token, endpoint = excluded.endpoint, p256dh = excluded.p256dh,
    auth = excluded.auth, standard = excluded.standard, alerts = excluded.alerts,
    policy = excluded.policy
RETURNING {_COLUMNS}
"""

_CHANGE = f"""
UPDATE push_subscriptions
SET alerts = coalesce($2::text::jsonb, alerts), policy = coalesce($3, policy)
WHERE access_token_id = $1
RETURNING {_COLUMNS}
"""

_END = "DELETE FROM push_subscriptions WHERE access_token_id = $1"
_RESEAL = """
UPDATE push_subscriptions p SET token = sealed.token
FROM unnest($1::int[], $2::bytea[]) AS sealed (id, token) WHERE p.id = sealed.id
"""
_DROP = "DELETE FROM push_subscriptions WHERE id = $1"


@dataclass(frozen=True, slots=True)
class Receiver:
    """Where messages go, and what they are encrypted for, both keys in either base64."""

    endpoint: str
    p256dh: str
    auth: str
    standard: bool = False


@dataclass(frozen=True, slots=True)
class Wishes:
    """Which notifications are wanted, by type and by whom; None leaves it as it is."""

    alerts: Mapping[str, bool] | None = None
    policy: Policy | None = None


@dataclass(frozen=True, slots=True)
class Subscription:
    """What an application knows of its subscription."""

    id: int
    endpoint: str
    standard: bool
    policy: Policy
    alerts: Mapping[str, bool] = field(default_factory=dict)


async def subscribe(
    reader: Reader,
    settings: Settings,
    caller: Caller,
    token: str,
    receiver: Receiver,
    wishes: Wishes,
) -> Subscription:
    """Tell the application that holds `token` from now on; what it had before ends.

    Raises:
        Invalid: the endpoint is no web address, or a key is none.
        Unprocessable: the token is one of those that do not last.
    """
    if not caller.token_id:
        raise Unprocessable("Push needs an access token that lasts: register without refresh_token")
    p256dh, auth = _checked(receiver)
    found = await reader.fetch(
        _MAKE,
        caller.token_id,
        clock.now(),
        caller.account_id,
        secrecy.cipher(settings, PURPOSE).encrypt(token.encode()),
        receiver.endpoint,
        p256dh,
        auth,
        receiver.standard,
        to_json(wishes.alerts or {}).decode(),
        wishes.policy or "all",
    )
    return _subscription(found)


async def read(reader: Reader, caller: Caller) -> Subscription:
    """The subscription of the caller's token.

    Raises:
        NotFound: it has none.
    """
    return _subscription(await reader.fetch(_READ, caller.token_id))


async def change(reader: Reader, caller: Caller, wishes: Wishes) -> Subscription:
    """Want something else; alerts are replaced as a whole.

    Raises:
        NotFound: the caller's token has no subscription.
    """
    alerts = None if wishes.alerts is None else to_json(wishes.alerts).decode()
    return _subscription(await reader.fetch(_CHANGE, caller.token_id, alerts, wishes.policy))


async def unsubscribe(reader: Reader, caller: Caller) -> None:
    """End the subscription of the caller's token. Without one, nothing happens."""
    await reader.fetch(_END, caller.token_id)


async def drop(reader: Reader, subscription_id: int) -> None:
    """End a subscription whose push service knows nothing of it any more."""
    await reader.fetch(_DROP, subscription_id)


async def renew(reader: Reader, settings: Settings) -> None:
    """Encrypt the tokens with the present secret key.

    Raises:
        CannotStart: one was encrypted with a key that is not known any more.
    """
    rows = await reader.fetch("SELECT id, token FROM push_subscriptions FOR UPDATE")
    sealed = [secrecy.renewed(settings, PURPOSE, row["token"]) for row in rows]
    await reader.fetch(_RESEAL, [row["id"] for row in rows], sealed)


def _subscription(found: Any) -> Subscription:
    if not found:
        raise NotFound
    row = found[0]
    return Subscription(
        id=row["id"],
        endpoint=row["endpoint"],
        standard=row["standard"],
        policy=row["policy"],
        alerts=from_json(row["alerts"]),
    )


def _checked(receiver: Receiver) -> tuple[bytes, bytes]:
    problems: dict[str, list[tuple[str, str]]] = {}
    try:
        place = urlsplit(receiver.endpoint)
        is_web = place.scheme in ("http", "https") and bool(place.hostname)
    except ValueError:
        is_web = False
    if not is_web or len(receiver.endpoint) > _MAX_ENDPOINT:
        problems["endpoint"] = [("ERR_INVALID", "is not a valid URL")]
    p256dh, auth = _decoded(receiver.p256dh), _decoded(receiver.auth)
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), p256dh)
    except ValueError:
        problems["p256dh"] = [("ERR_INVALID", "is not a valid key")]
    if not 0 < len(auth) <= _MAX_AUTH_BYTES:
        problems["auth"] = [("ERR_INVALID", "is not a valid key")]
    if problems:
        raise Invalid(problems)
    return p256dh, auth


def _decoded(text: str) -> bytes:
    """What stands in base64, of either alphabet, with or without padding; nothing if it is none."""
    plain = text.strip().rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""
