"""Feeds of what anybody may read (FE-1 to FE-5)."""

import asyncio
from typing import Any

import feedparser
import httpx
import pytest
from fastapi import FastAPI

from app.database import Database
from app.domain.timelines.feeds import LENGTH
from app.main import create_app
from app.models.accounts.accounts import Account
from app.models.statuses.statuses import Visibility
from app.settings import Settings
from tests.factories import as_account, make_account, make_poll, make_reblog, make_status
from tests.feeds import FORMATS, contents, read
from tests.media import make_media

pytestmark = pytest.mark.anyio

FEEDS = ("/@ada", "/tags/loud", "/public")
EVERY_FORMAT = pytest.mark.parametrize("format_", FORMATS)
# Tab and newline are legal in XML; the others have no way to be written there.
ILLEGAL = "\x0b\ufffe\uffff"


@pytest.fixture
async def ada(database: Database) -> Account:
    return await make_account(
        database, "ada", display_name="Ada <Lovelace> & Co", note="Counts on\nengines"
    )


async def post(
    client: httpx.AsyncClient, database: Database, account: Account, **fields: object
) -> dict[str, str]:
    response = await client.post(
        "/api/v1/statuses", headers=await as_account(database, account), json=fields
    )
    assert response.status_code == 200, response.text
    status: dict[str, str] = response.json()
    return status


@EVERY_FORMAT
@pytest.mark.parametrize("path", FEEDS)
async def test_an_empty_feed_is_valid(
    client: httpx.AsyncClient, ada: Account, path: str, format_: str
) -> None:
    assert contents(await client.get(f"{path}.{format_}")) == []


@EVERY_FORMAT
async def test_fe4_whatever_is_said_is_valid(
    client: httpx.AsyncClient, database: Database, ada: Account, format_: str
) -> None:
    picture = await make_media(database, ada, description="A <graph> & more")
    other = await make_media(database, ada)
    await post(
        client,
        database,
        ada,
        status="<script>alert(1)</script> ]]> &amp; #loud\n\n“é” 🎉 https://example.org/?a=1&b=2",
        spoiler_text="About <b> & ]]>",
        media_ids=[str(picture.id), str(other.id)],
        language="nl",
    )
    await make_poll(database, ada, "Tea & coffee? #loud", options=("Tea <b>", "Coffee"))
    illegal = await make_status(database, ada, "x")
    await database.fetch(
        "UPDATE statuses SET text = $2, spoiler_text = $2 WHERE id = $1", illegal, f"a{ILLEGAL}b"
    )
    for path in FEEDS:
        shown = contents(await client.get(f"{path}.{format_}"))

        assert "<script>" not in "".join(shown)
        assert any("<li>Tea &lt;b&gt;</li><li>Coffee</li>" in each for each in shown)
        assert any("<p><strong>About &lt;b&gt; &amp; ]]&gt;</strong></p>" in each for each in shown)
        if path != "/tags/loud":
            assert any("<p>ab</p>" in each for each in shown)


async def test_fe1_json_feed(client: httpx.AsyncClient, database: Database, ada: Account) -> None:
    media = await make_media(
        database, ada, description="Waves", meta={"original": {"duration": 12.5}}
    )
    said = await post(
        client,
        database,
        ada,
        status="Hello #loud",
        media_ids=[str(media.id)],
        language="nl",
    )

    feed = read(await client.get("/@ada.json"))

    assert feed == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Ada <Lovelace> & Co (@ada)",
        "description": "Counts on\nengines",
        "home_page_url": "http://hardop.test/@ada",
        "feed_url": "http://hardop.test/@ada.json",
        "icon": "http://hardop.test/static/avatar.png",
        "hubs": [{"type": "WebSub", "url": "http://hardop.test/websub"}],
        "authors": [
            {
                "name": "Ada <Lovelace> & Co",
                "url": "http://hardop.test/@ada",
                "avatar": "http://hardop.test/static/avatar.png",
            }
        ],
        "items": [
            {
                "id": said["uri"],
                "url": said["url"],
                "content_html": said["content"],
                "date_published": said["created_at"],
                "authors": feed["authors"],
                "tags": ["loud"],
                "language": "nl",
                "attachments": [
                    {
                        "url": f"http://hardop.test/media/{media.file}",
                        "mime_type": "image/jpeg",
                        "title": "Waves",
                        "size_in_bytes": 1000,
                        "duration_in_seconds": 12.5,
                    }
                ],
            }
        ],
    }


async def test_fe2_atom(client: httpx.AsyncClient, database: Database, ada: Account) -> None:
    one, two = await make_media(database, ada), await make_media(database, ada)
    said = await post(
        client,
        database,
        ada,
        status=f"{'words ' * 15}#loud",
        media_ids=[str(one.id), str(two.id)],
        language="nl",
    )
    edited = await client.put(
        f"/api/v1/statuses/{said['id']}",
        headers=await as_account(database, ada),
        json={"status": f"{'words ' * 16}#loud", "media_ids": [str(one.id), str(two.id)]},
    )

    parsed = read(await client.get("/@ada.atom"))

    feed, [entry] = parsed.feed, parsed.entries
    assert feed.id == "http://hardop.test/users/ada"
    assert feed.title == "Ada <Lovelace> & Co (@ada)"
    assert feed.author == "Ada <Lovelace> & Co"
    assert {link.rel: link.href for link in feed.links} == {
        "self": "http://hardop.test/@ada.atom",
        "alternate": "http://hardop.test/@ada",
        "hub": "http://hardop.test/websub",
    }
    assert entry.id == said["uri"]
    assert entry.link == said["url"]
    # Of the first 80 characters, whole words.
    assert entry.title == f"{' '.join(['words'] * 13)}…"
    assert entry.published == said["created_at"].replace("Z", "000+00:00")
    assert entry.updated == edited.json()["edited_at"].replace("Z", "000+00:00")
    assert entry.content[0].type == "text/html"
    assert entry.content[0].language == "nl"
    assert [tag.term for tag in entry.tags] == ["loud"]
    assert [(each.href, each.type, each.length) for each in entry.enclosures] == [
        (f"http://hardop.test/media/{media.file}", "image/jpeg", "1000") for media in (one, two)
    ]


async def test_fe3_rss(client: httpx.AsyncClient, database: Database, ada: Account) -> None:
    one = await make_media(database, ada, description="First")
    two = await make_media(database, ada)
    said = await post(client, database, ada, status="Hello", media_ids=[str(one.id), str(two.id)])

    parsed = read(await client.get("/@ada.rss"))

    feed, [entry] = parsed.feed, parsed.entries
    assert (feed.link, feed.subtitle) == ("http://hardop.test/@ada", "Counts on\nengines")
    assert [(link.rel, link.href) for link in feed.links if link.rel == "self"] == [
        ("self", "http://hardop.test/@ada.rss")
    ]
    assert feed.updated.endswith("+0000")
    assert (entry.id, entry.guidislink, entry.link) == (said["uri"], False, said["url"])
    assert entry.title == "Hello"
    assert entry.summary == said["content"]
    assert entry.author == "Ada <Lovelace> & Co"
    # RSS has room for one; readers that know Media RSS find both.
    assert [each.href for each in entry.enclosures] == [f"http://hardop.test/media/{one.file}"]
    assert [each["filesize"] for each in entry.media_content] == ["1000", "1000"]


async def test_titles_are_one_line(
    client: httpx.AsyncClient, database: Database, ada: Account
) -> None:
    texts = ("One\n\nline https://www.example.org/a", "x" * 100, "Hello")
    for text in texts:
        await make_status(database, ada, text)
    silent = await make_media(database, ada)
    said = await post(client, database, ada, status="", media_ids=[str(silent.id)])

    titles = [entry.title for entry in read(await client.get("/@ada.atom")).entries]

    assert titles == [said["created_at"][:10], "Hello", "x" * 79 + "…", "One line example.org/a"]


async def test_fe5_only_what_anybody_may_read(
    client: httpx.AsyncClient, database: Database, ada: Account
) -> None:
    bob = await make_account(database, "bob")
    for visibility in Visibility:
        await make_status(database, ada, f"{visibility} #loud", visibility=visibility)
    other = await make_status(database, bob, "other #loud")
    await make_status(database, ada, "reply #loud", in_reply_to_id=other)
    own = await make_status(database, ada, "thread #loud")
    await make_status(database, ada, "on #loud", in_reply_to_id=own)
    await make_reblog(database, ada, other)
    # Whoever asks.
    headers = await as_account(database, ada)

    async def words(path: str) -> list[str]:
        shown = contents(await client.get(path, headers=headers))
        return [html.removeprefix("<p>").split(" ", 1)[0] for html in shown]

    assert await words("/@ada.json") == ["on", "thread", "unlisted", "public"]
    assert await words("/tags/loud.json") == ["on", "thread", "reply", "other", "public"]
    assert await words("/public.json") == ["on", "thread", "other", "public"]

    await database.fetch("UPDATE accounts SET silenced_at = now() WHERE id = $1", ada.id)
    assert await words("/@ada.json") == ["on", "thread", "unlisted", "public"]
    assert await words("/tags/loud.json") == await words("/public.json") == ["other"]

    await database.fetch("UPDATE accounts SET suspended_at = now() WHERE id = $1", ada.id)
    assert (await client.get("/@ada.json")).status_code == 404


@pytest.mark.parametrize(
    "path", ["/@nobody.atom", "/tags/1.atom", "/tags/%20.rss", "/@ada.xml", "/public.", "/public.x"]
)
async def test_what_is_not_there(client: httpx.AsyncClient, ada: Account, path: str) -> None:
    response = await client.get(path)

    assert response.status_code == 404


async def test_names_are_found_as_people_write_them(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_account(database, "Ada.Lovelace")
    await make_status(database, ada, "#Lóúd")

    assert read(await client.get("/@ada.lovelace.json"))["feed_url"].endswith("/@Ada.Lovelace.json")
    assert len(contents(await client.get("/tags/LOUD.json"))) == 1


@EVERY_FORMAT
async def test_rfc5005_pages_hold_everything_once(
    client: httpx.AsyncClient, database: Database, ada: Account, format_: str
) -> None:
    said = [await make_status(database, ada, f"Number {n} #loud") for n in range(LENGTH * 2 + 1)]
    for path in FEEDS:
        url: str | None = f"http://hardop.test{path}.{format_}"
        seen, pages = [], 0
        while url is not None:
            response = await client.get(url)
            feed = read(response)
            entries = feed["items"] if format_ == "json" else feed.entries
            seen += [int(entry["id"].rpartition("/")[2]) for entry in entries]
            inside = (
                feed.get("next_url")
                if format_ == "json"
                else next((link.href for link in feed.feed.links if link.rel == "next"), None)
            )
            assert response.links["self"]["url"] == url
            url = response.links["next"]["url"] if "next" in response.links else None
            assert inside == url
            pages += 1
        assert seen == said[::-1]
        assert pages == 3


async def test_where_reading_needs_a_login_feeds_do_too(
    app: FastAPI, settings: Settings, database: Database, ada: Account
) -> None:
    closed = create_app(settings.model_copy(update={"anonymous_reads": "off"}))
    headers = await as_account(database, ada)
    async with (
        closed.router.lifespan_context(closed),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app=closed), base_url=settings.origin
        ) as client,
    ):
        for path in (*(f"{path}.atom" for path in FEEDS), *FEEDS):
            assert (await client.get(path)).status_code == 401
            assert (await client.get(path, headers=headers)).status_code == 200


async def test_feedparser_asks_as_readers_do(live: str, database: Database, ada: Account) -> None:
    """By itself, over a real port: without parsing what we gave it."""
    await make_status(database, ada, "Hello")

    def ask(**known: str) -> Any:
        return feedparser.parse(f"{live}/@ada.atom", **known)

    first = await asyncio.to_thread(ask)
    again = await asyncio.to_thread(ask, etag=first.etag)

    assert [entry.title for entry in first.entries] == ["Hello"]
    assert again.status == 304
