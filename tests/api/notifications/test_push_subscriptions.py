"""Web Push: subscribing (client API, push; SS-2)."""

import base64
from typing import Any

import httpx
import pytest

from app.database import Database
from app.domain.notifications import vapid_keys
from app.models.accounts.accounts import Account
from app.settings import Settings
from tests.api.identity.people import bearer, get_tokens, log_in, make_person, refreshing
from tests.api.notifications.push_services import URL, Client, decoded, unpadded
from tests.factories import as_account

pytestmark = pytest.mark.anyio

ELSEWHERE = "https://push.example.org/1"


async def test_one_subscription_for_each_token(
    client: httpx.AsyncClient,
    database: Database,
    people: tuple[Account, Account],
    subscriber: Client,
) -> None:
    other = Client(client, await as_account(database, people[0]))
    missing = await subscriber.send("GET")
    # Clients look for these words.
    assert (missing.status_code, missing.json()["error"]) == (404, "Record not found")
    assert (await subscriber.send("PUT", policy="none")).status_code == 404

    made = await subscriber.subscribe(ELSEWHERE, mention=True, follow=False)

    instance = (await client.get("/api/v2/instance")).json()
    assert made == {
        "id": made["id"],
        "endpoint": ELSEWHERE,
        "standard": True,
        "alerts": {"mention": True, "follow": False},
        "policy": "all",
        "server_key": instance["configuration"]["vapid"]["public_key"],
    }
    assert 0 < made["id"] < 2**31
    assert len(decoded(made["server_key"])) == 65
    assert (await subscriber.send("GET")).json() == made
    assert (await other.send("GET")).status_code == 404

    again = await subscriber.subscribe("https://push.example.org/2", standard=False)
    assert (again["endpoint"], again["standard"]) == ("https://push.example.org/2", False)
    assert (await subscriber.send("GET")).json() == again
    assert (await subscriber.send("DELETE")).json() == {}
    assert (await subscriber.send("DELETE")).json() == {}
    assert (await subscriber.send("GET")).status_code == 404


async def test_wishes_change(client: httpx.AsyncClient, subscriber: Client) -> None:
    made = await subscriber.subscribe(ELSEWHERE, mention=True)

    async def change(**sent: Any) -> dict[str, Any]:
        response = await subscriber.send("PUT", **sent)
        assert response.status_code == 200, response.text
        return {key: value for key, value in response.json().items() if made[key] != value}

    alerts = {"admin.sign_up": "1", "favourite": "0", "nonsense": True}
    assert await change(data={"alerts": alerts}) == {
        "alerts": {"admin.sign_up": True, "favourite": False}
    }
    assert (await change(policy="followed"))["policy"] == "followed"
    assert (await change(data={"policy": "follower"}))["policy"] == "follower"
    assert (await subscriber.send("PUT", policy="everybody")).status_code == 400
    assert "alerts" in await change()


@pytest.mark.parametrize(
    "form",
    [
        base64.b64encode,
        base64.urlsafe_b64encode,
        lambda raw: unpadded(raw).encode(),
        lambda raw: base64.b64encode(raw).rstrip(b"="),
    ],
)
async def test_keys_come_in_either_base64(
    client: httpx.AsyncClient, database: Database, subscriber: Client, form: Any
) -> None:
    receiver = subscriber.application
    sent = {
        "subscription[endpoint]": ELSEWHERE,
        "subscription[keys][p256dh]": form(receiver.point).decode(),
        "subscription[keys][auth]": form(receiver.auth).decode(),
        "data[alerts][follow]": "true",
        "policy": "followed",
    }
    response = await client.post(URL, data=sent, headers=subscriber.headers)

    assert response.status_code == 200, response.text
    assert response.json()["policy"] == "followed"
    [kept] = await database.fetch("SELECT p256dh, auth, token FROM push_subscriptions")
    assert (kept["p256dh"], kept["auth"]) == (receiver.point, receiver.auth)
    # Who reads the database cannot use the token.
    assert subscriber.headers["Authorization"].removeprefix("Bearer ").encode() not in kept["token"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("endpoint", "push.example.org"),
        ("endpoint", "ftp://push.example.org/"),
        ("endpoint", "https://[push"),
        ("endpoint", "https://push.example.org/" + "x" * 2000),
        ("p256dh", unpadded(bytes(65))),
        ("p256dh", "not a key"),
        ("auth", "%"),
        ("auth", unpadded(bytes(65))),
    ],
)
async def test_what_could_never_be_delivered_is_refused(
    client: httpx.AsyncClient, subscriber: Client, name: str, value: str
) -> None:
    subscription = subscriber.application.subscription(ELSEWHERE, standard=True)
    (subscription if name == "endpoint" else subscription["keys"])[name] = value

    response = await subscriber.send("POST", subscription=subscription)

    assert response.status_code == 422
    assert list(response.json()["details"]) == [name]
    without = await subscriber.send("POST", data={"alerts": {"mention": True}})
    assert without.status_code == 400


async def test_a_key_that_cannot_be_read_is_not_used(
    settings: Settings, database: Database
) -> None:
    first = await vapid_keys.public_key(database, settings)
    assert (await vapid_keys.signer(database, settings)).public_key == first
    address = settings.model_copy(update={"contact_email": "help@example.org"})
    assert (await vapid_keys.signer(database, address)).subject == "mailto:help@example.org"

    await vapid_keys.forget(database)

    assert await vapid_keys.public_key(database, settings) != first


async def test_short_lived_tokens_cannot_subscribe(
    client: httpx.AsyncClient, database: Database
) -> None:
    # The message holds the token, by which applications know whose it is.
    await make_person(database, "zoe")
    app = await refreshing(client, scopes="read push")
    await log_in(client, "zoe")
    tokens = await get_tokens(client, app, scope="read push")
    zoe = Client(client, bearer(tokens["access_token"]))

    sent = zoe.application.subscription(ELSEWHERE, standard=True)
    response = await zoe.send("POST", subscription=sent)

    assert response.status_code == 422
    assert response.json()["error"].startswith("Push needs an access token that lasts")
    assert (await zoe.send("GET")).status_code == 404
