"""Small pictures with a name."""

import httpx
import pytest

from app.database import Database
from app.models.instance.custom_emojis import CustomEmoji

pytestmark = pytest.mark.anyio


async def test_all_of_them_by_name(client: httpx.AsyncClient, database: Database) -> None:
    none = (await client.get("/api/v1/custom_emojis")).json()
    async with database.session() as session:
        session.add(CustomEmoji(shortcode="wave", picture="w.png", visible_in_picker=False))
        session.add(CustomEmoji(shortcode="drop", picture="d.png", category="Water"))
        await session.commit()

    some = (await client.get("/api/v1/custom_emojis")).json()

    assert none == []
    assert [emoji["shortcode"] for emoji in some] == ["drop", "wave"]
    assert some[0] == {
        "shortcode": "drop",
        "url": "http://hardop.test/media/d.png",
        "static_url": "http://hardop.test/media/d.png",
        "visible_in_picker": True,
        "category": "Water",
    }
