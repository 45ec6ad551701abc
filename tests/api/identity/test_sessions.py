"""Logging in and out with a browser (LG-1 to LG-4, LG-7)."""

from datetime import timedelta
from urllib.parse import urlencode

import httpx
import pytest
from argon2 import PasswordHasher

from app.database import Database
from tests.api.identity.conftest import ServerWith
from tests.api.identity.people import (
    PASSWORD,
    bearer,
    fields,
    get_tokens,
    log_in,
    make_person,
    question,
    register,
)
from tests.factories import make_account

pytestmark = pytest.mark.anyio

HOME = "/oauth/authorized_applications"

_IDLE = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND state = 'idle in transaction'
"""


async def is_logged_in(client: httpx.AsyncClient) -> bool:
    response = await client.get(HOME)
    assert response.status_code in (200, 303)
    return response.status_code == 200


@pytest.mark.parametrize(
    "name", ["ada", "ADA", "@ada", " ada ", "ada@example.org", "Ada@Example.ORG"]
)
async def test_the_name_or_the_address_will_do(
    client: httpx.AsyncClient, database: Database, name: str
) -> None:
    await make_person(database, "ada")

    response = await log_in(client, name)

    assert response.status_code == 303
    assert response.headers["location"] == HOME
    assert await is_logged_in(client)


async def test_the_session_is_new_at_login_and_stored_as_a_hash(
    client: httpx.AsyncClient, database: Database
) -> None:
    """LG-1."""
    await make_person(database, "ada")
    await client.get("/auth/sign_in")
    before = client.cookies["hardop_session"]

    response = await log_in(client, "ada")

    after = client.cookies["hardop_session"]
    assert after != before
    assert len(after) >= 43
    attributes = response.headers["set-cookie"].lower()
    for attribute in ("httponly", "samesite=lax", "path=/"):
        assert attribute in attributes
    rows = await database.fetch("SELECT s::text AS row FROM sessions s")
    assert after not in rows[0]["row"]


async def test_over_tls_the_cookie_is_bound_to_this_host(
    database: Database, server_with: ServerWith
) -> None:
    """LG-1."""
    await make_person(database, "ada")
    async with server_with(base_url="https://hardop.example.org") as client:
        response = await log_in(client, "ada")

    assert response.status_code == 303
    cookie = response.headers["set-cookie"]
    assert cookie.startswith("__Host-hardop_session=")
    assert "Secure" in cookie
    assert "Domain" not in cookie


@pytest.mark.parametrize(
    ("column", "age", "alive"),
    [
        ("last_used_at", timedelta(hours=7, minutes=59), True),
        ("last_used_at", timedelta(hours=8, minutes=1), False),
        ("created_at", timedelta(days=6, hours=23), True),
        ("created_at", timedelta(days=7, minutes=1), False),
    ],
)
async def test_a_session_ends_unused_or_old(
    client: httpx.AsyncClient, database: Database, column: str, age: timedelta, alive: bool
) -> None:
    """LG-1."""
    await make_person(database, "ada")
    await log_in(client, "ada")

    await database.fetch(f"UPDATE sessions SET {column} = {column} - $1::interval", age)

    assert await is_logged_in(client) is alive


async def test_use_keeps_a_session_alive(client: httpx.AsyncClient, database: Database) -> None:
    await make_person(database, "ada")
    await log_in(client, "ada")

    for _ in range(3):
        await database.fetch("UPDATE sessions SET last_used_at = last_used_at - interval '5 hours'")
        assert await is_logged_in(client)


async def test_logging_out_ends_the_session_on_the_server(
    client: httpx.AsyncClient, database: Database
) -> None:
    """LG-1."""
    await make_person(database, "ada")
    await log_in(client, "ada")
    cookie = client.cookies["hardop_session"]
    page = await client.get("/auth/sign_out")
    assert await is_logged_in(client)

    response = await client.post("/auth/sign_out", data=fields(page))

    assert response.status_code == 200
    assert response.headers["clear-site-data"] == '"cookies","storage"'
    assert "hardop_session" not in client.cookies
    client.cookies.set("hardop_session", cookie)
    assert not await is_logged_in(client)
    assert await database.fetch("SELECT 1 FROM sessions") == []


async def test_who_is_not_logged_in_may_log_out(client: httpx.AsyncClient) -> None:
    page = await client.get("/auth/sign_out")

    response = await client.post("/auth/sign_out", data=fields(page))

    assert response.status_code == 200


async def test_a_hash_of_yesterday_is_made_anew(
    client: httpx.AsyncClient, database: Database
) -> None:
    """LG-6."""
    await make_person(database, "ada")
    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    await database.fetch("UPDATE users SET password_hash = $1", old)

    assert (await log_in(client, "ada")).status_code == 303

    rows = await database.fetch("SELECT password_hash FROM users")
    assert rows[0]["password_hash"].startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    client.cookies.clear()
    assert (await log_in(client, "ada")).status_code == 303


async def test_the_api_does_not_know_the_session(
    client: httpx.AsyncClient, database: Database
) -> None:
    """LG-1."""
    await make_person(database, "ada")
    await log_in(client, "ada")

    response = await client.get("/api/v1/apps/verify_credentials")

    assert response.status_code == 401


async def test_every_failure_looks_the_same(client: httpx.AsyncClient, database: Database) -> None:
    """LG-7."""
    await make_person(database, "ada")
    await make_person(database, "eve", disabled=True)
    await make_account(database, "imported")

    answers = [
        await log_in(client, "ada", "wrong"),
        await log_in(client, "nobody", "wrong"),
        await log_in(client, "nobody@example.org", "wrong"),
        await log_in(client, "eve", PASSWORD),
        await log_in(client, "imported", PASSWORD),
        await log_in(client, "", ""),
        await log_in(client, "ada", "x" * 5000),
    ]

    assert {answer.status_code for answer in answers} == {422}
    for answer in answers:
        assert "do not fit together" in answer.text
        assert 'role="alert"' in answer.text
    assert not await is_logged_in(client)


@pytest.mark.parametrize(
    ("column", "text"),
    [("confirmed_at", "not confirmed yet"), ("approved", "not been approved yet")],
)
async def test_who_knows_the_password_is_told_what_is_missing(
    client: httpx.AsyncClient, database: Database, column: str, text: str
) -> None:
    value = None if column == "confirmed_at" else False
    await make_person(database, "ada", **{column: value})

    response = await log_in(client, "ada")

    assert response.status_code == 403
    assert text in response.text
    assert not await is_logged_in(client)


async def test_guessing_is_throttled_and_nobody_is_locked_out_for_ever(
    database: Database, server_with: ServerWith
) -> None:
    """LG-7."""
    await make_person(database, "ada")
    idle: list[int] = []

    async def look(_: float) -> None:
        idle.append((await database.fetch(_IDLE))[0][0])

    async with server_with(rate_limits="on", rate_limits_exempt=["127.0.0.1"]) as client:
        await log_in(client, "ada")
        at_home = client.cookies["hardop_known"]
        client.cookies.clear()
        client._transport.app.state.services.limits.pause = look  # type: ignore[attr-defined]

        names = ["ada", "@Ada", "ada@example.org", " ADA@example.org"]
        failures = [await log_in(client, names[n % 4], "wrong") for n in range(25)]
        refused = await log_in(client, "ada")
        client.cookies.set("hardop_known", at_home)
        recognised = await log_in(client, "ada")

    assert {failure.status_code for failure in failures} == {422}
    # Who waits keeps no connection.
    assert set(idle) == {0}
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 3600
    assert refused.headers["x-ratelimit-limit"] == "25"
    assert "Too many attempts" in refused.text
    assert recognised.status_code == 303


async def test_guessing_is_throttled_where_the_person_is_known_too(
    database: Database, server_with: ServerWith
) -> None:
    """LG-7."""
    await make_person(database, "ada")
    async with server_with(rate_limits="on", rate_limits_exempt=["127.0.0.1"]) as client:
        await log_in(client, "ada")
        for _ in range(25):
            assert (await log_in(client, "ada", "wrong", force="1")).status_code == 422

        assert (await log_in(client, "ada", force="1")).status_code == 429


async def test_success_is_not_counted(database: Database, server_with: ServerWith) -> None:
    await make_person(database, "ada")
    async with server_with(rate_limits="on") as client:
        for _ in range(30):
            assert (await log_in(client, "ada", force="1")).status_code == 303


async def test_the_form_must_be_ours(client: httpx.AsyncClient, database: Database) -> None:
    """LG-2, also for logging in."""
    await make_person(database, "ada")
    page = await client.get("/auth/sign_in")
    good = {**fields(page), "username": "ada", "password": PASSWORD}

    without = await client.post("/auth/sign_in", data={**good, "form_token": ""})
    elsewhere = await client.post("/auth/sign_in", data=good, headers={"Origin": "null"})
    another_browser = await client.post(
        "/auth/sign_in", data=good, headers={"Cookie": "hardop_session=other"}
    )

    for response in (without, elsewhere, another_browser):
        assert response.status_code == 403
        assert "too old" in response.text
    assert not await is_logged_in(client)


@pytest.mark.parametrize(
    "after",
    [
        "https://evil.example.org/",
        "//evil.example.org/",
        "/\\evil.example.org/",
        "/%2fevil.example.org/",
        "/%5Cevil.example.org/",
        "/a\\b",
        "/\tevil",
        "javascript:alert(1)",
        "evil",
        "",
    ],
)
async def test_one_goes_on_to_pages_of_ours_only(
    client: httpx.AsyncClient, database: Database, after: str
) -> None:
    """LG-4."""
    await make_person(database, "ada")
    page = await client.get("/auth/sign_in")

    response = await client.post(
        "/auth/sign_in",
        data={**fields(page), "username": "ada", "password": PASSWORD, "next": after},
    )

    assert response.headers["location"] == HOME
    again = await client.get("/auth/sign_in", params={"next": after})
    assert again.headers["location"] == HOME


async def test_one_comes_back_to_the_question(
    client: httpx.AsyncClient, database: Database
) -> None:
    await make_person(database, "ada")
    app = await register(client)
    after = "/oauth/authorize?" + urlencode(question(app))

    response = await log_in(client, "ada", next=after)

    assert response.headers["location"] == after


async def test_a_disabled_login_ends_everything_within_seconds(
    client: httpx.AsyncClient, database: Database
) -> None:
    """OA-19."""
    ada = await make_person(database, "ada")
    app = await register(client)
    await log_in(client, "ada")
    token = (await get_tokens(client, app))["access_token"]

    await database.fetch("UPDATE users SET disabled = true WHERE account_id = $1", ada.id)

    assert not await is_logged_in(client)
    userless = await client.get("/api/v1/timelines/home", headers=bearer(token))
    assert userless.status_code == 403
    assert userless.json()["error"] == "Your login is currently disabled"
