"""What programs read to learn how to log people in (OA-1)."""

import httpx
import pytest

from app.database import Database
from tests.api.identity.conftest import ServerWith

pytestmark = pytest.mark.anyio

PATHS = ("/.well-known/oauth-authorization-server", "/.well-known/openid-configuration")


async def test_the_metadata_says_what_is_true(client: httpx.AsyncClient) -> None:
    """OA-1; RFC 8414."""
    response = await client.get(PATHS[0])

    body = response.json()
    scopes = body.pop("scopes_supported")
    origin = "http://hardop.test"
    assert body == {
        "issuer": f"{origin}/",
        "authorization_endpoint": f"{origin}/oauth/authorize",
        "token_endpoint": f"{origin}/oauth/token",
        "revocation_endpoint": f"{origin}/oauth/revoke",
        "introspection_endpoint": f"{origin}/oauth/introspect",
        "userinfo_endpoint": f"{origin}/oauth/userinfo",
        "jwks_uri": f"{origin}/oauth/jwks",
        "app_registration_endpoint": f"{origin}/api/v1/apps",
        "service_documentation": f"{origin}/docs",
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "client_credentials", "refresh_token"],
        "token_endpoint_auth_methods_supported": [
            "client_secret_basic",
            "client_secret_post",
            "none",
        ],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
    }
    assert {"read", "write", "follow", "push", "profile", "read:statuses", "admin:write"} <= {
        *scopes
    }
    assert "openid" not in scopes


async def test_openid_clients_find_the_same_and_no_promise_of_id_tokens(
    client: httpx.AsyncClient,
) -> None:
    plain, openid = [(await client.get(path)).json() for path in PATHS]

    assert openid.pop("subject_types_supported") == ["public"]
    assert openid == plain


async def test_every_address_in_it_answers(client: httpx.AsyncClient, database: Database) -> None:
    body = (await client.get(PATHS[0])).json()

    for name, url in body.items():
        if name.endswith(("_endpoint", "_uri")):
            assert (await client.get(url)).status_code != 404, name


@pytest.mark.parametrize("path", PATHS)
async def test_it_may_be_cached_and_asked_again_cheaply(
    client: httpx.AsyncClient, path: str
) -> None:
    """HT-7."""
    response = await client.get(path)

    assert response.headers["cache-control"] == "public, max-age=900"
    tag = response.headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = await client.get(path, headers={"If-None-Match": known})
        assert again.status_code == 304
        assert again.headers["etag"] == tag
    changed = await client.get(path, headers={"If-None-Match": '"other"'})
    assert changed.status_code == 200


async def test_the_issuer_is_the_base_url(server_with: ServerWith) -> None:
    async with server_with(base_url="https://hardop.example.org") as client:
        body = (await client.get(PATHS[0])).json()

    assert body["issuer"] == "https://hardop.example.org/"
    assert body["token_endpoint"] == "https://hardop.example.org/oauth/token"
