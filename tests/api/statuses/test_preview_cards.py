"""Preview cards: what linked pages say of themselves (Mastodon API, PreviewCard; SS-1)."""

from datetime import timedelta
from functools import partial
from typing import Any

import httpx
import pytest
from pytest_httpserver import HTTPServer

from app import clock
from app.database import Database
from app.domain.instance import custom_emojis
from app.domain.statuses import preview_cards
from app.models.accounts.accounts import Account
from app.models.statuses.statuses import Visibility
from app.settings import Settings
from tests.conftest import ORIGIN, RunJobs, Work
from tests.factories import as_account, ids, make_account, make_status
from tests.pictures import picture

pytestmark = pytest.mark.anyio

STATUSES = "/api/v1/statuses"
PAGE = """<!doctype html><html lang="nl-NL"><head><title>Elsewhere</title>
<meta property="og:title" content="De dijk   houdt">
<meta property="og:description" content="Metingen van vannacht">
<meta property="og:site_name" content="Dijkblad">
<meta name="author" content="Amina">
<meta property="og:image" content="/dijk.png"><meta property="og:image:alt" content="Een dijk">
</head></html>"""


@pytest.fixture
def run_jobs(settings: Settings, work: Work, httpserver: HTTPServer) -> RunJobs:
    """Runs every due job with a worker that looks at pages of this machine."""
    looking = settings.model_copy(
        update={
            "preview_cards": "on",
            "outgoing_allow": ["127.0.0.0/8", "::1/128"],
            "outgoing_ports": [httpserver.port],
        }
    )
    return partial(work, looking)


@pytest.fixture
async def ada(database: Database) -> Account:
    return await make_account(database)


async def post(
    client: httpx.AsyncClient, database: Database, ada: Account, text: str
) -> tuple[dict[str, str], str]:
    headers = await as_account(database, ada)
    status = (await client.post(STATUSES, headers=headers, json={"status": text})).json()
    assert status["card"] is None
    return headers, status["id"]


async def card(client: httpx.AsyncClient, status_id: str) -> dict[str, Any] | None:
    status = (await client.get(f"{STATUSES}/{status_id}")).json()
    assert status["edited_at"] is None
    found: dict[str, Any] | None = status["card"]
    return found


async def test_nobody_learns_of_links_in_private(
    client: httpx.AsyncClient,
    database: Database,
    ada: Account,
    httpserver: HTTPServer,
    run_jobs: RunJobs,
) -> None:
    httpserver.expect_request("/dijk").respond_with_data(PAGE, content_type="text/html")
    url = httpserver.url_for("/dijk")
    status_id = await make_status(database, ada, url, visibility=Visibility.DIRECT)
    await run_jobs()
    headers = await as_account(database, ada)
    shown = (await client.get(f"{STATUSES}/{status_id}", headers=headers)).json()
    assert shown["card"]["title"] == "De dijk houdt"

    link = await client.get("/api/v1/timelines/link", params={"url": url}, headers=headers)

    assert link.status_code == 404


async def test_a_linked_page_is_shown(
    client: httpx.AsyncClient,
    database: Database,
    ada: Account,
    httpserver: HTTPServer,
    run_jobs: RunJobs,
) -> None:
    httpserver.expect_request("/dijk").respond_with_data(PAGE, content_type="text/html")
    httpserver.expect_request("/dijk.png").respond_with_data(picture(), content_type="image/png")
    url = httpserver.url_for("/dijk")
    headers, status_id = await post(client, database, ada, f"Kijk: {url} !")

    await run_jobs()

    shown = await card(client, status_id)
    assert shown is not None
    image = shown.pop("image")
    assert len(shown.pop("blurhash")) == 28
    assert shown == {
        "url": url,
        "title": "De dijk houdt",
        "description": "Metingen van vannacht",
        "type": "link",
        "language": "nl",
        "author_name": "Amina",
        "author_url": "",
        "provider_name": "Dijkblad",
        "provider_url": "",
        "html": "",
        "embed_url": "",
        "width": 60,
        "height": 40,
        "image_description": "Een dijk",
        "published_at": None,
    }
    assert (await client.get(image)).headers["content-type"] == "image/webp"

    # Whoever links to it later does not ask again.
    asked = len(httpserver.log)
    _, second = await post(client, database, ada, url)
    await run_jobs()
    assert (await card(client, second) or {})["title"] == "De dijk houdt"
    assert len(httpserver.log) == asked

    link = await client.get("/api/v1/timelines/link", params={"url": url})
    assert ids(link.json()) == [second, status_id]
    unknown = await client.get("/api/v1/timelines/link", params={"url": f"{url}?"})
    assert unknown.status_code == 404

    # After a while the page is asked again, for all who link to it.
    httpserver.clear()
    httpserver.expect_request("/dijk").respond_with_data(
        "<title>Hersteld</title>", content_type="text/html"
    )
    with clock.at(clock.now() + timedelta(days=15)):
        again = {"status": f"Nog eens: {url}"}
        await client.put(f"{STATUSES}/{second}", headers=headers, json=again)
        await run_jobs()
    for linking in (status_id, second):
        now = (await client.get(f"{STATUSES}/{linking}")).json()["card"]
        assert (now["title"], now["image"]) == ("Hersteld", None)

    # That it cannot be read just then takes nothing away from what it said.
    httpserver.clear()
    with clock.at(clock.now() + timedelta(days=30)):
        third = (await client.post(STATUSES, headers=headers, json={"status": url})).json()["id"]
        await run_jobs()
    assert httpserver.log != []
    for linking in (status_id, third):
        assert (await card(client, linking) or {})["title"] == "Hersteld"

    # An edit may take the link away.
    await client.put(f"{STATUSES}/{second}", headers=headers, json={"status": "Nothing"})
    await run_jobs()
    assert (await client.get(f"{STATUSES}/{second}")).json()["card"] is None


@pytest.mark.parametrize(
    ("answer", "title"),
    [
        ({"response_data": "<title>Plain</title>", "content_type": "text/html"}, "Plain"),
        (
            {
                "response_data": "<title>x</title><meta property='og:image' content='/none'>",
                "content_type": "text/html",
            },
            "x",
        ),
        (
            {
                "response_data": "<title>y</title><meta property='og:image' content='/page'>",
                "content_type": "text/html",
            },
            "y",
        ),
        (
            {
                "response_data": "<title>z</title><meta property='og:image' content='http://['>",
                "content_type": "text/html",
            },
            "z",
        ),
        (
            {
                "response_data": "<meta charset=iso-8859-1><title>Café</title>".encode("cp1252"),
                "content_type": "text/html",
            },
            "Café",
        ),
        (
            {
                "response_data": "<meta charset=gbk><title>Łódź</title>".encode("iso-8859-2"),
                "content_type": "text/html; charset=ISO-8859-2",
            },
            "Łódź",
        ),
        (
            {
                "response_data": "<meta charset=rot13><title>Café</title>",
                "content_type": "text/html",
            },
            "Café",
        ),
        ({"response_data": "<title> </title>", "content_type": "text/html"}, None),
        ({"response_data": "<p>words", "content_type": "text/html"}, None),
        ({"response_data": "%PDF-", "content_type": "application/pdf"}, None),
        (
            {"response_data": "<title>Gone</title>", "content_type": "text/html", "status": 404},
            None,
        ),
        ({"status": 302, "headers": {"Location": "http://10.0.0.1/"}}, None),
    ],
)
async def test_what_pages_say(
    client: httpx.AsyncClient,
    database: Database,
    ada: Account,
    httpserver: HTTPServer,
    run_jobs: RunJobs,
    answer: dict[str, Any],
    title: str | None,
) -> None:
    httpserver.expect_request("/page").respond_with_data(**answer)
    _, status_id = await post(client, database, ada, httpserver.url_for("/page"))

    await run_jobs()

    shown = await card(client, status_id)
    assert (shown["title"] if shown else None) == title
    assert shown is None or shown["image"] is None

    # A page that could not be read is left alone, too.
    asked = len(httpserver.log)
    await post(client, database, ada, httpserver.url_for("/page"))
    await run_jobs()
    assert len(httpserver.log) == asked


async def test_what_changes_meanwhile_does_not_keep_the_card_away(
    client: httpx.AsyncClient, database: Database, ada: Account
) -> None:
    """An emoji that is drawn anew makes another version, and the words are the same."""
    _, status_id = await post(client, database, ada, "https://example.org/ :tea:")
    found = await preview_cards.link_of(database, int(status_id), domain="hardop.test")
    assert found is not None
    said, url = found
    card_id = await preview_cards.keep(database, str(url), title="Example")

    await custom_emojis.refresh(database, "tea")
    await preview_cards.show(database, int(status_id), said, card_id)
    assert (await card(client, status_id) or {})["title"] == "Example"

    # Under other words it is not shown.
    await preview_cards.show(database, int(status_id), "Something else", None)
    assert await card(client, status_id) is not None


async def test_our_own_pages_are_not_looked_at(
    client: httpx.AsyncClient, database: Database, ada: Account, run_jobs: RunJobs
) -> None:
    _, status_id = await post(client, database, ada, f"{ORIGIN}/@{ada.username}")

    await run_jobs()

    assert await card(client, status_id) is None
    assert await database.fetch("SELECT FROM preview_cards") == []


async def test_a_status_that_is_gone_needs_no_card(
    client: httpx.AsyncClient, database: Database, ada: Account, run_jobs: RunJobs
) -> None:
    headers, status_id = await post(client, database, ada, "https://example.org/")
    await client.delete(f"{STATUSES}/{status_id}", headers=headers)

    await run_jobs()

    assert await database.fetch("SELECT FROM preview_cards") == []


async def test_an_organisation_may_not_want_any(
    client: httpx.AsyncClient,
    database: Database,
    ada: Account,
    httpserver: HTTPServer,
    settings: Settings,
    work: Work,
) -> None:
    await post(client, database, ada, httpserver.url_for("/page"))

    await work(settings)

    assert httpserver.log == []
