"""Getting, ending and looking into tokens (OA-6 to OA-10, OA-13 to OA-16)."""

import asyncio
from base64 import b64encode
from datetime import timedelta
from urllib.parse import quote_plus

import httpx
import pytest

from app import clock
from app.database import Database
from tests.api.identity.conftest import ServerWith
from tests.api.identity.people import (
    CALLBACK,
    PASSWORD,
    App,
    bearer,
    get_code,
    get_tokens,
    log_in,
    make_person,
    redeem,
    register,
)
from tests.factories import as_account, make_account

pytestmark = pytest.mark.anyio

WHO = "/api/v1/apps/verify_credentials"


async def age(database: Database, table: str, column: str, by: timedelta) -> None:
    """Let a time in a table be longer ago."""
    await database.fetch(f"UPDATE {table} SET {column} = {column} - $1::interval", by)


async def is_valid(client: httpx.AsyncClient, token: str) -> bool:
    response = await client.get(WHO, headers=bearer(token))
    assert response.status_code in (200, 401)
    return response.status_code == 200


class TestCodes:
    """OA-6, OA-7."""

    async def test_the_answer_is_a_reference_token(
        self, client: httpx.AsyncClient, database: Database
    ) -> None:
        """OA-9, OA-10."""
        await make_person(database, "ada")
        app = await register(client)
        await log_in(client, "ada")

        response = await redeem(client, app, await get_code(client, app))

        body = response.json()
        assert body.keys() == {"access_token", "token_type", "scope", "created_at"}
        assert body["token_type"] == "Bearer"
        assert body["scope"] == "read write"
        assert body["access_token"].startswith("hdp_at_")
        assert abs(body["created_at"] - clock.now().timestamp()) < 5
        assert response.headers["cache-control"] == "no-store"
        assert await is_valid(client, body["access_token"])

    @pytest.mark.parametrize("encoding", ["form", "json", "multipart"])
    async def test_the_request_comes_in_any_encoding(
        self, client: httpx.AsyncClient, database: Database, encoding: str
    ) -> None:
        """Elk sends JSON, and an extra scope."""
        await make_person(database, "ada")
        app = await register(client)
        await log_in(client, "ada")
        sent = {
            "grant_type": "authorization_code",
            "code": await get_code(client, app),
            "redirect_uri": CALLBACK,
            "scope": "read write follow",
            **app.secrets,
        }

        if encoding == "form":
            response = await client.post("/oauth/token", data=sent)
        elif encoding == "json":
            response = await client.post("/oauth/token", json=sent)
        else:
            parts = {name: (None, value) for name, value in sent.items()}
            response = await client.post("/oauth/token", files=parts)

        assert response.status_code == 200
        assert response.json()["scope"] == "read write"

    async def test_of_parallel_redemptions_one_succeeds(
        self, client: httpx.AsyncClient, database: Database
    ) -> None:
        await make_person(database, "ada")
        app = await register(client)
        await log_in(client, "ada")
        code = await get_code(client, app)

        responses = await asyncio.gather(*(redeem(client, app, code) for _ in range(6)))

        assert sorted(response.status_code for response in responses) == [200] + [400] * 5
        errors = {response.json().get("error") for response in responses} - {None}
        assert errors == {"invalid_grant"}
        assert len(await database.fetch("SELECT 1 FROM access_tokens")) == 1

    async def test_a_valid_replay_ends_what_came_of_the_code(
        self, client: httpx.AsyncClient, database: Database
    ) -> None:
        await make_person(database, "ada")
        app = await register(client)
        await log_in(client, "ada")
        code = await get_code(client, app)
        token = (await redeem(client, app, code)).json()["access_token"]
        other = (await get_tokens(client, app))["access_token"]
        assert await is_valid(client, token)

        replayed = await redeem(client, app, code)

        assert replayed.json()["error"] == "invalid_grant"
        assert not await is_valid(client, token)
        assert await is_valid(client, other)

    async def test_an_invalid_replay_ends_nothing(
        self, client: httpx.AsyncClient, database: Database
    ) -> None:
        await make_person(database, "ada")
        app, thief = await register(client), await register(client)
        await log_in(client, "ada")
        code = await get_code(client, app)
        token = (await redeem(client, app, code)).json()["access_token"]

        by_another = await redeem(client, thief, code)
        without_proof = await redeem(client, app, code, client_secret="wrong")
        elsewhere = await redeem(client, app, code, redirect_uri="https://evil.example.org/")
        with_verifier = await redeem(client, app, code, code_verifier="A" * 43)

        assert by_another.json()["error"] == "invalid_grant"
        assert without_proof.json()["error"] == "invalid_client"
        assert elsewhere.json()["error"] == "invalid_grant"
        assert with_verifier.json()["error"] == "invalid_grant"
        assert await is_valid(client, token)

    @pytest.mark.parametrize(
        ("redirect_uri", "life_seconds"), [(CALLBACK, 60), ("urn:ietf:wg:oauth:2.0:oob", 300)]
    )
    async def test_a_code_lives_for_a_minute_or_as_long_as_copying_takes(
        self,
        client: httpx.AsyncClient,
        database: Database,
        redirect_uri: str,
        life_seconds: int,
    ) -> None:
        await make_person(database, "ada")
        app = await register(client, redirect_uri)
        await log_in(client, "ada")

        soon = await get_code(client, app)
        await age(
            database, "authorization_codes", "expires_at", timedelta(seconds=life_seconds - 5)
        )
        in_time = await redeem(client, app, soon)
        late = await get_code(client, app)
        await age(database, "authorization_codes", "expires_at", timedelta(seconds=life_seconds))
        too_late = await redeem(client, app, late)

        assert in_time.status_code == 200
        assert too_late.json()["error"] == "invalid_grant"

    async def test_a_code_dies_with_the_session_it_was_given_in(
        self, client: httpx.AsyncClient, database: Database
    ) -> None:
        await make_person(database, "ada")
        app = await register(client)
        await log_in(client, "ada")
        code = await get_code(client, app)

        await database.fetch("DELETE FROM sessions")

        assert (await redeem(client, app, code)).json()["error"] == "invalid_grant"

    async def test_codes_are_stored_as_hashes(
        self, client: httpx.AsyncClient, database: Database
    ) -> None:
        await make_person(database, "ada")
        app = await register(client)
        await log_in(client, "ada")

        code = await get_code(client, app)

        rows = await database.fetch("SELECT c::text AS row FROM authorization_codes c")
        assert len(code) >= 43
        assert code not in rows[0]["row"]

    async def test_the_address_may_be_left_out_but_not_differ(
        self, client: httpx.AsyncClient, database: Database
    ) -> None:
        await make_person(database, "ada")
        app = await register(client)
        await log_in(client, "ada")
        code = await get_code(client, app)

        different = await redeem(client, app, code, redirect_uri=CALLBACK + "/")
        left_out = await client.post(
            "/oauth/token",
            data={"grant_type": "authorization_code", "code": code, **app.secrets},
        )

        assert different.json()["error"] == "invalid_grant"
        assert left_out.status_code == 200

    async def test_somebody_disabled_meanwhile_gets_nothing(
        self, client: httpx.AsyncClient, database: Database
    ) -> None:
        """OA-19."""
        ada = await make_person(database, "ada")
        app = await register(client)
        await log_in(client, "ada")
        code = await get_code(client, app)

        await database.fetch("UPDATE users SET disabled = true WHERE account_id = $1", ada.id)

        assert (await redeem(client, app, code)).json()["error"] == "invalid_grant"


class TestClientAuthentication:
    """OA-8."""

    async def test_basic_is_as_good_as_the_body(self, client: httpx.AsyncClient) -> None:
        app = await register(client)
        pair = f"{quote_plus(app.client_id)}:{quote_plus(app.client_secret)}"

        response = await client.post(
            "/oauth/token",
            data={"grant_type": "client_credentials"},
            headers={"Authorization": f"Basic {b64encode(pair.encode()).decode()}"},
        )

        assert response.status_code == 200

    @pytest.mark.parametrize(
        "header", ["Basic !!!", "Basic /w==", "Basic " + b64encode(b"x:y").decode(), "Basic Og=="]
    )
    async def test_bad_basic_gets_a_challenge(self, client: httpx.AsyncClient, header: str) -> None:
        response = await client.post(
            "/oauth/token",
            data={"grant_type": "client_credentials"},
            headers={"Authorization": header},
        )

        assert response.status_code == 401
        assert response.json()["error"] == "invalid_client"
        assert response.headers["www-authenticate"] == 'Basic realm="hardop"'

    async def test_both_ways_at_once_are_refused(self, client: httpx.AsyncClient) -> None:
        app = await register(client)
        pair = b64encode(f"{app.client_id}:{app.client_secret}".encode()).decode()

        response = await client.post(
            "/oauth/token",
            data={"grant_type": "client_credentials", **app.secrets},
            headers={"Authorization": f"Basic {pair}"},
        )

        assert response.status_code == 400
        assert response.json()["error"] == "invalid_request"

    @pytest.mark.parametrize(
        "proof",
        [
            {},
            {"client_id": "nobody", "client_secret": "x"},
            {"client_secret": "wrong"},
            {"client_secret": ""},
        ],
    )
    async def test_without_proof_there_is_no_token(
        self, client: httpx.AsyncClient, proof: dict[str, str]
    ) -> None:
        app = await register(client)
        given = {"client_id": app.client_id, **proof} if proof else {}

        response = await client.post(
            "/oauth/token", data={"grant_type": "client_credentials", **given}
        )

        assert response.status_code == 401
        body = response.json()
        assert body["error"] == "invalid_client"
        assert body["error_description"].isascii()
        assert "www-authenticate" not in response.headers

    async def test_a_public_client_cannot_speak_for_itself(self, client: httpx.AsyncClient) -> None:
        app = await register(client, token_endpoint_auth_method="none")

        response = await client.post(
            "/oauth/token", data={"grant_type": "client_credentials", **app.secrets}
        )

        assert response.status_code == 401


class TestOtherGrants:
    async def test_an_application_gets_a_token_of_its_own(self, client: httpx.AsyncClient) -> None:
        app = await register(client)

        response = await client.post(
            "/oauth/token",
            json={
                "grant_type": "client_credentials",
                "redirect_uri": "urn:ietf:wg:oauth:2.0:oob",
                "scope": "read write",
                **app.secrets,
            },
        )

        assert response.status_code == 200
        assert response.json()["scope"] == "read write"
        mine = await client.get(WHO, headers=bearer(response.json()["access_token"]))
        assert mine.json()["id"] == app.id

    async def test_the_scope_is_read_when_none_is_asked(self, client: httpx.AsyncClient) -> None:
        """OA-16."""
        app = await register(client)

        response = await client.post(
            "/oauth/token", data={"grant_type": "client_credentials", **app.secrets}
        )

        assert response.json()["scope"] == "read"

    @pytest.mark.parametrize(
        ("registered", "asked", "granted"),
        [
            ("read", "read:accounts read:statuses", True),
            ("read:accounts", "read:accounts", True),
            ("follow", "write:follows read:blocks", True),
            ("read:accounts", "read", False),
            ("read write", "follow push", False),
            ("read write follow push", "admin:read", False),
            ("read write", "profile", False),
            ("admin:read", "admin:read:reports", True),
        ],
    )
    async def test_scopes_stay_within_what_was_registered(
        self,
        client: httpx.AsyncClient,
        registered: str,
        asked: str,
        granted: bool,
    ) -> None:
        """OA-16."""
        app = await register(client, scopes=registered)

        response = await client.post(
            "/oauth/token",
            data={"grant_type": "client_credentials", "scope": asked, **app.secrets},
        )

        if granted:
            assert response.json()["scope"] == asked
        else:
            assert response.status_code == 400
            assert response.json()["error"] == "invalid_scope"

    @pytest.mark.parametrize("grant_type", ["password", "implicit", "token", "", 'x"\\é', "device"])
    async def test_there_are_no_other_grants(
        self, client: httpx.AsyncClient, database: Database, grant_type: str
    ) -> None:
        """OA-7."""
        await make_person(database, "ada")
        app = await register(client)

        response = await client.post(
            "/oauth/token",
            data={
                "grant_type": grant_type,
                "username": "ada",
                "password": PASSWORD,
                **app.secrets,
            },
        )

        assert response.status_code == 400
        expected = "unsupported_grant_type" if grant_type else "invalid_request"
        assert response.json()["error"] == expected

    async def test_a_parameter_given_twice_is_malformed(self, client: httpx.AsyncClient) -> None:
        """RFC 6749, section 3.2."""
        response = await client.post(
            "/oauth/token",
            content="grant_type=client_credentials&client_id=a&client_id=b",
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )

        assert response.status_code == 400
        assert response.json()["error"] == "invalid_request"

    async def test_a_body_that_is_no_json_is_told_in_the_same_shape(
        self, client: httpx.AsyncClient
    ) -> None:
        """ER-3."""
        response = await client.post(
            "/oauth/token", content="{", headers={"Content-Type": "application/json"}
        )

        assert response.status_code == 400
        assert response.json()["error"] == "invalid_request"
        assert response.json()["error_description"]


class TestPasswordGrant:
    async def ask(
        self, client: httpx.AsyncClient, app: App, name: str, password: str = PASSWORD
    ) -> httpx.Response:
        return await client.post(
            "/oauth/token",
            data={
                "grant_type": "password",
                "username": name,
                "password": password,
                "scope": "read write follow",
                **app.secrets,
            },
        )

    async def test_a_setting_allows_it_for_acceptance_suites(
        self, database: Database, server_with: ServerWith
    ) -> None:
        ada = await make_person(database, "ada")
        await make_person(database, "eve", approved=False)
        async with server_with(password_grant="on") as client:
            app = await register(client)

            by_email = await self.ask(client, app, "Ada@example.org")
            by_name = await self.ask(client, app, "ada")
            wrong = await self.ask(client, app, "ada", "wrong")
            unknown = await self.ask(client, app, "nobody")
            pending = await self.ask(client, app, "eve")
            metadata = await client.get("/.well-known/oauth-authorization-server")

        assert by_email.json()["scope"] == "read write follow"
        assert by_name.status_code == 200
        tokens = await database.fetch(
            "SELECT u.account_id FROM access_tokens t JOIN users u ON u.id = t.user_id"
        )
        assert {row["account_id"] for row in tokens} == {ada.id}
        assert wrong.json()["error"] == unknown.json()["error"] == "invalid_grant"
        assert wrong.json()["error_description"] == unknown.json()["error_description"]
        assert pending.json()["error"] == "invalid_grant"
        assert "password" in metadata.json()["grant_types_supported"]

    async def test_guessing_is_throttled(self, database: Database, server_with: ServerWith) -> None:
        """LG-7."""
        await make_person(database, "ada")
        async with server_with(password_grant="on", rate_limits="on") as client:
            app = await register(client)

            answers = [await self.ask(client, app, "ada", "wrong") for _ in range(26)]

        assert {answer.status_code for answer in answers[:25]} == {400}
        assert answers[25].status_code == 429
        assert int(answers[25].headers["retry-after"]) > 0


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
