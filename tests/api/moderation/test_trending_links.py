"""Which links may trend, for moderators."""

import httpx
import pytest

from app.database import Database
from app.models.accounts.accounts import Account
from app.models.statuses.statuses import Visibility
from app.settings import Settings
from app.workers import trends as worker
from tests.api.moderation.people import audited, make_moderator
from tests.factories import make_account, make_shared_link

pytestmark = pytest.mark.anyio

URL = "/api/v1/admin/trends/links"
ONE, OTHER = "https://user@News.example.org:8080/one", "http://news.example.org/other"
ELSEWHERE = "https://elsewhere.example.org"


@pytest.fixture
async def people(database: Database) -> list[Account]:
    return [await make_account(database) for _ in range(2)]


@pytest.fixture
async def headers(database: Database) -> dict[str, str]:
    _, headers = await make_moderator(database)
    return headers


async def shown(client: httpx.AsyncClient) -> list[str]:
    return [card["url"] for card in (await client.get("/api/v1/trends/links")).json()]


async def test_a_link_is_refused_and_allowed_again(
    client: httpx.AsyncClient,
    database: Database,
    settings: Settings,
    people: list[Account],
    headers: dict[str, str],
) -> None:
    card_id = await make_shared_link(database, *people, url=ONE)
    await worker.compute(database, settings)
    (listed,) = (await client.get(URL, headers=headers)).json()
    assert (listed["id"], listed["requires_review"]) == (str(card_id), True)

    refused = await client.post(f"{URL}/{card_id}/reject", headers=headers)
    assert (refused.json()["url"], refused.json()["requires_review"]) == (ONE, False)
    for _ in range(2):
        assert await shown(client) == []
        assert len((await client.get(URL, headers=headers)).json()) == 1
        await worker.compute(database, settings)

    await client.post(f"{URL}/{card_id}/approve", headers=headers)
    for _ in range(2):
        assert await shown(client) == [ONE]
        await worker.compute(database, settings)
    assert [(action, kind) for action, kind, _ in await audited(database)] == [
        ("reject", "link_trend"),
        ("approve", "link_trend"),
    ]


async def test_a_site_is_decided_about_as_a_whole(
    client: httpx.AsyncClient,
    database: Database,
    settings: Settings,
    people: list[Account],
    headers: dict[str, str],
) -> None:
    await make_shared_link(database, *people, url=ELSEWHERE)
    one = await make_shared_link(database, *people, url=ONE)
    await make_shared_link(database, *people, url=OTHER)
    careful = settings.model_copy(update={"trends": "review"})
    await worker.compute(database, careful)
    listed = (await client.get(f"{URL}/publishers", headers=headers)).json()
    assert [(site["domain"], site["trendable"]) for site in listed] == [
        ("news.example.org", None),
        ("elsewhere.example.org", None),
    ]
    assert all(site["requires_review"] for site in listed)
    assert await shown(client) == []
    url = f"{URL}/publishers/{listed[0]['id']}"

    allowed = (await client.post(f"{url}/approve", headers=headers)).json()
    assert (allowed["trendable"], allowed["requires_review"]) == (True, False)
    assert allowed["reviewed_at"] is not None
    for _ in range(2):
        assert await shown(client) == [OTHER, ONE]
        await worker.compute(database, careful)
    looked_at = {
        card["url"]: card["requires_review"]
        for card in (await client.get(URL, headers=headers)).json()
    }
    assert looked_at == {OTHER: False, ONE: False, ELSEWHERE: True}

    # What was decided about one link stays.
    await client.post(f"{URL}/{one}/approve", headers=headers)
    refused = await client.post(f"{url}/reject", headers=headers)
    assert refused.json()["trendable"] is False
    for _ in range(2):
        assert await shown(client) == [ONE]
        await worker.compute(database, careful)
    page = await client.get(f"{URL}/publishers?limit=1&offset=1", headers=headers)
    names = [site["domain"] for site in page.json()]
    assert names == ["elsewhere.example.org"]


async def test_what_is_not_shared_in_public_is_not_found(
    client: httpx.AsyncClient, database: Database, people: list[Account], headers: dict[str, str]
) -> None:
    """AZ-3."""
    card_id = await make_shared_link(database, *people, visibility=Visibility.PRIVATE)

    for thing in (card_id, 1, "publishers/1"):
        for verb in ("approve", "reject"):
            response = await client.post(f"{URL}/{thing}/{verb}", headers=headers)
            assert response.status_code == 404
    assert await database.fetch("SELECT FROM trend_reviews") == []
