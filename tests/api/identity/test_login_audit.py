"""Logins, passwords, consents and tokens are written down, whoever they are of (AU-2)."""

import httpx
import pytest

from app.database import Database
from app.domain.moderation import audit
from app.models.accounts.accounts import Account
from tests.api.identity.conftest import ServerWith
from tests.api.identity.people import (
    PASSWORD,
    App,
    decide,
    fields,
    get_code,
    get_tokens,
    log_in,
    make_person,
    redeem,
    refresh,
    refreshing,
    register,
)
from tests.factories import make_token

pytestmark = pytest.mark.anyio

NEW = "a brand new sentence"


async def written(database: Database) -> list[str]:
    """What was written down since: what was done, and to what."""
    count, _ = await audit.verify(database)
    rows = await database.fetch(
        "SELECT action || ' ' || object_type AS what FROM audit_entries ORDER BY position"
    )
    assert len(rows) == count
    return [row["what"] for row in rows]


async def last(database: Database) -> dict[str, object]:
    [row] = await database.fetch("SELECT * FROM audit_entries ORDER BY position DESC LIMIT 1")
    return dict(row)


async def press(client: httpx.AsyncClient, page: str, action: str = "", **sent: str) -> int:
    """What comes of a form."""
    form = fields(await client.get(page))
    return (await client.post(action or page, data={**form, **sent})).status_code


@pytest.fixture
async def ada(database: Database) -> Account:
    return await make_person(database, "ada")


async def test_logins_and_passwords(
    client: httpx.AsyncClient, database: Database, ada: Account
) -> None:
    await log_in(client, "ada", "something else entirely")
    # A name that nobody has is nobody's, and may be anything.
    await log_in(client, "my password, typed here", "oops")
    await log_in(client, "ada")
    entry = await last(database)
    assert (entry["action"], entry["actor_id"], entry["object_id"]) == ("log_in", ada.id, ada.id)
    assert entry["request_id"]

    page, given = "/auth/password", {"new_password": NEW}
    assert await press(client, page, current_password="wrong", **given) == 422
    assert await press(client, page, current_password=PASSWORD, **given) == 200
    assert await press(client, "/auth/sign_out", "/auth/sessions/end") == 303
    assert await press(client, "/auth/sign_out", "/auth/sessions/1/end") == 303
    assert await press(client, "/auth/sign_out") == 200
    # There is nobody left to log out.
    assert await press(client, "/auth/sign_out") == 200

    assert await written(database) == [
        f"{action} account"
        for action in (
            *("log_in_failed", "log_in", "change_password_failed", "change_password"),
            *("log_out_others", "log_out_others", "log_out"),
        )
    ]


async def test_who_waits_and_who_guesses_too_often(
    server_with: ServerWith, database: Database, ada: Account
) -> None:
    await database.fetch("UPDATE users SET approved = false WHERE account_id = $1", ada.id)
    async with server_with(rate_limits="on") as client:
        assert (await log_in(client, "ada")).status_code == 403
        for _ in range(30):
            if (await log_in(client, "ada", "another guess")).status_code == 429:
                break

    actions = await written(database)
    assert set(actions) == {"log_in_failed account", "log_in_locked account"}
    assert actions[-1] == "log_in_locked account"


async def test_applications_and_tokens(
    client: httpx.AsyncClient, database: Database, ada: Account
) -> None:
    app = await register(client)
    await log_in(client, "ada")
    await decide(client, app, "deny")
    code = await get_code(client, app)
    token = (await redeem(client, app, code)).json()["access_token"]
    assert (await redeem(client, app, code)).status_code == 400
    await client.post("/oauth/revoke", data={**app.secrets, "token": token})
    shut_out = f"/oauth/authorized_applications/{app.id}/revoke"
    await get_code(client, app)
    assert await press(client, "/auth/sign_out", shut_out) == 303

    assert await written(database) == [
        *("create application", "log_in account", "deny_application account"),
        *("allow_application account", "create access_token", "reuse authorization_code"),
        *("revoke access_token", "allow_application account", "withdraw_application account"),
    ]
    entry = await last(database)
    assert entry["details"] == f'{{"application_id": "{app.id}"}}'


async def test_a_refresh_token_that_comes_again(
    client: httpx.AsyncClient, database: Database, ada: Account
) -> None:
    app: App = await refreshing(client)
    await log_in(client, "ada")
    first = (await get_tokens(client, app))["refresh_token"]
    second = (await refresh(client, app, first)).json()["refresh_token"]
    await refresh(client, app, second)
    await database.fetch("UPDATE refresh_tokens SET answer = NULL")
    assert (await refresh(client, app, first)).status_code == 400

    assert (await written(database))[-2:] == ["create access_token", "reuse refresh_token"]
    assert (await last(database))["application_id"] == int(app.id)


async def test_newcomers(client: httpx.AsyncClient, database: Database) -> None:
    headers = {"Authorization": f"Bearer {await make_token(database, None, 'read write')}"}
    given = {"username": "eve", "email": "eve@example.org", "password": NEW, "agreement": True}
    made = await client.post("/api/v1/accounts", json=given, headers=headers)
    assert made.status_code == 200
    await database.fetch("UPDATE users SET confirmed_at = NULL")

    headers = {"Authorization": f"Bearer {made.json()['access_token']}"}
    other = {"email": "eve@example.com"}
    assert (
        await client.post("/api/v1/emails/confirmations", json=other, headers=headers)
    ).status_code == 200

    assert await written(database) == [
        *("sign_up account", "create access_token", "change_email account"),
    ]
