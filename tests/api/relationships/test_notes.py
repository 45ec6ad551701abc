"""Notes about people."""

import httpx
import pytest

from app.database import Database
from app.domain.relationships.notes import MAX_CHARACTERS
from tests.factories import as_account, make_account

pytestmark = pytest.mark.anyio


async def test_a_note_is_for_oneself(client: httpx.AsyncClient, database: Database) -> None:
    ada, bob = await make_account(database), await make_account(database)
    headers = await as_account(database, ada)
    url = f"/api/v1/accounts/{bob.id}/note"

    for sent, kept in ((" Met in Delft ", "Met in Delft"), ("Knows Kafka", "Knows Kafka")):
        response = await client.post(url, json={"comment": sent}, headers=headers)
        assert response.json()["note"] == kept
    theirs = await client.get(
        f"/api/v1/accounts/relationships?id[]={ada.id}", headers=await as_account(database, bob)
    )
    assert theirs.json()[0]["note"] == ""

    for empty in ("", None, " "):
        await client.post(url, json={"comment": "Again"}, headers=headers)
        response = await client.post(url, json={"comment": empty}, headers=headers)
        assert response.json()["note"] == ""
    assert await database.fetch("SELECT FROM notes") == []


async def test_how_much_fits_in_a_note(client: httpx.AsyncClient, database: Database) -> None:
    ada, bob = await make_account(database), await make_account(database)
    headers = await as_account(database, ada)
    url = f"/api/v1/accounts/{bob.id}/note"

    for length, status in ((MAX_CHARACTERS, 200), (MAX_CHARACTERS + 1, 422)):
        response = await client.post(url, json={"comment": "a" * length}, headers=headers)
        assert response.status_code == status
    assert response.json()["error"] == (
        "Validation failed: Comment is too long (maximum is 2000 characters)"
    )
    assert (await client.post("/api/v1/accounts/1/note", headers=headers)).status_code == 404
