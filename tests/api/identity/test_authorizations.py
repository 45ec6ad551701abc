"""Letting an application in, with a browser (OA-2 to OA-4, OA-18)."""

from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from app.database import Database
from tests.api.identity.people import (
    CALLBACK,
    CHALLENGE,
    OUT_OF_BAND,
    answered,
    bearer,
    decide,
    fields,
    log_in,
    make_person,
    question,
    redeem,
    register,
)

pytestmark = pytest.mark.anyio

ISSUER = "http://hardop.test/"


async def test_a_person_logs_in_agrees_and_the_client_gets_a_token(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_person(database, "ada")
    app = await register(client, scopes="read write profile")
    request = question(app, scope="read profile", state="s p&ce")

    asked = await client.get("/oauth/authorize", params=request)
    assert asked.status_code == 303
    page = await client.get(asked.headers["location"])
    assert "Test client" in page.text
    agreed = await client.post(
        "/auth/sign_in",
        data={**fields(page), "username": "ada", "password": "correct horse battery"},
    )
    assert agreed.status_code == 303
    consent = await client.get(agreed.headers["location"])
    assert consent.status_code == 200
    answer = await client.post("/oauth/authorize", data={**fields(consent), "decision": "allow"})

    assert answer.headers["location"].startswith(CALLBACK + "?")
    brought = answered(answer)
    assert brought["state"] == "s p&ce"
    assert brought["iss"] == ISSUER
    token = await redeem(client, app, brought["code"])
    assert token.status_code == 200
    assert token.json()["scope"] == "read profile"
    assert token.headers["cache-control"] == "no-store"
    me = await client.get("/oauth/userinfo", headers=bearer(token.json()["access_token"]))
    assert me.json()["sub"] == str(ada.id)


async def test_a_trailing_slash_is_no_obstacle(
    client: httpx.AsyncClient, database: Database
) -> None:
    """toot opens /oauth/authorize/?..."""
    app = await register(client, OUT_OF_BAND)

    response = await client.get("/oauth/authorize/", params=question(app))

    assert response.status_code == 303
    assert response.headers["location"].startswith("/auth/sign_in?")


async def test_out_of_band_shows_the_code_on_a_page(
    client: httpx.AsyncClient, database: Database
) -> None:
    await make_person(database, "ada")
    app = await register(client, OUT_OF_BAND)
    await log_in(client, "ada")

    answer = await decide(client, app)

    location = urlsplit(answer.headers["location"])
    assert location.path == "/oauth/authorize/native"
    page = await client.get(answer.headers["location"])
    code = parse_qs(location.query)["code"][0]
    assert code in page.text
    assert page.headers["referrer-policy"] == "no-referrer"
    assert (await redeem(client, app, code)).status_code == 200


async def test_the_page_for_codes_shows_nothing_else(
    client: httpx.AsyncClient, database: Database
) -> None:
    response = await client.get("/oauth/authorize/native", params={"code": "<b>not a code</b>"})

    assert response.status_code == 400
    assert "not a code" not in response.text


@pytest.mark.parametrize(
    "parameters",
    [
        {"client_id": "nobody"},
        {"client_id": None},
        {"redirect_uri": "https://evil.example.org/callback"},
        {"redirect_uri": CALLBACK + "/more"},
        {"redirect_uri": CALLBACK + "?more=1"},
        {"redirect_uri": CALLBACK.upper()},
        {"redirect_uri": "https://client.example.org:8443/callback"},
        {"redirect_uri": CALLBACK + "#fragment"},
    ],
)
@pytest.mark.parametrize("logged_in", [True, False])
async def test_an_unknown_client_or_address_gets_a_page_and_no_redirect(
    client: httpx.AsyncClient,
    database: Database,
    parameters: dict[str, str | None],
    logged_in: bool,
) -> None:
    """OA-3."""
    await make_person(database, "ada")
    app = await register(client)
    if logged_in:
        await log_in(client, "ada")

    response = await client.get("/oauth/authorize", params=question(app, **parameters))

    assert response.status_code == 400
    assert response.headers["content-type"].startswith("text/html")
    assert "location" not in response.headers


async def test_consent_checks_the_address_again(
    client: httpx.AsyncClient, database: Database
) -> None:
    """The form is as forgeable as the link."""
    await make_person(database, "ada")
    app = await register(client)
    await log_in(client, "ada")
    page = await client.get("/oauth/authorize", params=question(app))

    response = await client.post(
        "/oauth/authorize",
        data={**fields(page), "redirect_uri": "https://evil.example.org/", "decision": "allow"},
    )

    assert response.status_code == 400
    assert "location" not in response.headers


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code token"}, "unsupported_response_type"),
        ({"response_type": None}, "unsupported_response_type"),
        ({"scope": "read push"}, "invalid_scope"),
        ({"scope": "rule the world"}, "invalid_scope"),
        ({"scope": "admin:read"}, "invalid_scope"),
        ({"code_challenge": CHALLENGE}, "invalid_request"),
        ({"code_challenge": CHALLENGE, "code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "short", "code_challenge_method": "S256"}, "invalid_request"),
        ({"code_challenge_method": "S256"}, "invalid_request"),
    ],
)
async def test_other_errors_go_to_the_client(
    client: httpx.AsyncClient, database: Database, parameters: dict[str, str | None], error: str
) -> None:
    """OA-3, OA-4, OA-5, OA-7, OA-16."""
    await make_person(database, "ada")
    app = await register(client)
    await log_in(client, "ada")

    response = await client.get("/oauth/authorize", params=question(app, state="x", **parameters))

    assert response.headers["location"].startswith(CALLBACK + "?")
    brought = answered(response)
    assert brought["error"] == error
    assert brought["error_description"]
    assert brought["state"] == "x"
    assert brought["iss"] == ISSUER
    assert "code" not in brought


async def test_nothing_is_sent_on_before_somebody_is_logged_in(
    client: httpx.AsyncClient, database: Database
) -> None:
    """RFC 9700, section 4.11.2: anybody may register a client, so a link could lead anywhere."""
    app = await register(client)

    response = await client.get("/oauth/authorize", params=question(app, response_type="token"))

    assert response.headers["location"].startswith("/auth/sign_in?")


async def test_an_only_address_may_be_left_out(
    client: httpx.AsyncClient, database: Database
) -> None:
    """RFC 6749, section 3.1.2.3."""
    await make_person(database, "ada")
    one = await register(client)
    two = await register(client, f"{CALLBACK}\n{CALLBACK}/2")
    await log_in(client, "ada")

    answer = await decide(client, one, "allow", redirect_uri=None)
    ambiguous = await client.get("/oauth/authorize", params=question(two, redirect_uri=None))

    assert answer.headers["location"].startswith(CALLBACK + "?code=")
    assert ambiguous.status_code == 400


async def test_a_decision_is_yes_or_no(client: httpx.AsyncClient, database: Database) -> None:
    await make_person(database, "ada")
    app = await register(client)
    await log_in(client, "ada")

    response = await decide(client, app, "perhaps")

    assert response.status_code == 400


async def test_who_was_logged_out_meanwhile_logs_in_again(
    client: httpx.AsyncClient, database: Database
) -> None:
    await make_person(database, "ada")
    app = await register(client)
    await log_in(client, "ada")
    page = await client.get("/oauth/authorize", params=question(app))
    await database.fetch("DELETE FROM sessions")

    response = await client.post("/oauth/authorize", data={**fields(page), "decision": "allow"})

    assert response.headers["location"].startswith("/auth/sign_in?")


async def test_a_consent_that_was_tampered_with_is_no_consent(
    client: httpx.AsyncClient, database: Database
) -> None:
    await make_person(database, "ada")
    app = await register(client)
    await log_in(client, "ada")
    page = await client.get("/oauth/authorize", params=question(app))

    response = await client.post(
        "/oauth/authorize", data={**fields(page), "scope": "push", "decision": "allow"}
    )

    assert answered(response)["error"] == "invalid_scope"


async def test_a_parameter_given_twice_is_refused(
    client: httpx.AsyncClient, database: Database
) -> None:
    """RFC 6749, section 3.1."""
    await make_person(database, "ada")
    app = await register(client)
    await log_in(client, "ada")
    twice = urlencode([*question(app).items(), ("scope", "read")])

    response = await client.get("/oauth/authorize", params=twice)

    assert answered(response)["error"] == "invalid_request"


async def test_refusal_is_told_to_the_client(client: httpx.AsyncClient, database: Database) -> None:
    await make_person(database, "ada")
    app = await register(client)
    await log_in(client, "ada")

    brought = answered(await decide(client, app, "deny", state="x"))

    assert brought["error"] == "access_denied"
    assert brought["state"] == "x"
    assert brought["iss"] == ISSUER


async def test_refusal_out_of_band_is_a_page(client: httpx.AsyncClient, database: Database) -> None:
    await make_person(database, "ada")
    app = await register(client, OUT_OF_BAND)
    await log_in(client, "ada")

    answer = await decide(client, app, "deny")
    page = await client.get(answer.headers["location"])

    assert page.status_code == 200
    assert "Refused" in page.text


async def test_the_answer_keeps_the_query_of_the_address_and_adds_no_state(
    client: httpx.AsyncClient, database: Database
) -> None:
    await make_person(database, "ada")
    app = await register(client, "https://client.example.org/callback?tenant=a%20b")
    await log_in(client, "ada")

    answer = await decide(client, app)

    assert answer.headers["location"].startswith(
        "https://client.example.org/callback?tenant=a%20b&code="
    )
    assert "state" not in answered(answer)


@pytest.mark.parametrize("uri", ["icecubesapp://", "oauth2redirect://host/", "app.example:/back"])
async def test_private_schemes_get_their_answer(
    client: httpx.AsyncClient, database: Database, uri: str
) -> None:
    await make_person(database, "ada")
    app = await register(client, uri)
    await log_in(client, "ada")

    answer = await decide(client, app)

    assert answer.headers["location"].startswith(uri + "?code=")


@pytest.mark.parametrize(
    ("registered", "used", "accepted"),
    [
        ("http://127.0.0.1/cb", "http://127.0.0.1:51004/cb", True),
        ("http://127.0.0.1:1/cb", "http://127.0.0.1:2/cb", True),
        ("http://[::1]/cb", "http://[::1]:51004/cb", True),
        ("http://localhost:8000/cb", "http://localhost:9000/cb", True),
        ("http://127.0.0.1/cb", "http://127.0.0.1:51004/other", False),
        ("http://127.0.0.1/cb", "http://localhost:51004/cb", False),
        ("http://127.0.0.1/cb", "https://127.0.0.1:51004/cb", False),
        ("http://127.0.0.1/cb", "http://127.0.0.1:51004/cb?x=1", False),
        ("http://127.0.0.1/cb", "http://127.0.0.1.evil.example.org/cb", False),
        ("http://127.0.0.1/cb", "http://127.0.0.1:80@evil.example.org/cb", False),
    ],
)
async def test_only_the_port_of_ones_own_machine_may_differ(
    client: httpx.AsyncClient, database: Database, registered: str, used: str, accepted: bool
) -> None:
    """OA-2; RFC 8252, section 7.3."""
    await make_person(database, "ada")
    app = await register(client, registered)
    await log_in(client, "ada")

    response = await client.get("/oauth/authorize", params=question(app, redirect_uri=used))

    assert response.status_code == (200 if accepted else 400)
