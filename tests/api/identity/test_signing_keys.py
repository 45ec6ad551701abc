"""The keys that sign, published and changed (OA-12)."""

import asyncio

import httpx
import jwt
import pytest

from app.database import Database
from app.domain.identity import signing_keys
from app.settings import Settings
from tests.api.identity.people import (
    get_tokens,
    keys,
    log_in,
    make_person,
    refreshing,
    status_of,
)

pytestmark = pytest.mark.anyio


class TestKeys:
    """OA-12."""

    async def test_a_new_key_is_published_a_day_before_it_signs(
        self, client: httpx.AsyncClient, database: Database, settings: Settings
    ) -> None:
        await make_person(database, "ada")
        app = await refreshing(client)
        await log_in(client, "ada")
        before = (await get_tokens(client, app))["access_token"]
        (old,) = await keys(client)

        await rotate(database, settings)

        new = next(key for key in await keys(client) if key["kid"] != old["kid"])
        during = (await get_tokens(client, app))["access_token"]
        assert jwt.get_unverified_header(during)["kid"] == old["kid"]
        await database.fetch("UPDATE signing_keys SET active_from = active_from - interval '24 h'")
        after = (await get_tokens(client, app))["access_token"]
        assert jwt.get_unverified_header(after)["kid"] == new["kid"]
        for token in (before, during, after):
            assert (await status_of(client, token))[0] == 200

    async def test_an_old_key_goes_when_nothing_needs_it(
        self, client: httpx.AsyncClient, database: Database, settings: Settings
    ) -> None:
        (old,) = await keys(client)
        await rotate(database, settings)

        await database.fetch("UPDATE signing_keys SET active_from = active_from - interval '25 h'")
        assert len(await keys(client)) == 2
        await database.fetch("UPDATE signing_keys SET active_from = active_from - interval '15 m'")

        (left,) = await keys(client)
        assert left["kid"] != old["kid"]

    async def test_after_a_theft_the_old_key_is_worth_nothing(
        self, client: httpx.AsyncClient, database: Database, settings: Settings
    ) -> None:
        (old,) = await keys(client)

        await rotate(database, settings, at_once=True)

        (left,) = await keys(client)
        assert left["kid"] != old["kid"]
        await make_person(database, "ada")
        app = await refreshing(client)
        await log_in(client, "ada")
        tokens = await get_tokens(client, app)
        assert jwt.get_unverified_header(tokens["access_token"])["kid"] == left["kid"]

    async def test_private_keys_are_encrypted_and_not_published(
        self, client: httpx.AsyncClient, database: Database
    ) -> None:
        (key,) = await keys(client)

        rows = await database.fetch("SELECT private_key FROM signing_keys")

        assert key.keys() == {"kid", "kty", "alg", "use", "n", "e"}
        assert len(key["n"]) >= 512
        assert b"PRIVATE" not in rows[0]["private_key"]

    async def test_of_many_first_callers_one_makes_the_key(self, client: httpx.AsyncClient) -> None:
        found = await asyncio.gather(*(keys(client) for _ in range(5)))

        assert len({key["kid"] for each in found for key in each}) == 1

    async def test_the_keys_may_be_cached_and_asked_again_cheaply(
        self, client: httpx.AsyncClient
    ) -> None:
        """HT-7."""
        response = await client.get("/oauth/jwks")

        assert response.headers["cache-control"] == "public, max-age=900"
        again = await client.get("/oauth/jwks", headers={"If-None-Match": response.headers["etag"]})
        assert again.status_code == 304
        assert again.content == b""


async def rotate(database: Database, settings: Settings, *, at_once: bool = False) -> None:
    async with database.session() as session:
        await signing_keys.rotate(session, settings, at_once=at_once)
        await session.commit()
