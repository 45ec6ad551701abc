"""Applications that refresh: JWT access tokens and rotating refresh tokens (OA-10 to OA-13)."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from app.database import Database
from app.domain.identity import signing_keys
from app.settings import Settings
from tests.api.identity.people import (
    App,
    bearer,
    get_code,
    get_tokens,
    log_in,
    make_person,
    redeem,
    register,
)

pytestmark = pytest.mark.anyio

WHO = "/api/v1/apps/verify_credentials"
ISSUER = "http://hardop.test/"


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


class TestAccessTokens:
    async def test_they_are_as_rfc_9068_says(
        self, client: httpx.AsyncClient, database: Database
    ) -> None:
        """OA-11."""
        ada = await make_person(database, "ada")
        app = await refreshing(client)
        await log_in(client, "ada")

        body = await get_tokens(client, app)

        assert body["expires_in"] == 600
        assert body["refresh_token"].startswith("hdp_rt_")
        token = body["access_token"]
        header = jwt.get_unverified_header(token)
        (key,) = await keys(client)
        assert header == {"typ": "at+jwt", "alg": "RS256", "kid": key["kid"]}
        claims = jwt.decode(
            token, jwt.PyJWK(key), algorithms=["RS256"], audience=ISSUER, issuer=ISSUER
        )
        assert claims["sub"] == str(ada.id)
        assert claims["client_id"] == app.client_id
        assert claims["scope"] == "read write"
        assert claims["exp"] - claims["iat"] == 600
        assert claims["jti"]
        assert await status_of(client, token) == (200, "")

    async def test_an_expired_one_is_told_so(
        self, client: httpx.AsyncClient, database: Database, settings: Settings
    ) -> None:
        signed = await _signer(client, database, settings)

        assert await status_of(client, signed(exp=-30)) == (200, "")
        assert await status_of(client, signed(exp=-90)) == (401, "The access token expired")

    @pytest.mark.parametrize(
        "claims",
        [
            {"iss": "https://evil.example.org/"},
            {"iss": ISSUER.rstrip("/")},
            {"aud": "somebody else"},
            {"aud": None},
            {"sub": None},
            {"client_id": None},
            {"jti": None},
            {"iat": None},
            {"exp": None},
            {"nbf": 90},
        ],
    )
    async def test_every_claim_counts(
        self,
        client: httpx.AsyncClient,
        database: Database,
        settings: Settings,
        claims: dict[str, Any],
    ) -> None:
        """OA-11."""
        signed = await _signer(client, database, settings)
        assert await status_of(client, signed()) == (200, "")

        assert await status_of(client, signed(**claims)) == (401, "The access token is invalid")

    @pytest.mark.parametrize(
        "header", [{"typ": "JWT"}, {"typ": "jwt"}, {"typ": None}, {"kid": "other"}, {"kid": None}]
    )
    async def test_the_header_counts(
        self,
        client: httpx.AsyncClient,
        database: Database,
        settings: Settings,
        header: dict[str, Any],
    ) -> None:
        """OA-11: an ID token is never taken for an access token."""
        signed = await _signer(client, database, settings)
        assert await status_of(client, signed(header={"typ": "application/at+jwt"})) == (200, "")

        assert await status_of(client, signed(header=header)) == (
            401,
            "The access token is invalid",
        )

    async def test_keys_that_a_token_brings_along_are_not_believed(
        self, client: httpx.AsyncClient, database: Database, settings: Settings
    ) -> None:
        """OA-11: never `none`, HS*, a foreign key, or `jwk`, `jku`, `x5u`, `x5c`."""
        signed = await _signer(client, database, settings)
        good = signed()
        claims = jwt.decode(good, options={"verify_signature": False})
        (key,) = await keys(client)
        header = {"typ": "at+jwt", "kid": key["kid"]}
        foreign = rsa.generate_private_key(65537, 2048)
        foreign_jwk = jwt.algorithms.RSAAlgorithm.to_jwk(foreign.public_key(), as_dict=True)
        bad = [
            jwt.encode(claims, "", "none", headers=header),
            jwt.encode(claims, "x" * 64, "HS256", headers=header),
            jwt.encode(claims, foreign, "RS256", headers=header),
            jwt.encode(claims, foreign, "RS256", headers={**header, "jwk": foreign_jwk}),
            jwt.encode(
                claims, foreign, "RS256", headers={**header, "jku": "https://evil.example.org/"}
            ),
            jwt.encode(claims, foreign, "PS256", headers=header),
            jwt.encode(claims, ec.generate_private_key(ec.SECP256R1()), "ES256", headers=header),
            good[:-4] + "AAAA",
            "a.b.c",
            "..",
        ]

        for token in bad:
            assert await status_of(client, token) == (401, "The access token is invalid")

    async def test_one_that_nobody_signed_is_anonymous_on_public_routes(
        self, client: httpx.AsyncClient
    ) -> None:
        """Client API section a: an unknown token counts as anonymous."""
        response = await client.get("/api/v1/timelines/public", headers=bearer("a.b.c"))

        assert response.status_code == 200

    async def test_revoking_it_ends_the_family(
        self, client: httpx.AsyncClient, database: Database
    ) -> None:
        """OA-14."""
        await make_person(database, "ada")
        app = await refreshing(client)
        await log_in(client, "ada")
        tokens = await get_tokens(client, app)

        for kind in ("access_token", "refresh_token"):
            tokens = await get_tokens(client, app)
            assert (await status_of(client, tokens["access_token"]))[0] == 200
            response = await client.post(
                "/oauth/revoke",
                data={"token": tokens[kind], "token_type_hint": kind, **app.secrets},
            )
            assert response.json() == {}

            assert await status_of(client, tokens["access_token"]) == (
                401,
                "The access token was revoked",
            )
            refused = await refresh(client, app, tokens["refresh_token"])
            assert refused.json()["error"] == "invalid_grant"

    async def test_a_replayed_code_ends_the_family(
        self, client: httpx.AsyncClient, database: Database
    ) -> None:
        """OA-6."""
        await make_person(database, "ada")
        app = await refreshing(client)
        await log_in(client, "ada")
        code = await get_code(client, app)
        tokens = (await redeem(client, app, code)).json()

        await redeem(client, app, code)

        assert (await status_of(client, tokens["access_token"]))[0] == 401
        refused = await refresh(client, app, tokens["refresh_token"])
        assert refused.json()["error"] == "invalid_grant"

    async def test_introspection_knows_both_kinds(
        self, client: httpx.AsyncClient, database: Database
    ) -> None:
        """OA-15."""
        await make_person(database, "ada")
        app = await refreshing(client)
        await log_in(client, "ada")
        tokens = await get_tokens(client, app)

        answers = {}
        for kind in ("access_token", "refresh_token"):
            response = await client.post(
                "/oauth/introspect", data={"token": tokens[kind], **app.secrets}
            )
            answers[kind] = response.json()

        assert answers["access_token"]["active"]
        assert answers["access_token"]["exp"] - answers["access_token"]["iat"] == 600
        assert answers["access_token"]["jti"]
        assert answers["access_token"]["username"] == "ada"
        assert answers["refresh_token"]["active"]
        assert answers["refresh_token"]["exp"]


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

    async def test_scopes_get_narrower_only(
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
        assert back.json()["error"] == "invalid_scope"

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


async def _signer(client: httpx.AsyncClient, database: Database, settings: Settings) -> Any:
    """Signs access tokens of a real family with our own key, and with other claims if given."""
    await make_person(database, "ada")
    app = await refreshing(client)
    await log_in(client, "ada")
    token = (await get_tokens(client, app))["access_token"]
    claims = jwt.decode(token, options={"verify_signature": False})
    async with database.session() as session:
        signer = await signing_keys.signer(session, settings)

    def signed(header: dict[str, Any] | None = None, **changes: Any) -> str:
        moved = {
            name: claims["iat"] + value if isinstance(value, int) else value
            for name, value in changes.items()
        }
        changed = {**claims, **moved}
        return jwt.encode(
            {name: value for name, value in changed.items() if value is not None},
            signer.key,
            "RS256",
            headers={
                name: value
                for name, value in {"typ": "at+jwt", "kid": signer.kid, **(header or {})}.items()
                if value is not None or name == "typ"
            },
        )

    return signed
