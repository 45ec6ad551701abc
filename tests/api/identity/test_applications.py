"""Registering a client (client API section b, OA-2)."""

import httpx
import pytest

from app.database import Database
from tests.api.identity.people import bearer, register
from tests.factories import as_account, make_account, make_token

pytestmark = pytest.mark.anyio


async def test_a_client_registers_with_one_address(
    client: httpx.AsyncClient, database: Database
) -> None:
    response = await client.post(
        "/api/v1/apps",
        data={
            "client_name": "Toot",
            "redirect_uris": "urn:ietf:wg:oauth:2.0:oob",
            "scopes": "read write follow",
            "website": "https://toot.example.org",
        },
    )

    assert response.status_code == 200
    body = response.json()
    assert body["name"] == "Toot"
    assert body["website"] == "https://toot.example.org"
    assert body["scopes"] == ["read", "write", "follow"]
    assert body["redirect_uri"] == "urn:ietf:wg:oauth:2.0:oob"
    assert body["redirect_uris"] == ["urn:ietf:wg:oauth:2.0:oob"]
    assert body["client_secret_expires_at"] == 0
    assert len(body["client_secret"]) >= 43


async def test_the_secret_is_stored_as_a_hash_only(
    client: httpx.AsyncClient, database: Database
) -> None:
    """OA-8."""
    app = await register(client)

    rows = await database.fetch("SELECT a::text AS row FROM applications a")

    assert app.client_id in rows[0]["row"]
    assert app.client_secret not in rows[0]["row"]


@pytest.mark.parametrize(
    "sent",
    [
        {"redirect_uris": "https://a.example.org/\nhttps://b.example.org/"},
        {"redirect_uris": "https://a.example.org/ https://b.example.org/"},
        {"redirect_uris": ["https://a.example.org/", "https://b.example.org/"]},
    ],
)
async def test_addresses_come_in_one_text_or_in_an_array(
    client: httpx.AsyncClient, database: Database, sent: dict[str, object]
) -> None:
    response = await client.post("/api/v1/apps", json={"client_name": "Two", **sent})

    assert response.json()["redirect_uris"] == ["https://a.example.org/", "https://b.example.org/"]
    assert response.json()["scopes"] == ["read"]


@pytest.mark.parametrize(
    "uri",
    [
        "https://client.example.org/callback?with=query",
        "http://127.0.0.1:7000/",
        "http://[::1]/callback",
        "http://localhost:3000/callback",
        "mastodon-android-auth://callback",
        "oauth2redirect://host/",
        "icecubesapp://",
        "urn:ietf:wg:oauth:2.0:oob",
    ],
)
async def test_addresses_that_real_clients_use_are_accepted(
    client: httpx.AsyncClient, database: Database, uri: str
) -> None:
    app = await register(client, uri)

    assert app.redirect_uri == uri


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "callback",
        "/callback",
        "https://",
        "https://client.example.org/#fragment",
        "https://user@client.example.org/",
        "http://client.example.org/",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,hello",
        "vbscript:x",
        "file:///etc/passwd",
        "blob:https://client.example.org/1",
        "about:blank",
        "ws://client.example.org/",
        "ftp://client.example.org/",
        "urn:somebody:else",
        "https://client.example.org/" + "a" * 2000,
        "https://client.example.org:port/",
    ],
)
async def test_addresses_that_could_harm_are_refused(
    client: httpx.AsyncClient, database: Database, uri: str
) -> None:
    """OA-2."""
    response = await client.post("/api/v1/apps", json={"client_name": "Bad", "redirect_uris": uri})

    assert response.status_code == 422
    assert response.json()["error"].startswith("Validation failed: Redirect URI ")


async def test_an_unknown_scope_is_refused(client: httpx.AsyncClient, database: Database) -> None:
    """OA-16."""
    response = await client.post(
        "/api/v1/apps",
        json={"client_name": "Bad", "redirect_uris": "https://a.example.org/", "scopes": "rule"},
    )

    assert response.status_code == 422
    assert "Scopes" in response.json()["error"]


async def test_a_name_is_needed(client: httpx.AsyncClient, database: Database) -> None:
    response = await client.post("/api/v1/apps", json={"redirect_uris": "https://a.example.org/"})

    assert response.status_code == 400
    assert response.json()["error"] == "param is missing or the value is empty: client_name"


@pytest.mark.parametrize("website", ["javascript:alert(1)", "https://", "https://[x", "maker"])
async def test_a_web_site_is_a_web_address(client: httpx.AsyncClient, website: str) -> None:
    response = await client.post(
        "/api/v1/apps",
        json={
            "client_name": "Bad",
            "redirect_uris": "https://a.example.org/",
            "website": website,
        },
    )

    assert response.status_code == 422
    assert "website" in response.json()["details"]


async def test_a_public_client_has_no_secret(client: httpx.AsyncClient, database: Database) -> None:
    app = await register(client, token_endpoint_auth_method="none")

    assert app.client_secret == ""


@pytest.mark.parametrize("whose", ["person", "application"])
async def test_any_token_tells_its_application(
    client: httpx.AsyncClient, database: Database, whose: str
) -> None:
    account = await make_account(database) if whose == "person" else None
    token = await make_token(database, account, "write:media")

    response = await client.get(
        "/api/v1/apps/verify_credentials", headers={"Authorization": f"Bearer {token}"}
    )

    assert response.status_code == 200
    assert response.json()["name"] == "Test client"
    assert "client_secret" not in response.json()


async def test_without_a_token_there_is_no_application(
    client: httpx.AsyncClient, database: Database
) -> None:
    response = await client.get("/api/v1/apps/verify_credentials")

    assert response.status_code == 401
    assert response.json()["error"] == "The access token is invalid"
    assert response.headers["www-authenticate"] == 'Bearer realm="hardop"'


async def test_a_deleted_application_is_unknown_at_once(
    client: httpx.AsyncClient, database: Database
) -> None:
    """OA-19: even where its token is still remembered."""
    token = bearer(await make_token(database, await make_account(database)))
    url = "/api/v1/apps/verify_credentials"
    assert (await client.get(url, headers=token)).status_code == 200

    await database.fetch("DELETE FROM applications")

    assert (await client.get(url, headers=token)).status_code == 401
    for path, body in (
        ("/api/v1/statuses", {"status": "Is anybody there?"}),
        ("/api/hardop/v1/feeds", {"kind": "home"}),
    ):
        refused = await client.post(path, headers=token, json=body)
        assert (refused.status_code, refused.json()["code"]) == (401, "unauthorized")


async def test_a_token_without_an_application_says_so(
    client: httpx.AsyncClient, database: Database
) -> None:
    token = await make_token(database, await make_account(database))
    await database.fetch("UPDATE access_tokens SET application_id = NULL")

    response = await client.get("/api/v1/apps/verify_credentials", headers=bearer(token))

    assert response.status_code == 401


async def test_somebody_who_waits_may_still_see_the_application(
    client: httpx.AsyncClient, database: Database
) -> None:
    account = await make_account(database, approved=False)

    response = await client.get(
        "/api/v1/apps/verify_credentials", headers=await as_account(database, account)
    )

    assert response.status_code == 200
