"""Which clients get a token, and for what (OA-7, OA-8, OA-16)."""

from base64 import b64encode
from urllib.parse import quote_plus

import httpx
import pytest

from app.database import Database
from tests.api.identity.conftest import ServerWith
from tests.api.identity.people import (
    PASSWORD,
    WHO,
    App,
    bearer,
    make_person,
    register,
)

pytestmark = pytest.mark.anyio


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

    async def test_a_public_client_has_nothing_to_prove_itself_with(
        self, client: httpx.AsyncClient
    ) -> None:
        app = await register(client, token_endpoint_auth_method="none")

        response = await client.post(
            "/oauth/token",
            data={
                "grant_type": "authorization_code",
                "code": "x",
                "client_id": app.client_id,
                "client_secret": "x",
            },
        )

        assert response.status_code == 401

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
