"""Statuses for web pages elsewhere."""

import httpx
import pytest

from app.database import Database
from app.models.statuses.statuses import Visibility
from tests.factories import as_account, make_account, make_status

pytestmark = pytest.mark.anyio

URL = "/api/oembed"


async def test_a_status_for_a_page_elsewhere(client: httpx.AsyncClient, database: Database) -> None:
    ada = await make_account(database, "ada", display_name="Ada <3")
    status_id = await make_status(database, ada, "Out <loud>")

    shown = (
        await client.get(
            URL, params={"url": f"http://hardop.test/@ada/{status_id}", "maxwidth": 99}
        )
    ).json()

    assert (shown["type"], shown["version"], shown["width"]) == ("rich", "1.0", 99)
    assert (shown["author_name"], shown["author_url"]) == ("Ada <3", "http://hardop.test/@ada")
    assert "<p>Out &lt;loud&gt;</p>" in shown["html"]
    assert f'href="http://hardop.test/@ada/{status_id}"' in shown["html"]
    assert "Ada &lt;3</a>" in shown["html"]


async def test_a_warning_stands_for_the_words(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_account(database, "ada")
    status_id = await make_status(database, ada, "The end", spoiler_text="Film & <all>")

    html = (await client.get(URL, params={"url": f"http://hardop.test/@ada/{status_id}"})).json()[
        "html"
    ]

    assert "Film &amp; &lt;all&gt;" in html
    assert "The end" not in html


async def test_only_what_everybody_may_read(client: httpx.AsyncClient, database: Database) -> None:
    ada = await make_account(database, "ada")
    headers = await as_account(database, ada)
    private = await make_status(database, ada, visibility=Visibility.PRIVATE)

    for url in (
        f"http://hardop.test/@ada/{private}",
        "http://hardop.test/@ada/1",
        "http://hardop.test/@ada",
        "https://elsewhere.example.org/@ada/1",
    ):
        assert (await client.get(URL, params={"url": url}, headers=headers)).status_code == 404
    assert (await client.get(URL)).status_code == 400
