"""What the organisation tells everybody."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from app import clock
from app.database import Database
from app.models.instance.announcements import Announcement
from app.models.instance.custom_emojis import CustomEmoji
from app.models.statuses.statuses import Visibility
from tests.factories import as_account, ids, make_account, make_status

pytestmark = pytest.mark.anyio

URL = "/api/v1/announcements"


async def make_announcement(database: Database, **columns: Any) -> int:
    announcement = Announcement(**{"text": "News", "updated_at": clock.now(), **columns})
    async with database.session() as session:
        session.add(announcement)
        await session.commit()
    return announcement.id


async def make_emoji(database: Database, shortcode: str) -> None:
    async with database.session() as session:
        session.add(CustomEmoji(shortcode=shortcode, picture="d.png"))
        await session.commit()


async def test_they_are_rendered_as_statuses_are(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_account(database, "Ada")
    await make_emoji(database, "drop")
    await make_announcement(database, text="Ask @ada about #water :drop:\n\nor @nobody")

    (shown,) = (await client.get(URL, headers=await as_account(database, ada))).json()

    assert shown["content"].startswith("<p>Ask <span")
    assert [person["id"] for person in shown["mentions"]] == [str(ada.id)]
    assert shown["mentions"][0]["url"] in shown["content"]
    assert shown["tags"] == [{"name": "water", "url": "http://hardop.test/tags/water"}]
    assert [emoji["shortcode"] for emoji in shown["emojis"]] == ["drop"]
    assert shown["read"] is False


async def test_statuses_that_it_links_to(client: httpx.AsyncClient, database: Database) -> None:
    """As far as anybody may read them."""
    ada = await make_account(database, "ada")
    said = await make_status(database, ada)
    private = await make_status(database, ada, visibility=Visibility.PRIVATE)
    urls = [f"http://hardop.test/@ada/{id_}" for id_ in (said, private, 1, 10**19)]
    await make_announcement(
        database,
        text=" ".join([*urls, f"http://elsewhere.test/@ada/{said}", "http://hardop.test/"]),
    )

    (shown,) = (await client.get(URL, headers=await as_account(database, ada))).json()

    assert shown["statuses"] == [{"id": str(said), "url": urls[0]}]


async def test_what_is_over_is_gone_and_the_earliest_comes_first(
    client: httpx.AsyncClient, database: Database
) -> None:
    now = clock.now()
    hour = timedelta(hours=1)
    await make_announcement(database, ends_at=now - hour)
    later = await make_announcement(database, starts_at=now + hour, ends_at=now + 2 * hour)
    first = await make_announcement(database, ends_at=now + hour)
    headers = await as_account(database, await make_account(database))

    assert ids((await client.get(URL, headers=headers)).json()) == [str(first), str(later)]


async def test_dismissing_is_for_oneself(client: httpx.AsyncClient, database: Database) -> None:
    id_ = await make_announcement(database)
    ada = await as_account(database, await make_account(database))
    bob = await as_account(database, await make_account(database))

    for _ in range(2):
        assert (await client.post(f"{URL}/{id_}/dismiss", headers=ada)).json() == {}

    assert (await client.get(URL, headers=ada)).json() == []
    assert ids((await client.get(URL, headers=bob)).json()) == [str(id_)]
    (dismissed,) = (await client.get(f"{URL}?with_dismissed=1", headers=ada)).json()
    assert dismissed["read"] is True


async def test_reactions_are_counted(client: httpx.AsyncClient, database: Database) -> None:
    await make_emoji(database, "drop")
    id_ = await make_announcement(database)
    ada = await as_account(database, await make_account(database))
    bob = await as_account(database, await make_account(database))

    for headers, name in ((ada, "💡"), (ada, "💡"), (bob, "💡"), (bob, "drop")):
        response = await client.put(f"{URL}/{id_}/reactions/{name}", headers=headers)
        assert response.json() == {}

    (shown,) = (await client.get(URL, headers=ada)).json()
    picture = "http://hardop.test/media/d.png"
    assert shown["reactions"] == [
        {"name": "💡", "count": 2, "me": True},
        {"name": "drop", "count": 1, "me": False, "url": picture, "static_url": picture},
    ]

    await client.delete(f"{URL}/{id_}/reactions/💡", headers=ada)
    await client.delete(f"{URL}/{id_}/reactions/drop", headers=ada)

    (shown,) = (await client.get(URL, headers=ada)).json()
    assert [(one["name"], one["count"], one["me"]) for one in shown["reactions"]] == [
        ("💡", 1, False),
        ("drop", 1, False),
    ]


async def test_there_are_limits_to_reactions(client: httpx.AsyncClient, database: Database) -> None:
    id_ = await make_announcement(database)
    headers = await as_account(database, await make_account(database))

    answers = [
        (await client.put(f"{URL}/{id_}/reactions/{emoji}", headers=headers)).status_code
        for emoji in (*"🍏🍎🍐🍊🍋🍌🍉🍇🍓🍏", "word")
    ]

    assert answers == [200] * 8 + [422, 200, 422]


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "dismiss"), ("PUT", "reactions/💡"), ("DELETE", "reactions/💡")],
)
async def test_what_is_not_there_is_not_found(
    client: httpx.AsyncClient, database: Database, method: str, path: str
) -> None:
    headers = await as_account(database, await make_account(database))

    response = await client.request(method, f"{URL}/1/{path}", headers=headers)

    assert response.status_code == 404
