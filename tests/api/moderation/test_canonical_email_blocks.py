"""Addresses nobody signs up with."""

import hashlib

import httpx
import pytest

from app.database import Database
from app.models.identity.users import Role
from tests.api.identity.test_registrations import sign_up
from tests.api.moderation.people import audited, make_moderator

pytestmark = pytest.mark.anyio

URL = "/api/v1/admin/canonical_email_blocks"
HASH = hashlib.sha256(b"adalovelace@example.com").hexdigest()


@pytest.fixture
async def headers(database: Database) -> dict[str, str]:
    _, headers = await make_moderator(database, Role.ADMIN)
    return headers


@pytest.mark.parametrize(
    "sent",
    [{"email": "Ada.Lovelace+news@Example.com"}, {"canonical_email_hash": HASH.upper()}],
    ids=["email", "hash"],
)
async def test_a_block_comes_and_goes(
    client: httpx.AsyncClient, database: Database, headers: dict[str, str], sent: dict[str, str]
) -> None:
    block = (await client.post(URL, headers=headers, data=sent)).json()

    assert block["canonical_email_hash"] == HASH
    one = f"{URL}/{block['id']}"
    assert (await client.get(one, headers=headers)).json() == block
    assert (await client.get(URL, headers=headers)).json() == [block]
    for email, found in (("adalovelace@example.com", [block]), ("ada@example.com", [])):
        tested = await client.post(f"{URL}/test", headers=headers, data={"email": email})
        assert tested.json() == found
    again = await client.post(URL, headers=headers, data=sent)
    assert again.json()["details"]["canonical_email_hash"][0]["error"] == "ERR_TAKEN"

    assert (await client.delete(one, headers=headers)).json() == {}

    assert (await client.get(one, headers=headers)).status_code == 404
    assert (await client.delete(one, headers=headers)).status_code == 404
    assert [(action, kind) for action, kind, _ in await audited(database)] == [
        ("create", "canonical_email_block"),
        ("destroy", "canonical_email_block"),
    ]


@pytest.mark.parametrize("sent", [{}, {"canonical_email_hash": "ada@example.com"}])
async def test_what_is_no_address_is_refused(
    client: httpx.AsyncClient, headers: dict[str, str], sent: dict[str, str]
) -> None:
    response = await client.post(URL, headers=headers, json=sent)

    assert response.status_code == 422
    assert (await client.post(f"{URL}/test", headers=headers)).status_code == 400


async def test_nobody_signs_up_with_it(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    await client.post(URL, headers=headers, json={"email": "adalovelace@example.com"})

    refused = await sign_up(client, email="ada.lovelace+2@example.com")

    # Nobody learns that they were shown the door.
    assert refused.json()["details"] == {
        "email": [{"error": "ERR_TAKEN", "description": "has already been taken"}]
    }
    assert (await sign_up(client, email="ada@example.com")).status_code == 200
