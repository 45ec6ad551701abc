"""Redeeming a code (OA-6, OA-7, OA-9)."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from app import clock
from app.database import Database
from tests.api.identity.people import (
    CALLBACK,
    WHO,
    bearer,
    get_code,
    get_tokens,
    log_in,
    make_person,
    redeem,
    register,
)

pytestmark = pytest.mark.anyio


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
