"""One's profile, for editing."""

import io
from typing import Any

import httpx
import pytest
from PIL import Image

from app.database import Database
from app.domain.accounts import featured_tags
from app.models.accounts.accounts import Account
from tests.factories import as_account, make_account, make_follow

pytestmark = pytest.mark.anyio

URL = "/api/v1/profile"


async def test_texts_are_as_written_and_as_others_see_them(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_account(
        database,
        display_name="Ada",
        note="Ask me about #engines",
        fields=[{"name": "Site", "value": "https://example.org"}],
        locked=True,
        hide_collections=True,
        attribution_domains=["example.org"],
    )
    async with database.session() as session:
        await featured_tags.feature(session, await session.get_one(Account, ada.id), "Engines")
        await session.commit()

    mine = (await client.get(URL, headers=await as_account(database, ada))).json()

    shown = (await client.get(f"/api/v1/accounts/{ada.id}")).json()
    assert (mine["note"], mine["formatted_note"]) == ("Ask me about #engines", shown["note"])
    assert mine["fields"] == [{"name": "Site", "value": "https://example.org", "verified_at": None}]
    assert mine["formatted_fields"] == shown["fields"] != mine["fields"]
    assert (mine["id"], mine["display_name"]) == (str(ada.id), "Ada")
    assert (mine["locked"], mine["hide_collections"], mine["bot"]) == (True, True, False)
    assert (mine["discoverable"], mine["indexable"]) == (True, True)
    assert mine["attribution_domains"] == ["example.org"]
    assert [tag["name"] for tag in mine["featured_tags"]] == ["Engines"]
    # Others see default pictures.
    for kind in ("avatar", "header"):
        assert (mine[kind], mine[f"{kind}_static"]) == (None, None)
        assert mine[f"{kind}_description"] == ""


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
async def test_only_what_is_given_changes(
    client: httpx.AsyncClient, database: Database, method: str
) -> None:
    ada = await make_account(database, display_name="Ada", note="Before")
    headers = await as_account(database, ada)

    changed = await client.request(
        method, URL, headers=headers, json={"note": "After", "avatar_description": "Me"}
    )

    mine = changed.json()
    assert (mine["display_name"], mine["note"]) == ("Ada", "After")
    assert mine["avatar_description"] == "Me"
    assert mine == (await client.get(URL, headers=headers)).json()


@pytest.mark.parametrize("path", [URL, "/api/v1/accounts/update_credentials"])
async def test_tabs_are_switched_off_for_everybody(
    client: httpx.AsyncClient, database: Database, path: str
) -> None:
    ada = await make_account(database)
    headers = await as_account(database, ada)
    tabs = ("show_media", "show_media_replies", "show_featured")

    for value in (False, True):
        changed = await client.patch(
            path, headers=headers, data={name: str(value).lower() for name in tabs}
        )
        for answer in (
            changed,
            await client.get(URL, headers=headers),
            await client.get(f"/api/v1/accounts/{ada.id}"),
        ):
            assert [answer.json()[name] for name in tabs] == [value] * 3


async def test_a_picture_comes_and_goes(client: httpx.AsyncClient, database: Database) -> None:
    headers = await as_account(database, await make_account(database))
    picture = io.BytesIO()
    Image.new("RGB", (40, 40), "olive").save(picture, "PNG")

    sent: dict[str, Any] = {"avatar": ("a.png", picture.getvalue(), "image/png")}
    chosen = (await client.patch(URL, headers=headers, files=sent)).json()
    removed = await client.delete(f"{URL}/avatar", headers=headers)
    mine = (await client.get(URL, headers=headers)).json()

    assert chosen["avatar"] == chosen["avatar_static"]
    assert chosen["avatar"].startswith("http://hardop.test/media/")
    assert "source" in removed.json()
    assert mine["avatar"] is None


async def test_a_mistake_is_explained(client: httpx.AsyncClient, database: Database) -> None:
    headers = await as_account(database, await make_account(database))

    response = await client.patch(URL, headers=headers, json={"display_name": "x" * 31})

    assert response.status_code == 422
    assert list(response.json()["details"]) == ["display_name"]


async def test_unlocking_accepts_those_who_asked(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob = await make_account(database, locked=True), await make_account(database)
    await make_follow(database, bob, ada)

    await client.patch(URL, headers=await as_account(database, ada), json={"locked": False})

    followers = await client.get(f"/api/v1/accounts/{ada.id}/followers")
    assert [each["id"] for each in followers.json()] == [str(bob.id)]
