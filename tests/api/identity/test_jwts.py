"""JWT access tokens (OA-10, OA-11; RFC 9068)."""

from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from app import authentication
from app.database import Database
from app.domain.identity import signing_keys
from app.settings import Settings
from tests.api.identity.people import (
    ISSUER,
    WHO,
    bearer,
    get_code,
    get_tokens,
    keys,
    log_in,
    make_person,
    redeem,
    refresh,
    refreshing,
    status_of,
)
from tests.factories import as_account, make_account

pytestmark = pytest.mark.anyio


async def test_made_up_ones_push_nobody_out(
    client: httpx.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who was found is remembered for some seconds, and who was not found is not."""
    monkeypatch.setattr(authentication, "KEPT_TOKENS", 2)
    monkeypatch.setattr(authentication, "KEPT_SECONDS", 1000.0)
    ada = await as_account(database, await make_account(database))
    assert (await client.get(WHO, headers=ada)).status_code == 200

    for number in range(4):
        assert (await status_of(client, f"made.up.{number}"))[0] == 401

    await database.fetch("UPDATE access_tokens SET revoked_at = now()")
    assert (await client.get(WHO, headers=ada)).status_code == 200


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

    async def test_introspection_knows_what_is_over(
        self, client: httpx.AsyncClient, database: Database, settings: Settings
    ) -> None:
        """OA-15."""
        signed = await _signer(client, database, settings)
        app = await refreshing(client)
        pair = await get_tokens(client, app)
        await refresh(client, app, pair["refresh_token"])
        expired = signed(exp=-90)

        for token in (pair["refresh_token"], expired):
            response = await client.post("/oauth/introspect", data={"token": token, **app.secrets})
            assert response.json() == {"active": False}

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
