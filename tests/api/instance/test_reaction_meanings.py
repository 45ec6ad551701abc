"""Reactions with a meaning."""

import asyncio

import httpx
import pytest
from obstore.exceptions import BaseError

from app.database import Database
from app.domain.instance import reaction_meanings
from app.main import create_app
from app.media_store import FolderStore
from app.models.instance.custom_emojis import CustomEmoji
from app.settings import Settings
from app.workers import reactions as worker
from tests.conftest import ORIGIN
from tests.factories import as_account, make_account, make_status

pytestmark = pytest.mark.anyio

URL = "/api/hardop/v1/reactions"
NAMES = ["insightful", "thanks", "used_it", "can_help", "tell_me_more"]


async def test_they_are_there_with_their_meanings(
    client: httpx.AsyncClient, database: Database, settings: Settings
) -> None:
    assert (await client.get(URL)).json() == []
    for _ in range(2):
        await worker.install(database, settings)

    shown = (await client.get(URL)).json()

    assert [one["name"] for one in shown] == NAMES
    assert shown[2]["meaning"] == "I used this in my work"
    assert shown[2]["translations"]["nl"] == "Dit heb ik in mijn werk gebruikt"
    for one in shown:
        assert (await client.get(one["url"])).headers["content-type"] == "image/webp"
    emojis = (await client.get("/api/v1/custom_emojis")).json()
    assert sorted(emoji["shortcode"] for emoji in emojis) == sorted(NAMES)
    assert {emoji["category"] for emoji in emojis} == {"Reactions"}
    log = await database.fetch("SELECT actor_kind FROM audit_entries")
    assert [row["actor_kind"] for row in log] == ["server"] * 5


async def test_one_reacts_with_them_as_with_any_emoji(
    client: httpx.AsyncClient, database: Database, settings: Settings
) -> None:
    await worker.install(database, settings)
    ada, bob = await make_account(database), await make_account(database)
    status_id = await make_status(database, bob)

    response = await client.post(
        f"/api/v1/statuses/{status_id}/react/used_it", headers=await as_account(database, ada)
    )

    (reaction,) = response.json()["reactions"]
    assert (reaction["name"], reaction["count"], reaction["me"]) == ("used_it", 1, True)
    assert reaction["url"].startswith(f"{ORIGIN}/media/")


async def test_an_organisation_chooses_others(settings: Settings, database: Database) -> None:
    async with database.session() as session:
        session.add(CustomEmoji(shortcode="drop", picture="d.png"))
        await session.commit()
    chosen = settings.model_copy(
        update={"reactions": ["drop=This is about water", "thanks", "drop2", "thanks=Cheers"]}
    )
    await worker.install(database, chosen)
    app = create_app(chosen)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=ORIGIN) as client,
    ):
        shown = (await client.get(URL)).json()

    assert [(one["name"], one["meaning"], one["translations"]) for one in shown] == [
        ("drop", "This is about water", {}),
        ("thanks", "Cheers", {}),
    ]


async def test_a_picture_of_ones_own_stays(settings: Settings, database: Database) -> None:
    async with database.session() as session:
        session.add(CustomEmoji(shortcode="thanks", picture="own.png"))
        await session.commit()

    await worker.install(database, settings)

    (row,) = await database.fetch("SELECT picture FROM custom_emojis WHERE shortcode = 'thanks'")
    assert row["picture"] == "own.png"


async def test_two_workers_may_start_together(
    client: httpx.AsyncClient, settings: Settings, database: Database
) -> None:
    await asyncio.gather(*(worker.install(database, settings) for _ in range(2)))

    assert [one["name"] for one in (await client.get(URL)).json()] == NAMES


@pytest.mark.parametrize(
    "error", [PermissionError(13, "Permission denied"), BaseError("The bucket is away")]
)
async def test_a_store_that_cannot_be_written_is_no_reason_not_to_work(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    async def refuse(self: FolderStore, content: bytes, suffix: str) -> str:
        raise error

    monkeypatch.setattr(FolderStore, "put", refuse)

    await worker.install(database, settings)

    assert await database.fetch("SELECT 1 FROM custom_emojis") == []


def test_each_of_ours_has_its_meaning_in_every_language() -> None:
    assert {frozenset(meanings) for meanings in reaction_meanings.OURS.values()} == {
        frozenset({"en", "nl", "de"})
    }
    assert reaction_meanings.chosen(["wave"]) == {"wave": {"en": "wave"}}
