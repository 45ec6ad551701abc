"""What many people are concerned with at present."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from app import clock
from app.database import Database
from app.main import create_app
from app.models.accounts.accounts import Account
from app.models.statuses.favourites import Favourite
from app.models.statuses.statuses import Visibility
from app.settings import Settings
from app.workers import trends as worker
from tests.conftest import ORIGIN, Statements
from tests.factories import (
    as_account,
    ids,
    make_account,
    make_reblog,
    make_shared_link,
    make_status,
)

pytestmark = pytest.mark.anyio

URL = "/api/v1/trends"


@pytest.fixture
async def people(database: Database) -> list[Account]:
    return [await make_account(database) for _ in range(4)]


async def tags(client: httpx.AsyncClient, query: str = "") -> list[str]:
    found = (await client.get(f"{URL}/tags{query}")).json()
    return [tag["name"] for tag in found]


async def statuses(client: httpx.AsyncClient, query: str = "") -> list[str]:
    return ids((await client.get(f"{URL}/statuses{query}")).json())


async def use(database: Database, tag: str, *authors: Account, **options: Any) -> None:
    for author in authors:
        await make_status(database, author, f"#{tag}", **options)


async def test_tags_are_ordered_by_how_many_people_used_them(
    client: httpx.AsyncClient, database: Database, settings: Settings, people: list[Account]
) -> None:
    await use(database, "three", *people[:3])
    await use(database, "Two", *people[:2])
    # Often is not many.
    await use(database, "one", *[people[0]] * 5)
    await use(database, "later", *people[:2])
    await use(database, "hidden", *people, visibility=Visibility.UNLISTED)

    assert await tags(client) == []
    await worker.compute(database, settings)

    assert await tags(client) == ["three", "later", "Two"]
    old = await client.get(URL)
    assert [tag["name"] for tag in old.json()] == ["three", "later", "Two"]
    assert old.headers["deprecation"].startswith("@")
    assert old.json()[0]["history"][0]["accounts"] == "3"


async def test_what_is_long_ago_does_not_count(
    client: httpx.AsyncClient, database: Database, settings: Settings, people: list[Account]
) -> None:
    with clock.at(clock.now() - timedelta(days=8)):
        await use(database, "old", *people)
        status_id = await make_status(database, people[0])
    await use(database, "new", *people[:2])
    for someone in people[1:]:
        await make_reblog(database, someone, status_id)

    await worker.compute(database, settings)

    assert await tags(client) == ["new"]
    assert await statuses(client) == []


async def test_statuses_are_ordered_by_how_many_people_they_moved(
    client: httpx.AsyncClient, database: Database, settings: Settings, people: list[Account]
) -> None:
    author, *others = people
    headers = [await as_account(database, other) for other in others]
    three, two, one, none = [await make_status(database, author, str(n)) for n in range(4)]
    await make_reblog(database, others[0], three)
    await make_status(database, others[1], "Yes", in_reply_to_id=three)
    await client.post(f"/api/v1/statuses/{three}/react/💡", headers=headers[2])
    for someone in headers[:2]:
        await client.post(f"/api/v1/statuses/{two}/favourite", headers=someone)
    # The same person four times, and the author.
    for path in ("favourite", "react/💡", "react/🎉", "reblog"):
        await client.post(f"/api/v1/statuses/{one}/{path}", headers=headers[0])
    await client.post(
        f"/api/v1/statuses/{one}/favourite", headers=await as_account(database, author)
    )

    await worker.compute(database, settings)

    assert await statuses(client) == [str(three), str(two)]
    assert str(none) not in await statuses(client)


@pytest.mark.parametrize(
    "how",
    [
        {"suspended_at": True},
        {"silenced_at": True},
        {"sensitized_at": True},
        {"discoverable": False},
    ],
    ids=str,
)
async def test_some_authors_do_not_trend(
    client: httpx.AsyncClient,
    database: Database,
    settings: Settings,
    people: list[Account],
    how: dict[str, bool],
) -> None:
    columns: dict[str, Any] = {name: clock.now() if value else False for name, value in how.items()}
    author = await make_account(database, **columns)
    status_id = await make_status(database, author)
    async with database.session() as session:
        session.add_all(Favourite(account_id=one.id, status_id=status_id) for one in people)
        await session.commit()

    await worker.compute(database, settings)

    assert await statuses(client) == []


async def test_pages_have_links(
    client: httpx.AsyncClient, database: Database, settings: Settings, people: list[Account]
) -> None:
    for name in ("a1", "b2", "c3"):
        await use(database, name, *people[:2])
    await worker.compute(database, settings)

    first = await client.get(f"{URL}/tags?limit=2")
    second = await client.get(first.links["next"]["url"])

    assert [tag["name"] for tag in first.json() + second.json()] == ["c3", "b2", "a1"]
    assert first.headers["link"] == f'<{ORIGIN}{URL}/tags?limit=2&offset=2>; rel="next"'
    assert second.headers["link"] == f'<{ORIGIN}{URL}/tags?limit=2&offset=0>; rel="prev"'
    assert (await client.get(f"{URL}/tags?offset=-1")).status_code == 400
    assert "link" not in (await client.get(f"{URL}/tags")).headers


async def test_a_viewer_meets_nobody_they_hide(
    client: httpx.AsyncClient, database: Database, settings: Settings, people: list[Account]
) -> None:
    author, ada, bob, _ = people
    status_id = await make_status(database, author)
    as_ada = await as_account(database, ada)
    for someone in (ada, bob):
        await make_reblog(database, someone, status_id)
    await worker.compute(database, settings)

    assert ids((await client.get(f"{URL}/statuses", headers=as_ada)).json()) == [str(status_id)]
    await client.post(f"/api/v1/accounts/{author.id}/mute", headers=as_ada)
    assert (await client.get(f"{URL}/statuses", headers=as_ada)).json() == []
    assert await statuses(client) == [str(status_id)]


async def test_trends_can_be_off(
    client: httpx.AsyncClient, database: Database, settings: Settings, people: list[Account]
) -> None:
    await use(database, "loud", *people)
    off = settings.model_copy(update={"trends": "off"})
    await worker.compute(database, off)
    assert await tags(client) == []

    await worker.compute(database, settings)
    app = create_app(off)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=ORIGIN) as other,
    ):
        assert await tags(other) == []
        assert await statuses(other) == []
        assert await links(other) == []
    assert await tags(client) == ["loud"]


async def links(client: httpx.AsyncClient, query: str = "") -> list[str]:
    return [card["url"] for card in (await client.get(f"{URL}/links{query}")).json()]


async def test_links_are_ordered_by_how_many_people_shared_them(
    client: httpx.AsyncClient, database: Database, settings: Settings, people: list[Account]
) -> None:
    three, two, later = [f"https://example.org/{name}" for name in ("three", "two", "later")]
    await make_shared_link(database, *people[:3], url=three)
    await make_shared_link(database, *people[:2], url=two)
    await make_shared_link(database, *people[:2], url=later)
    # Often is not many, and what few may read does not count.
    await make_shared_link(database, *[people[0]] * 5, url="https://example.org/often")
    await make_shared_link(
        database, *people, url="https://example.org/hidden", visibility=Visibility.UNLISTED
    )
    with clock.at(clock.now() - timedelta(days=8)):
        await make_shared_link(database, *people, url="https://example.org/old")
    await worker.compute(database, settings)

    assert await links(client) == [three, later, two]
    assert await links(client, "?limit=1&offset=1") == [later]
    first = (await client.get(f"{URL}/links?limit=1")).json()[0]
    assert (first["title"], len(first["history"])) == ("Page", 7)
    assert (first["history"][0]["accounts"], first["history"][0]["uses"]) == ("3", "3")
    assert first["history"][1] | {"day": ""} == {"day": "", "accounts": "0", "uses": "0"}


async def test_some_links_do_not_trend(
    client: httpx.AsyncClient, database: Database, settings: Settings, people: list[Account]
) -> None:
    await make_shared_link(database, *people, spoiler_text="Careful")
    nothing = await make_shared_link(database, *people, url="https://example.org/empty")
    await database.fetch("UPDATE preview_cards SET title = '' WHERE id = $1", nothing)
    for state in ("suspended_at", "silenced_at", "sensitized_at"):
        bad: dict[str, Any] = {state: clock.now()}
        others = [await make_account(database, **bad) for _ in range(2)]
        await make_shared_link(database, *others, url=f"https://example.org/{state}")

    await worker.compute(database, settings)

    assert await links(client) == []


async def test_a_page_of_links_costs_what_one_costs(
    client: httpx.AsyncClient,
    database: Database,
    settings: Settings,
    people: list[Account],
    statements: Statements,
) -> None:
    for number in range(21):
        await make_shared_link(database, *people[:2], url=f"https://example.org/{number}")
    await worker.compute(database, settings)
    statements.take()

    for query, length in (("?limit=1", 1), ("?limit=20", 20), ("", 10), ("?limit=99", 20)):
        assert len(await links(client, query)) == length
        assert len(statements.take()) == 2
