"""Filters as older clients know them: one for each keyword."""

from typing import Any

import httpx
import pytest

from app.database import Database
from tests.factories import as_account, make_account, make_status

pytestmark = pytest.mark.anyio

URL = "/api/v1/filters"
LUNCH: dict[str, Any] = {"phrase": "lunch", "context": ["home"]}


async def test_a_keyword_from_its_beginning_to_its_end(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_account(database)
    headers = await as_account(database, ada)
    status_id = await make_status(database, ada, "Lunch!")

    response = await client.post(URL, json=LUNCH, headers=headers)
    made = response.json()

    assert response.headers["deprecation"].startswith("@")
    assert made == {
        "id": made["id"],
        "phrase": "lunch",
        "context": ["home"],
        "whole_word": True,
        "irreversible": False,
        "expires_at": None,
    }
    [newer] = (await client.get("/api/v2/filters", headers=headers)).json()
    assert (newer["title"], newer["keywords"][0]["id"]) == ("lunch", made["id"])
    status = (await client.get(f"/api/v1/statuses/{status_id}", headers=headers)).json()
    assert status["filtered"][0]["keyword_matches"] == ["lunch"]

    url = f"{URL}/{made['id']}"
    change = {
        "phrase": "dinner",
        "context[]": ["public"],
        "irreversible": "true",
        "whole_word": "false",
        "expires_in": "600",
    }
    changed = (await client.put(url, data=change, headers=headers)).json()
    assert (changed["phrase"], changed["context"]) == ("dinner", ["public"])
    assert (changed["irreversible"], changed["whole_word"]) == (True, False)
    assert changed["expires_at"] is not None
    back = (await client.put(url, json={"irreversible": False}, headers=headers)).json()
    assert back == changed | {"irreversible": False}
    assert (await client.get(URL, headers=headers)).json() == [back]
    assert (await client.get(url, headers=headers)).json() == back
    assert (await client.delete(url, headers=headers)).json() == {}
    assert (await client.get(url, headers=headers)).status_code == 404
    assert (await client.get("/api/v2/filters", headers=headers)).json() == []


async def test_one_of_several_keywords_changes_alone(
    client: httpx.AsyncClient, database: Database
) -> None:
    headers = await as_account(database, await make_account(database))
    sent = {
        "title": "Food",
        "context": ["home"],
        "keywords_attributes": [{"keyword": "lunch"}, {"keyword": "dinner"}],
    }
    await client.post("/api/v2/filters", json=sent, headers=headers)
    first, second = (await client.get(URL, headers=headers)).json()
    url = f"{URL}/{first['id']}"

    for change in ({"context": ["public"]}, {"irreversible": True}, {"expires_in": 600}):
        refused = await client.put(url, json=change, headers=headers)
        assert refused.status_code == 422
        assert refused.json()["error"].startswith("These parameters cannot be changed")
    same = {"phrase": "brunch", "context": ["home"], "irreversible": False}
    assert (await client.put(url, json=same, headers=headers)).json()["phrase"] == "brunch"
    await client.delete(url, headers=headers)
    assert (await client.get(URL, headers=headers)).json() == [second]


async def test_it_needs_words(client: httpx.AsyncClient, database: Database) -> None:
    headers = await as_account(database, await make_account(database))

    response = await client.post(URL, json={"context": ["home"]}, headers=headers)

    assert response.json()["error"] == "Validation failed: Keyword can't be blank"
