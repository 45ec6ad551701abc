"""Hashtags on profiles."""

import asyncio

import httpx
import pytest

from app import clock
from app.database import Database
from app.domain.accounts.featured_tags import MAX_FEATURED
from app.models.statuses.statuses import Visibility
from tests.factories import as_account, make_account, make_status

pytestmark = pytest.mark.anyio

URL = "/api/v1/featured_tags"


async def test_tags_on_a_profile(client: httpx.AsyncClient, database: Database) -> None:
    ada = await make_account(database)
    for text, visibility in (
        ("#Kafka", Visibility.PUBLIC),
        ("#kafka again", Visibility.UNLISTED),
        ("#kafka among us", Visibility.PRIVATE),
    ):
        await make_status(database, ada, text, visibility=visibility)
    headers = await as_account(database, ada)

    made = []
    for name in ("#rust", "kafka"):
        for _ in range(2):  # twice is once
            response = await client.post(URL, json={"name": name}, headers=headers)
            assert response.status_code == 200, response.text
        made.append(response.json())

    rust, kafka = made
    today = clock.now().date().isoformat()
    assert (rust["name"], rust["statuses_count"], rust["last_status_at"]) == ("rust", "0", None)
    assert kafka["url"] == "http://hardop.test/tags/kafka"
    assert (kafka["name"], kafka["statuses_count"], kafka["last_status_at"]) == (
        *("Kafka", "2"),
        today,
    )
    # For everybody to see, what is used most first.
    for url in (URL, f"/api/v1/accounts/{ada.id}/featured_tags"):
        assert (await client.get(url, headers=headers)).json() == [kafka, rust]
    shown = await client.get("/api/v1/tags/kafka", headers=headers)
    assert shown.json()["featuring"] is True

    gone = f"{URL}/{kafka['id']}"
    assert (await client.delete(gone, headers=headers)).json() == {}
    assert (await client.delete(gone, headers=headers)).status_code == 404
    assert (await client.get(URL, headers=headers)).json() == [rust]


@pytest.mark.parametrize(
    ("name", "status", "message"),
    [
        ("", 400, "param is missing or the value is empty: name"),
        ("no tag", 422, "Validation failed: Name is invalid"),
    ],
)
async def test_what_is_no_tag(
    client: httpx.AsyncClient, database: Database, name: str, status: int, message: str
) -> None:
    headers = await as_account(database, await make_account(database))

    response = await client.post(URL, json={"name": name}, headers=headers)

    assert (response.status_code, response.json()["error"]) == (status, message)


async def test_how_many_tags(client: httpx.AsyncClient, database: Database) -> None:
    headers = await as_account(database, await make_account(database))

    answers = await asyncio.gather(
        *(
            client.post(f"/api/v1/tags/tag{n}/feature", headers=headers)
            for n in range(MAX_FEATURED + 2)
        )
    )

    assert sorted(answer.status_code for answer in answers) == [200] * MAX_FEATURED + [422] * 2
    refused = next(answer for answer in answers if answer.status_code == 422)
    assert refused.json()["error"] == (
        "Validation failed: You have already featured the maximum number of hashtags"
    )
    assert len((await client.get(URL, headers=headers)).json()) == MAX_FEATURED


async def test_suggestions(client: httpx.AsyncClient, database: Database) -> None:
    ada = await make_account(database)
    for text in ("#rust", "#kafka #rust", "#rust #shown"):
        await make_status(database, ada, text)
    headers = await as_account(database, ada)
    await client.post(URL, json={"name": "shown"}, headers=headers)

    found = (await client.get(f"{URL}/suggestions", headers=headers)).json()

    assert [one["name"] for one in found] == ["rust", "kafka"]


async def test_the_tags_of_nobody(client: httpx.AsyncClient, database: Database) -> None:
    gone = await make_account(database, suspended_at=clock.now())

    assert (await client.get("/api/v1/accounts/1/featured_tags")).status_code == 404
    assert (await client.get(f"/api/v1/accounts/{gone.id}/featured_tags")).json() == []
