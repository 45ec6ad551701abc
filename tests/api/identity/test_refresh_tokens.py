"""Rotating refresh tokens (OA-13)."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from app.database import Database
from tests.api.identity.people import (
    get_tokens,
    log_in,
    make_person,
    refresh,
    refreshing,
    register,
    status_of,
)

pytestmark = pytest.mark.anyio


class TestRefresh:
    """OA-13."""

    async def test_each_use_gives_a_new_pair(
        self, client: httpx.AsyncClient, database: Database
    ) -> None:
        await make_person(database, "ada")
        app = await refreshing(client)
        await log_in(client, "ada")
        first = await get_tokens(client, app)

        second = (await refresh(client, app, first["refresh_token"])).json()
        third = (await refresh(client, app, second["refresh_token"])).json()

        assert len({each["refresh_token"] for each in (first, second, third)}) == 3
        assert third["scope"] == "read write"
        for each in (first, second, third):
            assert (await status_of(client, each["access_token"]))[0] == 200

    async def test_a_retry_within_seconds_gets_the_same_answer(
        self, client: httpx.AsyncClient, database: Database
    ) -> None:
        await make_person(database, "ada")
        app = await refreshing(client)
        await log_in(client, "ada")
        token = (await get_tokens(client, app))["refresh_token"]

        answers = await asyncio.gather(*(refresh(client, app, token) for _ in range(4)))

        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.json()["refresh_token"] for answer in answers}) == 1

    async def test_reuse_after_that_ends_the_family(
        self, client: httpx.AsyncClient, database: Database
    ) -> None:
        await make_person(database, "ada")
        app = await refreshing(client)
        await log_in(client, "ada")
        first = await get_tokens(client, app)
        unrelated = await get_tokens(client, app)
        second = (await refresh(client, app, first["refresh_token"])).json()
        await database.fetch(
            "UPDATE refresh_tokens SET rotated_at = rotated_at - interval '11 seconds'"
        )

        reused = await refresh(client, app, first["refresh_token"])

        assert reused.json()["error"] == "invalid_grant"
        assert (await status_of(client, second["access_token"]))[0] == 401
        ended = await refresh(client, app, second["refresh_token"])
        assert ended.json()["error"] == "invalid_grant"
        assert (await status_of(client, unrelated["access_token"]))[0] == 200

    async def test_scopes_never_get_wider_than_was_agreed_to(
        self, client: httpx.AsyncClient, database: Database
    ) -> None:
        await make_person(database, "ada")
        app = await refreshing(client)
        await log_in(client, "ada")
        token = (await get_tokens(client, app))["refresh_token"]

        wider = await refresh(client, app, token, scope="read write follow")
        narrower = await refresh(client, app, token, scope="read")
        back = await refresh(client, app, narrower.json()["refresh_token"], scope="read write")

        assert wider.json()["error"] == "invalid_scope"
        assert narrower.json()["scope"] == "read"
        # Of the access token alone (RFC 6749, 6).
        assert back.json()["scope"] == "read write"

    async def test_it_is_bound_to_its_client(
        self, client: httpx.AsyncClient, database: Database
    ) -> None:
        await make_person(database, "ada")
        app, thief = await refreshing(client), await refreshing(client)
        await log_in(client, "ada")
        token = (await get_tokens(client, app))["refresh_token"]

        stolen = await refresh(client, thief, token)
        unproven = await refresh(client, app, token, client_secret="wrong")

        assert stolen.json()["error"] == "invalid_grant"
        assert unproven.status_code == 401
        assert (await refresh(client, app, token)).status_code == 200

    @pytest.mark.parametrize(
        ("column", "days", "works"),
        [
            ("expires_at", 29, True),
            ("expires_at", 31, False),
        ],
    )
    async def test_it_ends_after_thirty_days_without_use(
        self, client: httpx.AsyncClient, database: Database, column: str, days: int, works: bool
    ) -> None:
        await make_person(database, "ada")
        app = await refreshing(client)
        await log_in(client, "ada")
        token = (await get_tokens(client, app))["refresh_token"]
        await database.fetch(
            f"UPDATE refresh_tokens SET {column} = {column} - $1::interval", timedelta(days=days)
        )

        response = await refresh(client, app, token)

        assert response.status_code == (200 if works else 400)

    async def test_a_family_never_lives_longer_than_180_days(
        self, client: httpx.AsyncClient, database: Database
    ) -> None:
        await make_person(database, "ada")
        app = await refreshing(client)
        await log_in(client, "ada")
        token = (await get_tokens(client, app))["refresh_token"]
        await database.fetch(
            "UPDATE refresh_tokens SET family_started_at = family_started_at - interval '179 days'"
        )

        successor = (await refresh(client, app, token)).json()["refresh_token"]

        rows = await database.fetch(
            "SELECT expires_at - now() < interval '1 day' AS soon FROM refresh_tokens "
            "WHERE rotated_at IS NULL"
        )
        assert [row["soon"] for row in rows] == [True]
        await database.fetch("UPDATE refresh_tokens SET expires_at = expires_at - interval '1 day'")
        assert (await refresh(client, app, successor)).json()["error"] == "invalid_grant"

    async def test_only_those_who_registered_for_it_get_one(
        self, client: httpx.AsyncClient, database: Database
    ) -> None:
        await make_person(database, "ada")
        app = await register(client)
        await log_in(client, "ada")

        tokens = await get_tokens(client, app)
        asked = await refresh(client, app, "hdp_rt_whatever")

        assert "refresh_token" not in tokens
        assert asked.json()["error"] == "unauthorized_client"

    async def test_what_was_answered_cannot_be_read_from_the_database(
        self, client: httpx.AsyncClient, database: Database
    ) -> None:
        await make_person(database, "ada")
        app = await refreshing(client)
        await log_in(client, "ada")
        token = (await get_tokens(client, app))["refresh_token"]

        successor = (await refresh(client, app, token)).json()["refresh_token"]

        rows = await database.fetch("SELECT answer FROM refresh_tokens WHERE answer IS NOT NULL")
        assert len(rows) == 1
        assert successor.encode() not in rows[0]["answer"]
