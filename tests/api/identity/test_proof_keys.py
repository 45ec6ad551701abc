"""PKCE (OA-5; RFC 7636)."""

import httpx
import pytest

from app.database import Database
from tests.api.identity.conftest import ServerWith
from tests.api.identity.people import (
    CHALLENGE,
    VERIFIER,
    answered,
    get_code,
    log_in,
    make_person,
    question,
    redeem,
    register,
)

pytestmark = pytest.mark.anyio

ISSUER = "http://hardop.test/"


class TestProofKey:
    """OA-5."""

    async def test_the_vector_of_the_standard(
        self, client: httpx.AsyncClient, database: Database
    ) -> None:
        await make_person(database, "ada")
        app = await register(client)
        await log_in(client, "ada")
        code = await get_code(client, app, code_challenge=CHALLENGE, code_challenge_method="S256")

        response = await redeem(client, app, code, code_verifier=VERIFIER)

        assert response.status_code == 200

    @pytest.mark.parametrize("verifier", [None, "", "A" * 43, VERIFIER[:-1], VERIFIER + "é", "x"])
    async def test_a_wrong_verifier_leaves_the_code_for_its_owner(
        self, client: httpx.AsyncClient, database: Database, verifier: str | None
    ) -> None:
        await make_person(database, "ada")
        app = await register(client)
        await log_in(client, "ada")
        code = await get_code(client, app, code_challenge=CHALLENGE, code_challenge_method="S256")
        sent = {"code_verifier": verifier} if verifier is not None else {}

        refused = await redeem(client, app, code, **sent)

        assert refused.status_code == 400
        assert refused.json()["error"] == "invalid_grant"
        accepted = await redeem(client, app, code, code_verifier=VERIFIER)
        assert accepted.status_code == 200

    async def test_a_verifier_without_a_challenge_betrays_a_downgrade(
        self, client: httpx.AsyncClient, database: Database
    ) -> None:
        await make_person(database, "ada")
        app = await register(client)
        await log_in(client, "ada")
        code = await get_code(client, app)

        response = await redeem(client, app, code, code_verifier=VERIFIER)

        assert response.json()["error"] == "invalid_grant"

    async def test_public_clients_must_prove_it(
        self, client: httpx.AsyncClient, database: Database
    ) -> None:
        await make_person(database, "ada")
        app = await register(client, token_endpoint_auth_method="none")
        await log_in(client, "ada")

        without = await client.get("/oauth/authorize", params=question(app))
        code = await get_code(client, app, code_challenge=CHALLENGE, code_challenge_method="S256")
        unproven = await redeem(client, app, code)
        proven = await redeem(client, app, code, code_verifier=VERIFIER)

        assert answered(without)["error"] == "invalid_request"
        assert unproven.json()["error"] == "invalid_grant"
        assert proven.status_code == 200

    async def test_a_setting_makes_everybody_prove_it(
        self, database: Database, server_with: ServerWith
    ) -> None:
        await make_person(database, "ada")
        async with server_with(require_pkce="on") as client:
            app = await register(client)
            await log_in(client, "ada")

            without = await client.get("/oauth/authorize", params=question(app))

        assert answered(without)["error"] == "invalid_request"
