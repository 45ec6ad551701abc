"""Choosing a password (LG-5, LG-8, OA-19)."""

import asyncio

import httpx
import pytest
from sqlmodel import select

from app.database import Database
from app.domain.identity import one_time_links, passwords, tokens
from app.models.accounts.accounts import Account
from app.models.identity.authorization_codes import AuthorizationCode
from app.models.identity.one_time_links import Purpose
from app.models.identity.users import User
from tests.api.identity.people import (
    PASSWORD,
    bearer,
    fields,
    get_code,
    get_tokens,
    log_in,
    make_person,
    redeem,
    register,
)
from tests.postgres import until_blocked

pytestmark = pytest.mark.anyio

NEW = "a brand new sentence"
WHO = "/api/v1/apps/verify_credentials"


async def link_for(database: Database, account: Account) -> str:
    async with database.session() as session:
        rows = await database.fetch("SELECT id FROM users WHERE account_id = $1", account.id)
        user = await session.get_one(User, rows[0]["id"])
        token = await one_time_links.issue(session, user, Purpose.SET_PASSWORD)
        await session.commit()
    return token


async def test_changing_it_ends_everything_else(
    client: httpx.AsyncClient, database: Database
) -> None:
    """OA-19: reference tokens, JWTs, refresh tokens, codes and other browsers."""
    await make_person(database, "ada")
    lasting = await register(client)
    refreshing = await register(client, grant_types=["refresh_token"])
    await log_in(client, "ada")
    elsewhere = client.cookies["hardop_session"]
    client.cookies.clear()
    await log_in(client, "ada")
    token = (await get_tokens(client, lasting))["access_token"]
    pair = await get_tokens(client, refreshing)
    code = await get_code(client, lasting)
    for each in (token, pair["access_token"]):
        assert (await client.get(WHO, headers=bearer(each))).status_code == 200
    page = await client.get("/auth/password")

    changed = await client.post(
        "/auth/password", data={**fields(page), "current_password": PASSWORD, "new_password": NEW}
    )

    assert changed.status_code == 200
    for each in (token, pair["access_token"]):
        assert (await client.get(WHO, headers=bearer(each))).status_code == 401
    refreshed = await client.post(
        "/oauth/token",
        data={
            "grant_type": "refresh_token",
            "refresh_token": pair["refresh_token"],
            **refreshing.secrets,
        },
    )
    assert refreshed.json()["error"] == "invalid_grant"
    assert (await redeem(client, lasting, code)).json()["error"] == "invalid_grant"
    assert (await client.get("/auth/password")).status_code == 200
    client.cookies.clear()
    client.cookies.set("hardop_session", elsewhere)
    assert (await client.get("/auth/password")).status_code == 303
    client.cookies.clear()
    assert (await log_in(client, "ada", PASSWORD)).status_code == 422
    assert (await log_in(client, "ada", NEW)).status_code == 303
    fresh = (await get_tokens(client, lasting))["access_token"]
    assert (await client.get(WHO, headers=bearer(fresh))).status_code == 200


@pytest.mark.parametrize(
    ("current", "new", "text"),
    [
        ("wrong", NEW, "current password is not right"),
        (PASSWORD, "", "Enter a new password"),
        (PASSWORD, "short", "at least 8 characters"),
        (PASSWORD, "x" * 129, "at most 128 characters"),
    ],
)
async def test_what_is_wrong_is_said_beside_the_field(
    client: httpx.AsyncClient, database: Database, current: str, new: str, text: str
) -> None:
    """LG-5, LG-12."""
    await make_person(database, "ada")
    await log_in(client, "ada")
    page = await client.get("/auth/password")

    response = await client.post(
        "/auth/password", data={**fields(page), "current_password": current, "new_password": new}
    )

    assert response.status_code == 422
    assert text in response.text
    assert response.text.count('aria-invalid="true"') == 1
    assert "error" in response.text.partition('aria-describedby="')[2].partition('"')[0] or (
        "rules error" in response.text
    )
    client.cookies.clear()
    assert (await log_in(client, "ada", PASSWORD)).status_code == 303


async def test_the_page_is_for_who_is_logged_in(client: httpx.AsyncClient) -> None:
    shown = await client.get("/auth/password")
    page = await client.get("/auth/sign_in")
    sent = await client.post("/auth/password", data=fields(page))

    for response in (shown, sent):
        assert response.status_code == 303
        assert response.headers["location"].startswith("/auth/sign_in?")


async def test_a_link_sets_it_once(client: httpx.AsyncClient, database: Database) -> None:
    """LG-8."""
    ada = await make_person(database, "ada")
    token = await link_for(database, ada)
    page = await client.get("/auth/password/new", params={"token": token})
    # With `no-referrer` browsers would send `Origin: null` with the form.
    assert page.headers["referrer-policy"] == "same-origin"

    refused = await client.post(
        "/auth/password/new", data={**fields(page), "new_password": "short"}
    )
    accepted = await client.post("/auth/password/new", data={**fields(page), "new_password": NEW})
    client.cookies.clear()
    again = await client.get("/auth/password/new", params={"token": token})

    assert refused.status_code == 422
    assert accepted.status_code == 200
    assert again.status_code == 404
    assert (await log_in(client, "ada", NEW)).status_code == 303
    rows = await database.fetch("SELECT l::text AS row FROM one_time_links l")
    assert rows == []


async def test_a_code_exchanged_meanwhile_is_worth_nothing(
    client: httpx.AsyncClient, database: Database
) -> None:
    """OA-19."""
    await make_person(database, "ada")
    app = await register(client)
    await log_in(client, "ada")
    await get_code(client, app)
    page = await client.get("/auth/password")
    form = {**fields(page), "current_password": PASSWORD, "new_password": NEW}

    async with database.session() as exchange:
        code = (await exchange.exec(select(AuthorizationCode).with_for_update())).one()
        change = asyncio.create_task(client.post("/auth/password", data=form))
        await until_blocked(database, change)
        token = tokens.issue(
            exchange, scopes="read", application_id=code.application_id, user_id=code.user_id
        )
        await exchange.commit()

    assert (await change).status_code == 200
    assert (await client.get(WHO, headers=bearer(token))).status_code == 401


async def test_who_logs_in_meanwhile_needs_the_new_one(
    client: httpx.AsyncClient, database: Database
) -> None:
    """OA-19."""
    ada = await make_person(database, "ada")

    async with database.session() as change:
        user = (
            await change.exec(select(User).filter_by(account_id=ada.id).with_for_update())
        ).one()
        login = asyncio.create_task(log_in(client, "ada"))
        await until_blocked(database, login)
        user.password_hash = await passwords.hashed(NEW)
        change.add(user)
        await change.commit()

    assert (await login).status_code == 422


async def test_of_two_who_use_a_link_at_once_one_succeeds(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_person(database, "ada")
    token = await link_for(database, ada)
    page = await client.get("/auth/password/new", params={"token": token})

    responses = await asyncio.gather(
        *(
            client.post("/auth/password/new", data={**fields(page), "new_password": f"{NEW} {n}"})
            for n in range(2)
        )
    )

    assert sorted(response.status_code for response in responses) == [200, 404]


@pytest.mark.parametrize("spoil", ["age", "change", "email", "purpose", "made up"])
async def test_links_go_bad(client: httpx.AsyncClient, database: Database, spoil: str) -> None:
    """LG-8."""
    ada = await make_person(database, "ada")
    token = await link_for(database, ada)
    if spoil == "age":
        await database.fetch(
            "UPDATE one_time_links SET expires_at = expires_at - interval '30 minutes'"
        )
    elif spoil == "change":
        await log_in(client, "ada")
        form = fields(await client.get("/auth/password"))
        await client.post(
            "/auth/password",
            data={**form, "current_password": PASSWORD, "new_password": f"{NEW} of hers"},
        )
        client.cookies.clear()
    elif spoil == "email":
        await database.fetch("UPDATE users SET email = 'other@example.org'")
    elif spoil == "purpose":
        await database.fetch("UPDATE one_time_links SET purpose = 'confirm_email'")
    else:
        token = "made up"

    shown = await client.get("/auth/password/new", params={"token": token})
    page = await client.get("/auth/sign_in")
    used = await client.post(
        "/auth/password/new", data={**fields(page), "token": token, "new_password": NEW}
    )

    assert shown.status_code == used.status_code == 404
    assert "does not work any more" in shown.text
