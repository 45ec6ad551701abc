"""Private feeds: what somebody may read, in a reader that cannot log in (FE-5, OA-19, AZ-6)."""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from app import clock
from app.database import Database
from app.domain.statuses import marks
from app.domain.timelines import private_feeds
from app.domain.timelines.feeds import LENGTH
from app.models.accounts.accounts import Account
from app.models.statuses.statuses import Visibility
from search.engines import StatusQuery
from search.postgres import PostgresEngine
from tests.conftest import RunJobs, Statements
from tests.factories import (
    as_account,
    make_account,
    make_follow,
    make_list,
    make_reblog,
    make_status,
)
from tests.feeds import FORMATS, MEDIA_TYPES, contents, read

pytestmark = pytest.mark.anyio

FEEDS = "/api/hardop/v1/feeds"

Make = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
async def ada(database: Database) -> Account:
    return await make_account(database, "ada")


@pytest.fixture
async def headers(database: Database, ada: Account) -> dict[str, str]:
    return await as_account(database, ada)


@pytest.fixture
def make(client: httpx.AsyncClient, headers: dict[str, str]) -> Make:
    """Makes a private feed of Ada's."""

    async def make_feed(kind: str, **wish: object) -> dict[str, Any]:
        response = await client.post(FEEDS, headers=headers, json={"kind": kind, **wish})
        assert response.status_code == 200, response.text
        feed: dict[str, Any] = response.json()
        return feed

    return make_feed


def words(response: httpx.Response) -> list[str]:
    return [html.removeprefix("<p>").removesuffix("</p>") for html in contents(response)]


def held(page: httpx.Response) -> list[int]:
    """The ids of the statuses in a page of an Atom feed."""
    return [int(entry.id.rpartition("/")[2]) for entry in read(page).entries]


async def walk(client: httpx.AsyncClient, url: str) -> list[httpx.Response]:
    """A feed's pages, until one has no next."""
    pages = [await client.get(url)]
    while "next" in pages[-1].links:
        pages.append(await client.get(pages[-1].links["next"]["url"]))
    return pages


async def test_it_is_listed_and_told_where_it_is_once(
    client: httpx.AsyncClient, database: Database, headers: dict[str, str], make: Make
) -> None:
    home = await make("home")
    topic = await make("topic", query=" nitrate sensors ")

    token = home["url"].split("/")[-2]
    assert home["url"] == f"http://hardop.test/feeds/{token}/feed.atom"
    assert len(token) == len("hdp_fd_") + 43
    listed = (await client.get(FEEDS, headers=headers)).json()
    assert [feed["kind"] for feed in listed] == ["home", "topic"]
    assert listed[1]["query"] == "nitrate sensors"
    assert "url" not in listed[0]
    assert (await client.get(f"{FEEDS}/{topic['id']}", headers=headers)).json() == listed[1]
    kept = await database.fetch("SELECT token_hash FROM private_feeds ORDER BY id")
    assert kept[0]["token_hash"] == hashlib.sha256(token.encode()).digest()
    audited = await database.fetch("SELECT action, object_type FROM audit_entries")
    assert [tuple(row) for row in audited] == [("create", "private_feed")] * 2


@pytest.mark.parametrize("format_", FORMATS)
async def test_fe5_it_is_a_feed_like_others_but_private(
    client: httpx.AsyncClient,
    database: Database,
    ada: Account,
    make: Make,
    run_jobs: RunJobs,
    format_: str,
) -> None:
    bob = await make_account(database, "bob", display_name="Bob")
    await make_follow(database, ada, bob)
    said = await make_status(database, bob, "Among us", visibility=Visibility.PRIVATE)
    eve = await make_account(database, "eve", display_name="Eve")
    passed_on = await make_reblog(database, bob, await make_status(database, eve, "To all"))
    await run_jobs()
    url = (await make("home"))["url"].removesuffix("atom") + format_

    response = await client.get(url)

    assert words(response) == ["↻ Bob</p><p>To all", "Among us"]
    assert response.headers["content-type"] == MEDIA_TYPES[format_]
    assert response.headers["cache-control"] == "private, no-store"
    assert response.headers["x-robots-tag"] == "noindex"
    assert response.headers["access-control-allow-origin"] == "*"
    feed = read(response)
    entries = feed["items"] if format_ == "json" else feed.entries
    assert [int(entry["id"].rpartition("/")[2]) for entry in entries] == [passed_on, said]
    again = await client.get(url, headers={"If-None-Match": response.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_what_each_kind_holds(
    client: httpx.AsyncClient, database: Database, ada: Account, make: Make, run_jobs: RunJobs
) -> None:
    bob = await make_account(database, "bob", discoverable=True, indexable=True)
    eve = await make_account(database, "eve")
    await make_follow(database, ada, bob)
    of_bob = await make_list(database, ada, bob, title="Some & others")
    kept = await make_status(database, eve, "Kept")
    await make_status(database, bob, "About kafka queues")
    await make_status(database, bob, "About lunch")
    await make_status(database, bob, "@eve no", in_reply_to_id=kept)
    await make_status(database, bob, "Secret kafka", visibility=Visibility.PRIVATE)
    async with database.session() as session:
        await marks.bookmark(session, ada, kept)
        await session.commit()
    await run_jobs()

    async def shown(kind: str, **wish: object) -> tuple[str, list[str]]:
        response = await client.get((await make(kind, **wish))["url"])
        return read(response).feed.title, words(response)

    said = ["Secret kafka", "About lunch", "About kafka queues"]
    assert await shown("home") == ("Home · Hardop", said)
    assert await shown("list", list_id=str(of_bob)) == ("List: Some & others", said)
    assert await shown("bookmarks") == ("Bookmarks · Hardop", ["Kept"])
    assert await shown("search", query="kafka") == ("Search: kafka", ["About kafka queues"])
    assert await shown("topic", query="kafka") == (
        "Who knows about it: kafka",
        ["About lunch", "About kafka queues"],
    )
    assert await shown("topic", query="nobody") == ("Who knows about it: nobody", [])


async def test_az6_rights_are_asked_anew_each_time(
    client: httpx.AsyncClient,
    database: Database,
    ada: Account,
    headers: dict[str, str],
    make: Make,
    run_jobs: RunJobs,
) -> None:
    bob = await make_account(database, "bob")
    await make_follow(database, ada, bob)
    await make_status(database, bob, "Among us", visibility=Visibility.PRIVATE)
    of_bob = await make_list(database, ada, bob)
    await run_jobs()
    home, chosen = await make("home"), await make("list", list_id=str(of_bob))
    before = await client.get(home["url"])
    assert words(before) == ["Among us"]

    await client.post(
        f"/api/v1/accounts/{ada.id}/remove_from_followers", headers=await as_account(database, bob)
    )

    after = await client.get(home["url"], headers={"If-None-Match": before.headers["etag"]})
    assert (after.status_code, words(after)) == (200, [])
    await client.delete(f"/api/v1/lists/{of_bob}", headers=headers)
    assert (await client.get(chosen["url"])).status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE users SET tokens_not_before = now() + interval '1 second'",
        "UPDATE users SET disabled = true",
        "UPDATE users SET approved = false",
        "UPDATE users SET confirmed_at = NULL",
        "UPDATE accounts SET suspended_at = now()",
        "DELETE FROM accounts",
        "DELETE FROM applications",
    ],
)
async def test_oa19_it_ends_with_its_owners_login_and_its_application(
    client: httpx.AsyncClient, database: Database, make: Make, change: str
) -> None:
    url = (await make("home"))["url"]
    assert (await client.get(url)).status_code == 200

    await database.fetch(change)

    assert (await client.get(url)).status_code == 404


async def test_it_can_be_taken_back(
    client: httpx.AsyncClient, database: Database, headers: dict[str, str], make: Make
) -> None:
    feed = await make("home")
    stranger = await as_account(database, await make_account(database))

    assert (await client.delete(f"{FEEDS}/{feed['id']}", headers=stranger)).status_code == 404
    assert (await client.get(feed["url"])).status_code == 200
    assert (await client.delete(f"{FEEDS}/{feed['id']}", headers=headers)).json() == {}

    assert (await client.get(feed["url"])).status_code == 404
    assert (await client.delete(f"{FEEDS}/{feed['id']}", headers=headers)).status_code == 404
    assert (await client.get(FEEDS, headers=headers)).json() == []


async def test_gd6_the_day_it_was_read_last_is_kept_and_no_more(
    client: httpx.AsyncClient,
    database: Database,
    headers: dict[str, str],
    make: Make,
    statements: Statements,
) -> None:
    feed = await make("home")
    assert feed["last_used_on"] is None

    await client.get(feed["url"])
    statements.take()
    await client.get(feed["url"])

    # Its owner and what it holds.
    assert len(statements.take()) == 2
    [listed] = (await client.get(FEEDS, headers=headers)).json()
    assert listed["last_used_on"] == clock.now().date().isoformat()


async def test_pages_hold_everything_once(
    client: httpx.AsyncClient, database: Database, ada: Account, make: Make
) -> None:
    said = [await make_status(database, ada, f"Number {n}") for n in range(LENGTH + 2)]
    async with database.session() as session:
        for status_id in said:
            await marks.bookmark(session, ada, status_id)
        await session.commit()
    for kind, wish in (("bookmarks", {}), ("search", {"query": "number"})):
        first, second, empty = await walk(client, (await make(kind, **wish))["url"])

        assert [*held(first), *held(second), *held(empty)] == said[::-1]
        assert [link.href for link in read(second).feed.links if link.rel == "first"] == [
            str(first.url)
        ]


async def test_what_was_found_and_is_gone_hides_nothing_older(
    client: httpx.AsyncClient,
    database: Database,
    ada: Account,
    headers: dict[str, str],
    make: Make,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = [await make_status(database, ada, f"Number {n}") for n in range(LENGTH + 2)]
    *left, gone = said
    await client.delete(f"/api/v1/statuses/{gone}", headers=headers)

    async def search_behind(engine: PostgresEngine, query: StatusQuery) -> list[int]:
        _ = engine
        return [id_ for id_ in said[::-1] if id_ < query.below_id][: query.limit]

    monkeypatch.setattr(PostgresEngine, "search_statuses", search_behind)
    pages = await walk(client, (await make("search", query="number"))["url"])

    assert [len(held(page)) for page in pages] == [LENGTH - 1, 2, 0]
    assert [id_ for page in pages for id_ in held(page)] == left[::-1]


@pytest.mark.parametrize(
    ("wish", "status"),
    [
        ({}, 400),
        ({"kind": "everything"}, 400),
        ({"kind": "search"}, 422),
        ({"kind": "topic", "query": "  "}, 422),
        ({"kind": "list"}, 404),
        ({"kind": "list", "list_id": "1"}, 404),
        ({"kind": "home", "lists": "1"}, 422),
    ],
)
async def test_what_is_no_feed_is_refused(
    client: httpx.AsyncClient, headers: dict[str, str], wish: dict[str, str], status: int
) -> None:
    response = await client.post(FEEDS, headers=headers, json=wish)

    assert response.status_code == status, response.text


async def test_there_are_not_too_many(
    client: httpx.AsyncClient, headers: dict[str, str], make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(private_feeds, "MAX_FEEDS", 1)
    await make("home")

    response = await client.post(FEEDS, headers=headers, json={"kind": "home"})

    assert response.status_code == 422
    assert "maximum number of feeds" in response.json()["error"]
