"""Posting, reading, editing and deleting statuses."""

import httpx
import pytest

from app.database import Database
from tests.factories import as_account, make_account

pytestmark = pytest.mark.anyio


async def test_posting_answers_with_the_status(client: httpx.AsyncClient, database: Database) -> None:
    ada = await make_account(database, "ada")
    headers = await as_account(database, ada)

    response = await client.post(
        "/api/v1/statuses",
        json={"status": "Hello @ada, see #Café"},
        headers=headers,
    )

    assert response.status_code == 200, response.text
    status = response.json()
    assert status["account"]["acct"] == "ada"
    assert status["mentions"] == [
        {"id": str(ada.id), "username": "ada", "acct": "ada", "url": "http://hardop.test/@ada"}
    ]
    assert [tag["name"] for tag in status["tags"]] == ["cafe"]
    home = await client.get("/api/v1/timelines/home", headers=headers)
    assert [entry["id"] for entry in home.json()] == [status["id"]]
