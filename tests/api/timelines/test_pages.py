"""Pages for people without an app (LG-3, LG-12), and what programs find at the same addresses."""

import json
import re

import httpx
import pytest

from app.database import Database
from app.domain.timelines.feeds import LENGTH
from app.models.accounts.accounts import Account
from app.models.statuses.media_attachments import MediaKind
from app.models.statuses.statuses import Visibility
from tests.conftest import Statements
from tests.factories import as_account, make_account, make_poll, make_reblog, make_status
from tests.feeds import MEDIA_TYPES, read
from tests.media import make_media

pytestmark = pytest.mark.anyio

# What a browser sends.
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"


@pytest.fixture
async def ada(database: Database) -> Account:
    return await make_account(
        database, "ada", display_name="Ada <L>", note="Counts <b>", unit="Engines"
    )


async def page(client: httpx.AsyncClient, path: str, **headers: str) -> str:
    response = await client.get(path, headers={"Accept": BROWSER, **headers})
    assert response.status_code == 200, response.text
    return response.text


async def test_lg12_every_page_is_readable_without_a_script(
    client: httpx.AsyncClient, database: Database, ada: Account
) -> None:
    said = await make_status(database, ada, "Hello #loud", language="nl", spoiler_text="Loud <b>")
    for path in ("/@ada", "/tags/loud", "/public", f"/@ada/{said}", "/@nobody", "/@ada/1"):
        response = await client.get(path, headers={"Accept": BROWSER})
        html = response.text
        assert html.startswith("<!doctype html>")
        assert '<html lang="en">' in html
        assert html.count("<h1>") == 1
        assert not re.search(r"<script|style=| on\w+=", html)
        assert all("alt=" in image for image in re.findall("<img [^>]*>", html))
        assert "<b>" not in html
        # LG-3, HT-6: nothing but what is ours, and nothing about whoever looks.
        policy = response.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self'")
        assert "frame-ancestors 'none'" in policy
        assert "set-cookie" not in response.headers
        assert "access-control-allow-origin" not in response.headers
        if response.status_code == 200:
            assert response.headers["cache-control"] == "public, max-age=60"
            assert '<div lang="nl">' in html
            assert "<summary>Loud &lt;b&gt;</summary>" in html
    assert '<html lang="nl">' in await page(client, "/@ada", **{"Accept-Language": "nl"})
    assert "Ouder" not in await page(client, "/@ada", **{"Accept-Language": "nl"})
    assert "Hier is niets." in (await client.get("/@nobody?lang=nl")).text


async def test_a_profile_says_who_somebody_is(
    client: httpx.AsyncClient, database: Database, ada: Account
) -> None:
    said = await make_status(database, ada, "Hello #loud")

    html = await page(client, "/@ADA")

    assert "<h1>Ada &lt;L&gt;</h1>" in html
    assert "<p>Counts &lt;b&gt;</p>" in html
    assert "<dt>Unit</dt><dd>Engines</dd>" in html
    assert '<link rel="canonical" href="http://hardop.test/@ada">' in html
    assert f'href="http://hardop.test/@ada/{said}"' in html


@pytest.mark.parametrize("path", ["/@ada", "/tags/loud", "/public"])
async def test_feeds_are_found_from_pages(
    client: httpx.AsyncClient, database: Database, ada: Account, path: str
) -> None:
    await make_status(database, ada, "Hello #loud")

    response = await client.get(path)

    for format_, full_type in MEDIA_TYPES.items():
        media_type = full_type.partition(";")[0]
        url = f"http://hardop.test{path}.{format_}"
        assert f'<{url}>; rel="alternate"; type="{media_type}"' in response.headers["link"]
        assert f'<link rel="alternate" type="{media_type}" href="{url}"' in response.text
        read(await client.get(url))
        asked = await client.get(path, headers={"Accept": media_type})
        assert asked.headers["content-type"] == full_type
        assert asked.headers["content-location"] == url
        assert "Accept" in asked.headers["vary"]
        assert asked.content == (await client.get(url)).content


@pytest.mark.parametrize(
    ("accept", "answer"),
    [
        (BROWSER, "text/html"),
        ("*/*", "text/html"),
        ("image/png", "text/html"),
        ("application/json", "application/feed+json"),
        ("application/rss+xml;q=0.9, application/atom+xml", "application/atom+xml"),
        ("application/rss+xml;q=0.9, application/atom+xml;q=0.8", "application/rss+xml"),
        ("application/rss+xml;q=0, text/html;q=0.1", "text/html"),
        ("application/rss+xml;q=x, */*", "text/html"),
        ("application/atom+xml, text/html", "application/atom+xml"),
    ],
)
async def test_what_is_asked_for(
    client: httpx.AsyncClient, ada: Account, accept: str, answer: str
) -> None:
    response = await client.get("/@ada", headers={"Accept": accept})

    assert response.headers["content-type"].partition(";")[0] == answer


async def test_pages_follow_each_other(
    client: httpx.AsyncClient, database: Database, ada: Account
) -> None:
    said = [await make_status(database, ada, f"Number {n}") for n in range(LENGTH + 1)]

    first = await page(client, "/@ada")
    older = re.findall(r'href="http://hardop.test(/@ada[^"]*)" rel="next"', first)
    second = await page(client, older[0])

    assert (f"/{said[1]}" in first, f"/{said[0]}" in first) == (True, False)
    assert (f"/{said[1]}" in second, f"/{said[0]}" in second) == (False, True)
    assert 'rel="next"' not in second
    assert '<a href="http://hardop.test/@ada" rel="first">' in second


async def test_a_status_is_shown_to_whom_it_is_passed_on(
    client: httpx.AsyncClient, database: Database, ada: Account
) -> None:
    picture = await make_media(database, ada, description="A <graph>")
    headers = await as_account(database, ada)
    sent = {"status": "Look", "media_ids": [str(picture.id)], "sensitive": True}
    said = (await client.post("/api/v1/statuses", headers=headers, json=sent)).json()

    response = await client.get(f"/@ada/{said['id']}")

    html = response.text
    assert "<title>Ada &lt;L&gt;: Look · Hardop</title>" in html
    assert '<meta property="og:description" content="Ada &lt;L&gt;: Look">' in html
    assert 'alt="A &lt;graph&gt;"' in html
    assert "Media that not everybody wants to see" in html
    [oembed] = re.findall(r'application/json\+oembed" href="([^"]+)"', html)
    assert (
        f'<{oembed}>; rel="alternate"; type="application/json+oembed"' in response.headers["link"]
    )
    assert (await client.get(oembed)).json()["author_name"] == "Ada <L>"


async def test_everything_that_a_status_can_hold_is_shown(
    client: httpx.AsyncClient, database: Database, ada: Account
) -> None:
    headers = await as_account(database, ada)
    for kind, shown in (
        (MediaKind.VIDEO, "<video "),
        (MediaKind.GIFV, "<video "),
        (MediaKind.AUDIO, "<audio "),
        (MediaKind.UNKNOWN, ">slides.pdf</a>"),
    ):
        name = "slides.pdf" if kind is MediaKind.UNKNOWN else None
        file = await make_media(database, ada, kind, name=name, description="What is in it")
        sent = {"status": "See", "media_ids": [str(file.id)]}
        said = (await client.post("/api/v1/statuses", headers=headers, json=sent)).json()
        edited = {**sent, "status": "See this"}
        await client.put(f"/api/v1/statuses/{said['id']}", headers=headers, json=edited)
        html = await page(client, f"/@ada/{said['id']}")
        assert shown in html
        assert "<figcaption>What is in it</figcaption>" in html
        assert "(edited <time" in html
    await make_poll(database, ada, "Well?", options=("Tea <b>", "Coffee"))
    html = await page(client, "/@ada")
    assert "<li>Tea &lt;b&gt;</li>" in html


@pytest.mark.parametrize("visibility", list(Visibility))
async def test_az5_only_what_anybody_may_read(
    client: httpx.AsyncClient, database: Database, ada: Account, visibility: Visibility
) -> None:
    said = await make_status(database, ada, "Secret", visibility=visibility)
    is_shown = visibility in (Visibility.PUBLIC, Visibility.UNLISTED)

    # Its author is nobody in particular here.
    hidden = await client.get(f"/@ada/{said}", headers=await as_account(database, ada))
    absent = await client.get("/@ada/1")

    assert hidden.status_code == (200 if is_shown else 404)
    assert ("Secret" in hidden.text) is is_shown
    assert is_shown or hidden.content == absent.content


async def test_a_status_has_one_address(
    client: httpx.AsyncClient, database: Database, ada: Account
) -> None:
    bob = await make_account(database, "bob")
    said = await make_status(database, ada, "Hello")
    on = await make_status(database, ada, "And more", in_reply_to_id=said)
    reply = await make_status(database, bob, "Yes", in_reply_to_id=said)
    passed_on = await make_reblog(database, bob, said)

    async def leads_to(path: str) -> str:
        response = await client.get(path)
        assert response.status_code == 302
        return response.headers["location"]

    assert (await client.get(f"/@bob/{said}")).status_code == 404
    assert await leads_to(f"/@bob/{passed_on}") == f"http://hardop.test/@ada/{said}"
    assert await leads_to("/users/ada") == "http://hardop.test/@ada"
    assert await leads_to(f"/users/ada/statuses/{said}") == f"http://hardop.test/@ada/{said}"
    assert (await client.get(f"/users/ada/statuses/{'9' * 20}")).status_code == 404
    before = f'<a href="http://hardop.test/@ada/{said}">Before this</a>'
    assert before in await page(client, f"/@ada/{on}")
    assert before not in await page(client, f"/@bob/{reply}")


async def test_the_addresses_of_entities_lead_here(
    client: httpx.AsyncClient, database: Database, ada: Account
) -> None:
    said = await make_status(database, ada, "Hello #loud")
    shown = json.loads((await client.get(f"/api/v1/statuses/{said}")).content)

    for thing in (shown, shown["account"], shown["tags"][0]):
        assert (await client.get(thing["url"])).status_code == 200


async def test_a_page_costs_as_much_for_one_as_for_many(
    client: httpx.AsyncClient, database: Database, ada: Account, statements: Statements
) -> None:
    async def cost() -> int:
        await client.get("/@ada")
        statements.take()
        await client.get("/@ada")
        return len(statements.take())

    await make_status(database, ada)
    one = await cost()
    for _ in range(LENGTH):
        await make_status(database, ada)

    assert await cost() == one <= 3
