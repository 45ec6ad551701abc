"""What the server is made of (IS-2 to IS-4)."""

from typing import Any

import httpx
import pytest

from app import clock
from app.database import Database
from app.domain.moderation.dimensions import KEYS
from tests.api.moderation.people import make_moderator
from tests.factories import make_account, make_status
from tests.media import make_media

pytestmark = pytest.mark.anyio

URL = "/api/v1/admin/dimensions"


async def found(
    client: httpx.AsyncClient, database: Database, *keys: str, **sent: Any
) -> dict[str, list[dict[str, Any]]]:
    _, headers = await make_moderator(database)
    today = clock.now().date().isoformat()
    asked = {"keys": keys, "start_at": today, "end_at": today, **sent}
    response = await client.post(URL, headers=headers, json=asked)
    assert response.status_code == 200, response.text
    return {dimension["key"]: dimension["data"] for dimension in response.json()}


async def test_languages_of_few_are_not_told(client: httpx.AsyncClient, database: Database) -> None:
    for _ in range(12):
        await make_account(database)
    await database.fetch("UPDATE users SET locale = 'nl'")
    for _ in range(9):
        await make_account(database)

    languages = await found(client, database, "languages")

    # With the moderator there are ten who use it in English.
    assert languages["languages"] == [
        {"key": "nl", "human_key": "Dutch", "value": "10", "human_value": "10"},
        {"key": "en", "human_key": "English", "value": "10", "human_value": "10"},
    ]
    assert len((await found(client, database, "languages", limit=1))["languages"]) == 1
    await database.fetch("UPDATE users SET approved = false WHERE locale = 'en'")
    await database.fetch("UPDATE users SET approved = true WHERE role = 'moderator'")
    languages = await found(client, database, "languages")
    assert [each["key"] for each in languages["languages"]] == ["nl"]


async def test_languages_of_a_hashtag(client: httpx.AsyncClient, database: Database) -> None:
    ada = await make_account(database)
    for language in ("nl", "nl", None):
        await make_status(database, ada, "#loud", language=language)
    (tag,) = await database.fetch("SELECT id FROM tags")

    languages = await found(client, database, "tag_languages", tag_languages={"id": str(tag["id"])})

    counted = [(each["key"], each["value"]) for each in languages["tag_languages"]]
    assert counted == [("nl", "2"), ("und", "1")]
    assert await found(client, database, "tag_languages") == {"tag_languages": []}


async def test_space_and_versions(client: httpx.AsyncClient, database: Database) -> None:
    await make_media(database, await make_account(database))

    parts = await found(client, database, "space_usage", "software_versions")

    space = {each["key"]: each for each in parts["space_usage"]}
    assert int(space["postgresql"]["value"]) > int(space["media"]["value"]) > 0
    assert space["media"]["unit"] == "bytes"
    versions = {each["key"]: each["value"] for each in parts["software_versions"]}
    assert versions["hardop"] == "0.1.0"
    assert versions.keys() == {"hardop", "python", "postgresql"}


async def test_what_is_not_known_is_empty(client: httpx.AsyncClient, database: Database) -> None:
    parts = await found(client, database, *KEYS, "anything")

    assert list(parts) == list(KEYS)
    assert {key for key, data in parts.items() if data} == {"space_usage", "software_versions"}
