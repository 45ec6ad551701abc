"""Asking a person, and their change of mind (LG-2, LG-3, OA-17)."""

import httpx
import pytest

from app.database import Database
from tests.api.identity.people import (
    CALLBACK,
    PASSWORD,
    App,
    answered,
    bearer,
    fields,
    get_code,
    get_tokens,
    log_in,
    make_person,
    question,
    redeem,
    register,
)

pytestmark = pytest.mark.anyio

ISSUER = "http://hardop.test/"


async def test_consent_is_asked_each_time(client: httpx.AsyncClient, database: Database) -> None:
    """OA-17."""
    await make_person(database, "ada")
    app = await register(client)
    await log_in(client, "ada")
    await get_tokens(client, app)

    again = await client.get("/oauth/authorize", params=question(app))

    assert again.status_code == 200
    assert 'name="decision"' in again.text


async def test_the_consent_page_says_who_asks_what(
    client: httpx.AsyncClient, database: Database
) -> None:
    """OA-17."""
    await make_person(database, "ada", display_name="Ada <Lovelace>")
    app = await register(
        client, client_name="<script>alert(1)</script>", website="https://maker.example.org/x"
    )
    await log_in(client, "ada")

    page = await client.get("/oauth/authorize", params=question(app, scope="read write:media"))

    assert "<script>" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert "Ada &lt;Lovelace&gt;" in page.text
    assert "@ada" in page.text
    assert "maker.example.org" in page.text
    assert "client.example.org" in page.text
    assert "read everything you can read" in page.text
    assert "pictures and other files" in page.text
    assert "90 days" in page.text


async def test_consent_needs_a_form_of_this_browser(
    client: httpx.AsyncClient, database: Database
) -> None:
    """LG-2."""
    await make_person(database, "ada")
    app = await register(client)
    await log_in(client, "ada")
    page = await client.get("/oauth/authorize", params=question(app))
    good = {**fields(page), "decision": "allow"}

    without = await client.post("/oauth/authorize", data={**good, "form_token": ""})
    forged = await client.post("/oauth/authorize", data={**good, "form_token": "A" * 43})
    elsewhere = await client.post(
        "/oauth/authorize", data=good, headers={"Origin": "https://evil.example.org"}
    )
    framed = await client.post(
        "/oauth/authorize", data=good, headers={"Sec-Fetch-Site": "cross-site"}
    )

    for refused in (without, forged, elsewhere, framed):
        assert refused.status_code == 403
        assert "location" not in refused.headers
    accepted = await client.post(
        "/oauth/authorize", data=good, headers={"Origin": "http://hardop.test"}
    )
    assert accepted.status_code == 303


async def test_another_login_can_be_forced(client: httpx.AsyncClient, database: Database) -> None:
    await make_person(database, "ada")
    app = await register(client)
    await log_in(client, "ada")

    forced = await client.get("/oauth/authorize", params=question(app, force_login="true"))
    # Mastodon.py writes Python's word for false.
    not_forced = await client.get("/oauth/authorize", params=question(app, force_login="False"))

    assert forced.headers["location"].startswith("/auth/sign_in?")
    page = await client.get(forced.headers["location"])
    assert 'type="password"' in page.text
    assert not_forced.status_code == 200


async def test_the_consent_page_may_lead_elsewhere_and_nothing_may_frame_it(
    client: httpx.AsyncClient, database: Database
) -> None:
    """LG-3."""
    await make_person(database, "ada")
    app = await register(client)
    await log_in(client, "ada")

    page = await client.get("/oauth/authorize", params=question(app))

    policy = page.headers["content-security-policy"]
    assert "form-action" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "default-src 'none'" in policy


async def test_a_refusal_reaches_the_application_from_the_login(
    client: httpx.AsyncClient, database: Database
) -> None:
    """LG-3: browsers apply the policy of the form to all redirects that follow."""
    await make_person(database, "ada")
    app = await register(client, scopes="read")
    after = await client.get("/oauth/authorize", params=question(app, scope="write"))

    page = await client.get(after.headers["location"])
    there = await client.post(
        "/auth/sign_in", data={**fields(page), "username": "ada", "password": PASSWORD}
    )
    on = await client.get(there.headers["location"])

    assert "form-action" not in page.headers["content-security-policy"]
    assert answered(on)["error"] == "invalid_scope"
    assert on.headers["location"].startswith(CALLBACK)
    plain = await client.get("/auth/sign_in", params={"force": "1"})
    assert "form-action 'self'" in plain.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["cross-origin-opener-policy"] == "same-origin"
    assert "access-control-allow-origin" not in page.headers


async def test_somebody_whose_address_is_unconfirmed_cannot_let_anybody_in(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_person(database, "ada")
    app = await register(client)
    await log_in(client, "ada")
    await database.fetch("UPDATE users SET confirmed_at = NULL WHERE account_id = $1", ada.id)

    response = await client.get("/oauth/authorize", params=question(app))

    assert response.status_code == 403


async def test_authorized_applications_are_listed_and_withdrawn(
    client: httpx.AsyncClient, database: Database
) -> None:
    """OA-17."""
    await make_person(database, "ada")
    await make_person(database, "bob")
    app = await register(client, website="https://maker.example.org")
    await log_in(client, "bob")
    of_bob = await get_tokens(client, app)
    client.cookies.clear()
    await log_in(client, "ada")
    token = (await get_tokens(client, app))["access_token"]
    unused = await get_code(client, app)

    page = await client.get("/oauth/authorized_applications")
    assert "Test client" in page.text
    assert "maker.example.org" in page.text
    done = await client.post(f"/oauth/authorized_applications/{app.id}/revoke", data=fields(page))

    assert done.status_code == 303
    page = await client.get(done.headers["location"])
    assert "Test client" not in page.text
    url = "/api/v1/apps/verify_credentials"
    refused = await client.get(url, headers=bearer(token))
    assert refused.status_code == 401
    assert refused.json()["error"] == "The access token was revoked"
    assert (await redeem(client, app, unused)).json()["error"] == "invalid_grant"
    assert (await client.get(url, headers=bearer(of_bob["access_token"]))).status_code == 200


async def test_oa19_private_feeds_are_shut_out_with_the_application_that_made_them(
    client: httpx.AsyncClient, database: Database
) -> None:
    await make_person(database, "ada")
    await make_person(database, "bob")
    app = await register(client)
    another = await register(client, client_name="Another client")

    async def make_feed(app: App) -> str:
        token = (await get_tokens(client, app))["access_token"]
        made = await client.post(
            "/api/hardop/v1/feeds", headers=bearer(token), json={"kind": "home"}
        )
        url: str = made.json()["url"]
        return url

    await log_in(client, "bob")
    of_bob = await make_feed(app)
    client.cookies.clear()
    await log_in(client, "ada")
    of_app, of_another = await make_feed(app), await make_feed(another)
    # Its feed lets an application in without any token.
    await database.fetch("UPDATE access_tokens SET revoked_at = now()")

    page = await client.get("/oauth/authorized_applications")
    assert page.text.count("Private feeds made with it, which end with it: 1") == 2
    await client.post(f"/oauth/authorized_applications/{app.id}/revoke", data=fields(page))

    assert (await client.get(of_app)).status_code == 404
    for url in (of_another, of_bob):
        assert (await client.get(url)).status_code == 200
    page = await client.get("/oauth/authorized_applications")
    assert "Test client" not in page.text
    assert "Another client" in page.text


async def test_the_list_is_for_who_is_logged_in(
    client: httpx.AsyncClient, database: Database
) -> None:
    listed = await client.get("/oauth/authorized_applications")
    page = await client.get("/auth/sign_in")
    withdrawn = await client.post("/oauth/authorized_applications/1/revoke", data=fields(page))

    assert listed.headers["location"].startswith("/auth/sign_in?")
    assert withdrawn.status_code == 403
