"""Ending tokens and looking into them (OA-10, OA-14, OA-15)."""

import httpx
import pytest

from app.database import Database
from tests.api.identity.people import (
    WHO,
    bearer,
    get_tokens,
    log_in,
    make_person,
    register,
)
from tests.factories import as_account, make_account

pytestmark = pytest.mark.anyio


async def is_valid(client: httpx.AsyncClient, token: str) -> bool:
    response = await client.get(WHO, headers=bearer(token))
    assert response.status_code in (200, 401)
    return response.status_code == 200


class TestRevocation:
    """OA-14."""

    async def test_a_revoked_token_is_worth_nothing(
        self, client: httpx.AsyncClient, database: Database
    ) -> None:
        await make_person(database, "ada")
        app = await register(client)
        await log_in(client, "ada")
        token = (await get_tokens(client, app))["access_token"]
        assert await is_valid(client, token)

        for _ in range(2):
            response = await client.post("/oauth/revoke", data={"token": token, **app.secrets})
            assert response.status_code == 200
            assert response.json() == {}

        refused = await client.get(WHO, headers=bearer(token))
        assert refused.status_code == 401
        assert refused.json()["error"] == "The access token was revoked"
        assert 'error="invalid_token"' in refused.headers["www-authenticate"]

    async def test_what_nobody_knows_is_revoked_already(self, client: httpx.AsyncClient) -> None:
        app = await register(client)

        for token in ("hdp_at_unknown", "a.b.c", "x" * 500):
            response = await client.post("/oauth/revoke", data={"token": token, **app.secrets})
            assert response.status_code == 200

    async def test_another_client_cannot_revoke_it(
        self, client: httpx.AsyncClient, database: Database
    ) -> None:
        await make_person(database, "ada")
        app, other = await register(client), await register(client)
        await log_in(client, "ada")
        token = (await get_tokens(client, app))["access_token"]

        anothers = await client.post("/oauth/revoke", data={"token": token, **other.secrets})
        without = await client.post("/oauth/revoke", data=other.secrets)
        nobody = await client.post("/oauth/revoke", data={"token": token})

        for response in (anothers, without):
            assert response.status_code == 403
            assert response.json()["error"] == "unauthorized_client"
        assert nobody.status_code == 401
        assert nobody.json()["error"] == "invalid_client"
        assert await is_valid(client, token)


class TestIntrospection:
    """OA-15."""

    async def test_a_client_learns_about_its_own_token(
        self, client: httpx.AsyncClient, database: Database
    ) -> None:
        ada = await make_person(database, "ada")
        app = await register(client)
        await log_in(client, "ada")
        tokens = await get_tokens(client, app)

        response = await client.post(
            "/oauth/introspect", data={"token": tokens["access_token"], **app.secrets}
        )

        assert response.json() == {
            "active": True,
            "scope": "read write",
            "client_id": app.client_id,
            "username": "ada",
            "token_type": "Bearer",
            "iat": tokens["created_at"],
            "nbf": tokens["created_at"],
            "sub": str(ada.id),
            "aud": "http://hardop.test/",
            "iss": "http://hardop.test/",
        }

    async def test_an_application_is_nobody_in_particular(self, client: httpx.AsyncClient) -> None:
        app = await register(client)
        own = await client.post(
            "/oauth/token", data={"grant_type": "client_credentials", **app.secrets}
        )

        response = await client.post(
            "/oauth/introspect", data={"token": own.json()["access_token"], **app.secrets}
        )

        assert response.json()["active"]
        assert "username" not in response.json()

    async def test_anything_else_is_just_inactive(
        self, client: httpx.AsyncClient, database: Database
    ) -> None:
        ada = await make_person(database, "ada")
        app, other = await register(client), await register(client)
        await log_in(client, "ada")
        revoked = (await get_tokens(client, app))["access_token"]
        await client.post("/oauth/revoke", data={"token": revoked, **app.secrets})
        others = (await get_tokens(client, other))["access_token"]
        of_disabled = (await get_tokens(client, app))["access_token"]
        await database.fetch("UPDATE users SET disabled = true WHERE account_id = $1", ada.id)

        for token in (revoked, others, of_disabled, "unknown", "a.b.c", ""):
            response = await client.post("/oauth/introspect", data={"token": token, **app.secrets})
            assert response.status_code == 200
            assert response.json() == {"active": False}

    async def test_a_client_must_have_a_secret(self, client: httpx.AsyncClient) -> None:
        public = await register(client, token_endpoint_auth_method="none")

        response = await client.post("/oauth/introspect", data={"token": "x", **public.secrets})

        assert response.status_code == 401


class TestUserInfo:
    @pytest.mark.parametrize("method", ["GET", "POST"])
    async def test_it_tells_who_logged_in(
        self, client: httpx.AsyncClient, database: Database, method: str
    ) -> None:
        ada = await make_account(database, "ada", display_name="Ada")

        response = await client.request(
            method, "/oauth/userinfo", headers=await as_account(database, ada, "profile")
        )

        assert response.json() == {
            "iss": "http://hardop.test/",
            "sub": str(ada.id),
            "name": "Ada",
            "preferred_username": "ada",
            "profile": "http://hardop.test/@ada",
            "picture": "http://hardop.test/static/avatar.png",
        }

    async def test_it_needs_the_scope(self, client: httpx.AsyncClient, database: Database) -> None:
        ada = await make_account(database)

        response = await client.get(
            "/oauth/userinfo", headers=await as_account(database, ada, "read write")
        )

        assert response.status_code == 403
        assert response.json()["error"] == "insufficient_scope"
        assert 'scope="profile"' in response.headers["WWW-Authenticate"]

    async def test_it_needs_a_token(self, client: httpx.AsyncClient) -> None:
        """RFC 6750, section 3.1: not the client is wrong, but its token (ER-3, ER-5)."""
        response = await client.get("/oauth/userinfo")

        assert response.status_code == 401
        assert response.json()["error"] == "invalid_token"
        assert response.headers["WWW-Authenticate"].startswith("Bearer")


async def test_a_token_ends_after_ninety_days_without_use(
    client: httpx.AsyncClient, database: Database
) -> None:
    """OA-10."""
    await make_person(database, "ada")
    app = await register(client)
    await log_in(client, "ada")
    used = (await get_tokens(client, app))["access_token"]
    unused = (await get_tokens(client, app))["access_token"]
    await database.fetch("UPDATE access_tokens SET last_used_on = current_date - 89")
    assert await is_valid(client, used)

    await database.fetch("UPDATE access_tokens SET last_used_on = last_used_on - 2")

    response = await client.get(WHO, headers=bearer(unused))
    assert response.status_code == 401
    assert response.json()["error"] == "The access token expired"
    assert await is_valid(client, used)


async def test_tokens_and_secrets_are_stored_as_hashes(
    client: httpx.AsyncClient, database: Database
) -> None:
    """OA-10, OA-13."""
    await make_person(database, "ada")
    app = await register(client, grant_types=["authorization_code", "refresh_token"])
    await log_in(client, "ada")
    tokens = await get_tokens(client, app)
    reference = await client.post(
        "/oauth/token", data={"grant_type": "client_credentials", **app.secrets}
    )

    stored = ""
    for table in ("access_tokens", "refresh_tokens", "applications", "sessions"):
        rows = await database.fetch(f"SELECT t::text AS row FROM {table} t")
        assert rows
        stored += "".join(row["row"] for row in rows)

    assert tokens["refresh_token"] not in stored
    assert reference.json()["access_token"] not in stored
    assert app.client_secret not in stored
    assert client.cookies["hardop_session"] not in stored
