"""Hashtags, for moderators."""

import httpx
import pytest

from app.database import Database
from app.settings import Settings
from app.workers import trends as worker
from tests.api.moderation.people import audited, make_moderator
from tests.factories import make_account, make_status

pytestmark = pytest.mark.anyio

URL = "/api/v1/admin/tags"


@pytest.fixture
async def tag(database: Database) -> str:
    for _ in range(2):
        await make_status(database, await make_account(database), "#Ecafe")
    (row,) = await database.fetch("SELECT id FROM tags")
    return str(row["id"])


async def test_a_tag_as_moderators_see_it(
    client: httpx.AsyncClient, database: Database, tag: str
) -> None:
    _, headers = await make_moderator(database)

    shown = (await client.get(f"{URL}/{tag}", headers=headers)).json()

    assert (shown["id"], shown["name"]) == (tag, "Ecafe")
    names = ("trendable", "usable", "listable", "requires_review")
    assert [shown[name] for name in names] == [True, True, True, True]
    assert (await client.get(f"{URL}/1", headers=headers)).status_code == 404


async def test_what_is_decided_about_a_tag(
    client: httpx.AsyncClient, database: Database, settings: Settings, tag: str
) -> None:
    _, headers = await make_moderator(database)

    async def put(**sent: object) -> httpx.Response:
        return await client.put(f"{URL}/{tag}", headers=headers, json=sent)

    async def is_proposed() -> bool:
        found = await client.get("/api/v2/search?type=hashtags&q=ec", headers=headers)
        return bool(found.json()["hashtags"])

    async def trends() -> bool:
        await worker.compute(database, settings)
        return bool((await client.get("/api/v1/trends/tags")).json())

    assert (await put(display_name="ECAFÉ")).json()["name"] == "ECAFÉ"
    assert (await put(display_name="tea")).status_code == 422
    assert await is_proposed()
    assert (await put(listable=False)).json()["listable"] is False
    assert not await is_proposed()
    assert await trends()
    changed = (await put(trendable="0", usable="0")).json()
    assert (changed["trendable"], changed["usable"], changed["name"]) == (False, True, "ECAFÉ")
    assert not await trends()
    assert (await client.put(f"{URL}/1", headers=headers)).status_code == 404
    assert [action for action, _, _ in await audited(database)] == [
        "update",
        "update",
        "reject",
        "update",
    ]
