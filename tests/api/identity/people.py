"""People at a browser, and the applications they let in."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from app.database import Database
from app.domain.identity import passwords
from app.models.accounts.accounts import Account
from tests.factories import make_account

ISSUER = "http://hardop.test/"
WHO = "/api/v1/apps/verify_credentials"
PASSWORD = "correct horse battery"
OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
CALLBACK = "https://client.example.org/callback"
# The vectors of RFC 7636, appendix B.
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)"(?: autocomplete="\w+")? value="([^"]*)"')


@dataclass
class App:
    """A registered client."""

    id: str
    client_id: str
    client_secret: str
    redirect_uri: str

    @property
    def secrets(self) -> dict[str, str]:
        proof = {"client_secret": self.client_secret} if self.client_secret else {}
        return {"client_id": self.client_id, **proof}


async def make_person(database: Database, username: str = "", **columns: object) -> Account:
    """An account whose login has the password `PASSWORD`."""
    account = await make_account(database, username, **columns)
    await database.fetch(
        "UPDATE users SET password_hash = $2 WHERE account_id = $1",
        account.id,
        await passwords.hashed(PASSWORD),
    )
    return account


async def register(
    client: httpx.AsyncClient,
    redirect_uri: str = CALLBACK,
    scopes: str = "read write follow",
    **parameters: Any,
) -> App:
    response = await client.post(
        "/api/v1/apps",
        json={
            "client_name": "Test client",
            "redirect_uris": redirect_uri,
            "scopes": scopes,
            **parameters,
        },
    )
    assert response.status_code == 200, response.text
    body = response.json()
    return App(
        body["id"], body["client_id"], body["client_secret"], body["redirect_uri"].split("\n")[0]
    )


def fields(page: httpx.Response) -> dict[str, str]:
    """The hidden fields of a page's form."""
    return {unescape(name): unescape(value) for name, value in _HIDDEN.findall(page.text)}


async def log_in(
    client: httpx.AsyncClient, name: str, password: str = PASSWORD, **parameters: str
) -> httpx.Response:
    """What the form answers to a name and a password."""
    page = await client.get("/auth/sign_in", params=parameters)
    return await client.post(
        "/auth/sign_in", data={**fields(page), "username": name, "password": password}
    )


def question(app: App, **parameters: str | None) -> dict[str, str]:
    """The parameters of an authorization request; None leaves one out."""
    asked = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": app.redirect_uri,
        "scope": "read write",
        **parameters,
    }
    return {name: value for name, value in asked.items() if value is not None}


async def decide(
    client: httpx.AsyncClient, app: App, decision: str = "allow", **parameters: str | None
) -> httpx.Response:
    """What the consent page answers to somebody who is logged in."""
    page = await client.get("/oauth/authorize", params=question(app, **parameters))
    assert page.status_code == 200, (page.status_code, page.headers.get("location"), page.text)
    return await client.post("/oauth/authorize", data={**fields(page), "decision": decision})


def answered(response: httpx.Response) -> dict[str, str]:
    """The parameters a redirect carries."""
    assert response.status_code == 303, response.text
    query = parse_qs(urlsplit(response.headers["location"]).query)
    return {name: values[0] for name, values in query.items()}


async def get_code(client: httpx.AsyncClient, app: App, **parameters: str | None) -> str:
    return answered(await decide(client, app, "allow", **parameters))["code"]


async def redeem(
    client: httpx.AsyncClient, app: App, code: str, **parameters: str
) -> httpx.Response:
    return await client.post(
        "/oauth/token",
        data={
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": app.redirect_uri,
            **app.secrets,
            **parameters,
        },
    )


async def get_tokens(
    client: httpx.AsyncClient, app: App, **parameters: str | None
) -> dict[str, Any]:
    """The answer of the token endpoint after a consent."""
    response = await redeem(client, app, await get_code(client, app, **parameters))
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def refreshing(client: httpx.AsyncClient, **parameters: Any) -> App:
    """An application that asked for refresh tokens when it registered."""
    return await register(client, grant_types=["authorization_code", "refresh_token"], **parameters)


async def refresh(
    client: httpx.AsyncClient, app: App, token: str, **parameters: str
) -> httpx.Response:
    return await client.post(
        "/oauth/token",
        data={
            "grant_type": "refresh_token",
            "refresh_token": token,
            **app.secrets,
            **parameters,
        },
    )


async def status_of(client: httpx.AsyncClient, token: str) -> tuple[int, str]:
    response = await client.get(WHO, headers=bearer(token))
    return response.status_code, response.json().get("error", "")


async def keys(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await client.get("/oauth/jwks")).json()["keys"]
    return found
