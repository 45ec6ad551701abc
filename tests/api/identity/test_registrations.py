"""Getting an account through an application (client API section b)."""

import asyncio
from typing import Any

import httpx
import pytest

from app.database import Database
from tests.api.identity.conftest import ServerWith
from tests.api.identity.people import App, bearer, fields, log_in, register
from tests.factories import as_account, make_account

pytestmark = pytest.mark.anyio

ADA = {
    "username": "ada",
    "email": "ada@example.org",
    "password": "password",
    "agreement": "true",
    "locale": "nl-NL",
}
WAITS = "/api/v1/emails/check_confirmation"


async def app_token(client: httpx.AsyncClient, app: App, scope: str = "read write") -> str:
    response = await client.post(
        "/oauth/token", data={"grant_type": "client_credentials", "scope": scope, **app.secrets}
    )
    token: str = response.json()["access_token"]
    return token


async def sign_up(client: httpx.AsyncClient, **changes: Any) -> httpx.Response:
    token = await app_token(client, await register(client))
    given = {name: value for name, value in {**ADA, **changes}.items() if value is not None}
    return await client.post("/api/v1/accounts", json=given, headers=bearer(token))


async def test_a_person_signs_up_and_is_in(client: httpx.AsyncClient, database: Database) -> None:
    response = await sign_up(client)

    assert response.status_code == 200
    body = response.json()
    assert body["token_type"] == "Bearer"
    assert body["scope"] == "read write follow"
    home = await client.get("/api/v1/timelines/home", headers=bearer(body["access_token"]))
    assert home.status_code == 200
    assert (await client.get(WAITS, headers=bearer(body["access_token"]))).json() is True
    assert (await log_in(client, "ada", "password")).status_code == 303
    rows = await database.fetch("SELECT locale, password_hash, role FROM users")
    assert rows[0]["locale"] == "nl"
    assert rows[0]["role"] == "member"
    assert rows[0]["password_hash"].startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    events = await database.fetch("SELECT name FROM events")
    assert [row["name"] for row in events] == ["account.created"]


async def test_a_persons_token_may_do_it_too(client: httpx.AsyncClient, database: Database) -> None:
    ada = await make_account(database)

    response = await client.post(
        "/api/v1/accounts",
        data={**ADA, "username": "bob"},
        headers=await as_account(database, ada, "write:accounts"),
    )

    assert response.status_code == 200


async def test_everything_that_is_wrong_is_told_at_once(
    client: httpx.AsyncClient, database: Database
) -> None:
    await make_account(database, "ADA", email="ADA@example.org")

    response = await sign_up(client, password="short", agreement="false")

    assert response.status_code == 422
    body = response.json()
    assert body["error"].startswith("Validation failed: ")
    codes = {field: [each["error"] for each in found] for field, found in body["details"].items()}
    assert codes == {
        "username": ["ERR_TAKEN"],
        "email": ["ERR_TAKEN"],
        "password": ["ERR_TOO_SHORT"],
        "agreement": ["ERR_ACCEPTED"],
    }
    assert body["details"]["username"][0]["description"] == "has already been taken"


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("username", None, "ERR_BLANK"),
        ("username", "", "ERR_BLANK"),
        ("username", "a" * 31, "ERR_TOO_LONG"),
        ("username", "a b", "ERR_INVALID"),
        ("username", "a.b", "ERR_INVALID"),
        ("username", "adä", "ERR_INVALID"),
        ("username", "Admin", "ERR_RESERVED"),
        ("email", None, "ERR_BLANK"),
        ("email", "nobody", "ERR_INVALID"),
        ("email", "a" * 250 + "@example.org", "ERR_TOO_LONG"),
        ("password", None, "ERR_BLANK"),
        ("password", "1234567", "ERR_TOO_SHORT"),
        ("password", "x" * 129, "ERR_TOO_LONG"),
        ("agreement", None, "ERR_ACCEPTED"),
    ],
)
async def test_each_field_has_its_rule(
    client: httpx.AsyncClient, database: Database, field: str, value: str | None, code: str
) -> None:
    response = await sign_up(client, **{field: value})

    assert response.status_code == 422
    details = response.json()["details"]
    assert details.keys() == {field}
    assert [each["error"] for each in details[field]] == [code]
    assert await database.fetch("SELECT 1 FROM accounts") == []


async def test_where_it_counts_common_passwords_are_refused(
    database: Database, server_with: ServerWith
) -> None:
    """LG-5: on a server with TLS."""
    async with server_with(base_url="https://hardop.example.org") as client:
        codes = {}
        for password in ("elevenchars", "password1234", "example lovers", "Hardop Hardop", "1111"):
            response = await sign_up(client, password=password)
            codes[password] = response.json()["details"]["password"][0]["error"]
        accepted = await sign_up(client, password="six small owls sing")

    assert codes == {
        "elevenchars": "ERR_TOO_SHORT",
        "password1234": "ERR_INVALID",
        "example lovers": "ERR_INVALID",
        "Hardop Hardop": "ERR_INVALID",
        "1111": "ERR_TOO_SHORT",
    }
    assert accepted.status_code == 200


@pytest.mark.parametrize("same", ["username", "email"])
async def test_of_many_who_want_the_same_one_gets_it(
    client: httpx.AsyncClient, database: Database, same: str
) -> None:
    token = await app_token(client, await register(client))

    def wanted(number: int) -> dict[str, str]:
        other = {"username": f"ada{number}", "email": f"ada{number}@example.org"}
        return {**ADA, **other, same: ADA[same]}

    responses = await asyncio.gather(
        *(
            client.post("/api/v1/accounts", json=wanted(number), headers=bearer(token))
            for number in range(4)
        )
    )

    assert sorted(response.status_code for response in responses) == [200, 422, 422, 422]
    for response in responses:
        if response.status_code == 422:
            assert response.json()["details"][same][0]["error"] == "ERR_TAKEN"
    assert len(await database.fetch("SELECT 1 FROM accounts")) == 1
    assert len(await database.fetch("SELECT 1 FROM users")) == 1


async def test_a_closed_server_takes_nobody(server_with: ServerWith) -> None:
    async with server_with(registration="closed") as client:
        response = await sign_up(client)

    assert response.status_code == 403
    assert response.json()["error"] == "This action is not allowed"


async def test_the_token_must_cover_it(client: httpx.AsyncClient) -> None:
    token = await app_token(client, await register(client), "read")

    without = await client.post("/api/v1/accounts", json=ADA)
    narrow = await client.post("/api/v1/accounts", json=ADA, headers=bearer(token))

    assert without.status_code == 401
    assert narrow.status_code == 403


async def test_where_sign_ups_are_approved_one_says_why_and_waits(
    database: Database, server_with: ServerWith
) -> None:
    async with server_with(registration="approval") as client:
        without_reason = await sign_up(client)
        response = await sign_up(client, reason="I am the new one")
        token = response.json()["access_token"]

        refused = await client.get("/api/v1/timelines/home", headers=bearer(token))
        unseen = await client.get("/api/v1/accounts/lookup", params={"acct": "ada"})

    assert without_reason.json()["details"]["reason"][0]["error"] == "ERR_BLANK"
    assert response.status_code == 200
    assert refused.status_code == 403
    assert refused.json()["error"] == "Your login is currently pending approval"
    assert unseen.status_code == 404
    rows = await database.fetch("SELECT reason, approved FROM users")
    assert [(row["reason"], row["approved"]) for row in rows] == [("I am the new one", False)]


async def test_where_addresses_are_confirmed_one_waits(
    database: Database, server_with: ServerWith
) -> None:
    async with server_with(confirm_email="on") as client:
        token = (await sign_up(client)).json()["access_token"]

        refused = await client.get("/api/v1/timelines/home", headers=bearer(token))
        waiting = await client.get(WAITS, headers=bearer(token))
        resent = await client.post("/api/v1/emails/confirmations", headers=bearer(token))
        corrected = await client.post(
            "/api/v1/emails/confirmations",
            json={"email": "ada.lovelace@example.org"},
            headers=bearer(token),
        )
        await database.fetch("UPDATE users SET confirmed_at = now()")
        again = await client.post("/api/v1/emails/confirmations", headers=bearer(token))
        confirmed = await client.get(WAITS, headers=bearer(token))

    assert refused.status_code == 403
    assert refused.json()["error"] == "Your login is missing a confirmed e-mail address"
    assert waiting.json() is False
    assert resent.json() == corrected.json() == {}
    assert again.status_code == 403
    assert confirmed.json() is True
    rows = await database.fetch("SELECT email FROM users")
    assert [row["email"] for row in rows] == ["ada.lovelace@example.org"]


@pytest.mark.parametrize(
    ("email", "code"), [("bob@example.org", "ERR_TAKEN"), ("no address", "ERR_INVALID")]
)
async def test_another_address_must_be_ones_own(
    client: httpx.AsyncClient, database: Database, email: str, code: str
) -> None:
    await make_account(database, "bob", email="Bob@example.org")
    ada = await make_account(database, "ada", confirmed_at=None)

    response = await client.post(
        "/api/v1/emails/confirmations",
        json={"email": email},
        headers=await as_account(database, ada),
    )

    assert response.status_code == 422
    assert response.json()["details"]["email"][0]["error"] == code


async def test_confirmations_are_a_persons_business(client: httpx.AsyncClient) -> None:
    token = await app_token(client, await register(client))

    for method, path in (("GET", WAITS), ("POST", "/api/v1/emails/confirmations")):
        response = await client.request(method, path, headers=bearer(token))
        assert response.status_code == 422
        assert response.json()["error"] == "This method requires an authenticated user"


async def test_a_letter_typed_in_two_ways_is_one_password(
    client: httpx.AsyncClient, database: Database
) -> None:
    """LG-5: NFC before hashing."""
    await sign_up(client, password="cafe\u0301 au lait")

    page = await client.get("/auth/sign_in")
    response = await client.post(
        "/auth/sign_in",
        data={**fields(page), "username": "ada", "password": "caf\u00e9 au lait"},
    )

    assert response.status_code == 303
