"""What may trend, for moderators."""

import httpx
import pytest

from app.database import Database
from app.models.accounts.accounts import Account
from app.models.statuses.statuses import Visibility
from app.settings import Settings
from app.workers import trends as worker
from tests.api.moderation.people import audited, make_moderator
from tests.factories import ids, make_account, make_reblog, make_status

pytestmark = pytest.mark.anyio

URL = "/api/v1/admin/trends"


@pytest.fixture
async def trending(database: Database) -> dict[str, str]:
    """A tag and a status that people are concerned with."""
    people: list[Account] = [await make_account(database) for _ in range(3)]
    said = [await make_status(database, one, "#loud") for one in people]
    for one in people[1:]:
        await make_reblog(database, one, said[0])
    (tag,) = await database.fetch("SELECT id FROM tags")
    return {"tags": str(tag["id"]), "statuses": str(said[0])}


@pytest.mark.parametrize("kind", ["tags", "statuses"])
async def test_what_is_refused_is_gone_and_comes_back_when_allowed(
    client: httpx.AsyncClient,
    database: Database,
    settings: Settings,
    trending: dict[str, str],
    kind: str,
) -> None:
    _, headers = await make_moderator(database)
    shown, url = f"/api/v1/trends/{kind}", f"{URL}/{kind}"
    await worker.compute(database, settings)
    (listed,) = (await client.get(url, headers=headers)).json()
    assert (listed["id"], listed["requires_review"]) == (trending[kind], True)

    refused = await client.post(f"{url}/{trending[kind]}/reject", headers=headers)
    assert refused.json()["requires_review"] is False
    for _ in range(2):
        assert (await client.get(shown)).json() == []
        # Moderators still see it.
        assert ids((await client.get(url, headers=headers)).json()) == [trending[kind]]
        await worker.compute(database, settings)

    await client.post(f"{url}/{trending[kind]}/approve", headers=headers)
    for _ in range(2):
        assert ids((await client.get(shown)).json()) == [trending[kind]]
        await worker.compute(database, settings)
    assert [action for action, _, _ in await audited(database)] == ["reject", "approve"]


@pytest.mark.parametrize("kind", ["tags", "statuses"])
async def test_where_all_is_reviewed_only_the_allowed_trend(
    client: httpx.AsyncClient,
    database: Database,
    settings: Settings,
    trending: dict[str, str],
    kind: str,
) -> None:
    _, headers = await make_moderator(database)
    careful = settings.model_copy(update={"trends": "review"})

    await worker.compute(database, careful)
    assert (await client.get(f"/api/v1/trends/{kind}")).json() == []
    waiting = (await client.get(f"{URL}/{kind}", headers=headers)).json()
    assert ids(waiting) == [trending[kind]]
    await client.post(f"{URL}/{kind}/{trending[kind]}/approve", headers=headers)
    assert ids((await client.get(f"/api/v1/trends/{kind}")).json()) == [trending[kind]]


async def test_what_a_moderator_may_not_read_is_not_found(
    client: httpx.AsyncClient, database: Database
) -> None:
    """AZ-3."""
    _, headers = await make_moderator(database)
    private = await make_status(
        database, await make_account(database), visibility=Visibility.PRIVATE
    )

    for thing in (f"statuses/{private}", "statuses/1", "tags/1"):
        for verb in ("approve", "reject"):
            response = await client.post(f"{URL}/{thing}/{verb}", headers=headers)
            assert response.status_code == 404
