"""Domains whose addresses nobody signs up with."""

import httpx
import pytest

from app.database import Database
from app.models.identity.users import Role
from tests.api.identity.people import bearer
from tests.api.identity.test_registrations import sign_up
from tests.api.moderation.people import audited, make_moderator

pytestmark = pytest.mark.anyio

URL = "/api/v1/admin/email_domain_blocks"


@pytest.fixture
async def headers(database: Database) -> dict[str, str]:
    _, headers = await make_moderator(database, Role.ADMIN)
    return headers


async def test_a_block_comes_and_goes(
    client: httpx.AsyncClient, database: Database, headers: dict[str, str]
) -> None:
    made = await client.post(URL, headers=headers, data={"domain": " Throwaway.Example "})

    block = made.json()
    assert (block["domain"], block["allow_with_approval"]) == ("throwaway.example", False)
    assert block["history"] == []
    one = f"{URL}/{block['id']}"
    assert (await client.get(one, headers=headers)).json() == block
    assert (await client.get(URL, headers=headers)).json() == [block]

    assert (await client.delete(one, headers=headers)).json() == {}

    assert (await client.get(one, headers=headers)).status_code == 404
    assert (await client.delete(one, headers=headers)).status_code == 404
    assert [(action, kind) for action, kind, _ in await audited(database)] == [
        ("create", "email_domain_block"),
        ("destroy", "email_domain_block"),
    ]


@pytest.mark.parametrize("domain", ["not a domain", "a@b.example", "x" * 300 + ".example"])
async def test_what_is_no_domain_is_refused(
    client: httpx.AsyncClient, headers: dict[str, str], domain: str
) -> None:
    response = await client.post(URL, headers=headers, json={"domain": domain})

    assert response.status_code == 422
    assert response.json()["error"] == "Validation failed: Domain is not a valid domain name"


async def test_a_domain_is_blocked_once(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    for status in (200, 422):
        response = await client.post(URL, headers=headers, json={"domain": "throwaway.example"})
        assert response.status_code == status
    assert response.json()["error"] == "Validation failed: Domain has already been taken"


@pytest.mark.parametrize("host", ["throwaway.example", "MAIL.Throwaway.example"])
async def test_nobody_signs_up_with_an_address_of_it(
    client: httpx.AsyncClient, database: Database, headers: dict[str, str], host: str
) -> None:
    await client.post(URL, headers=headers, json={"domain": "throwaway.example"})

    refused = await sign_up(client, email=f"ada@{host}", agreement="false")
    others = await sign_up(client, email="ada@notthrowaway.example")

    assert refused.status_code == 422
    details = refused.json()["details"]
    assert details["email"] == [
        {"error": "ERR_BLOCKED", "description": "uses a disallowed e-mail provider"}
    ]
    assert "agreement" in details
    assert others.status_code == 200


async def test_moderators_approve_where_that_is_allowed(
    client: httpx.AsyncClient, database: Database, headers: dict[str, str]
) -> None:
    blocked = {"domain": "throwaway.example", "allow_with_approval": True}
    await client.post(URL, headers=headers, json=blocked)

    waits = await sign_up(client, email="ada@throwaway.example")

    assert waits.status_code == 200
    home = await client.get("/api/v1/timelines/home", headers=bearer(waits.json()["access_token"]))
    assert home.json()["error"] == "Your login is currently pending approval"

    # Of two blocks the one that refuses counts.
    await client.post(URL, headers=headers, json={"domain": "mail.throwaway.example"})
    refused = await sign_up(client, username="bob", email="bob@mail.throwaway.example")
    assert refused.status_code == 422


async def test_an_address_is_not_changed_to_a_blocked_one(
    client: httpx.AsyncClient, database: Database, headers: dict[str, str]
) -> None:
    await client.post(URL, headers=headers, json={"domain": "throwaway.example"})
    approved = {"domain": "other.example", "allow_with_approval": True}
    await client.post(URL, headers=headers, json=approved)
    token = (await sign_up(client)).json()["access_token"]
    await database.fetch("UPDATE users SET confirmed_at = NULL WHERE email = 'ada@example.org'")

    answers = [
        await client.post(
            "/api/v1/emails/confirmations", headers=bearer(token), json={"email": email}
        )
        for email in ("ada@throwaway.example", "ada@other.example")
    ]

    assert [answer.status_code for answer in answers] == [422, 200]
    (user,) = await database.fetch("SELECT email, approved FROM users WHERE email LIKE 'ada%'")
    assert (user["email"], user["approved"]) == ("ada@other.example", False)
