"""Confirming an e-mail address with a link."""

import httpx
import pytest

from app.database import Database
from app.domain.identity import one_time_links
from app.models.identity.one_time_links import Purpose
from app.models.identity.users import User
from tests.api.identity.people import fields, log_in, make_person
from tests.factories import as_account

pytestmark = pytest.mark.anyio


async def make_link(database: Database) -> str:
    async with database.session() as session:
        rows = await database.fetch("SELECT id FROM users")
        user = await session.get_one(User, rows[0]["id"])
        token = await one_time_links.issue(session, user, Purpose.CONFIRM_EMAIL)
        await session.commit()
    return token


async def test_looking_at_the_page_confirms_nothing_but_the_button_does(
    client: httpx.AsyncClient, database: Database
) -> None:
    """Programs that scan mail follow links."""
    await make_person(database, "ada", confirmed_at=None)
    token = await make_link(database)

    page = await client.get("/auth/confirmation", params={"token": token})
    assert "ada@example.org" in page.text
    assert (await log_in(client, "ada")).status_code == 403
    confirmed = await client.post("/auth/confirmation", data=fields(page))
    again = await client.post("/auth/confirmation", data=fields(page))

    assert confirmed.status_code == 200
    assert "is confirmed" in confirmed.text
    assert again.status_code == 404
    assert (await log_in(client, "ada")).status_code == 303


async def test_somebody_who_still_waits_for_approval_is_told(
    client: httpx.AsyncClient, database: Database
) -> None:
    await make_person(database, "ada", confirmed_at=None, approved=False)
    page = await client.get("/auth/confirmation", params={"token": await make_link(database)})

    confirmed = await client.post("/auth/confirmation", data=fields(page))

    assert "still has to be approved" in confirmed.text


async def test_asking_again_leaves_the_link_that_was_given(
    client: httpx.AsyncClient, database: Database
) -> None:
    """Nothing is mailed: there would be no other."""
    ada = await make_person(database, "ada", confirmed_at=None)
    token = await make_link(database)

    asked = await client.post(
        "/api/v1/emails/confirmations", headers=await as_account(database, ada)
    )

    assert asked.status_code == 200
    page = await client.get("/auth/confirmation", params={"token": token})
    assert page.status_code == 200
    assert page.headers["referrer-policy"] == "same-origin"


async def test_a_made_up_link_confirms_nothing(client: httpx.AsyncClient) -> None:
    shown = await client.get("/auth/confirmation", params={"token": "made up"})

    assert shown.status_code == 404


async def test_the_form_must_be_ours(client: httpx.AsyncClient, database: Database) -> None:
    """LG-2."""
    await make_person(database, "ada", confirmed_at=None)
    token = await make_link(database)

    response = await client.post("/auth/confirmation", data={"token": token})

    assert response.status_code == 403
    rows = await database.fetch("SELECT confirmed_at FROM users")
    assert rows[0]["confirmed_at"] is None
