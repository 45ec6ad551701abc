"""What is gone before a phone could be told of it is not told of any more (AZ-7)."""

import httpx
import pytest

from app.database import Database
from app.models.accounts.accounts import Account
from app.models.statuses.statuses import Visibility
from tests.api.notifications.push_services import Client, PushService
from tests.api.notifications.test_hidden_authors import begin
from tests.conftest import RunJobs
from tests.factories import as_account, make_status

pytestmark = pytest.mark.anyio


async def lose(
    client: httpx.AsyncClient, database: Database, how: str, people: tuple[Account, Account]
) -> None:
    """Let something happen to what Bob said."""
    ada, bob = people
    as_ada, as_bob = [await as_account(database, one) for one in people]
    if how == "deletion":
        [said] = await database.fetch("SELECT id FROM statuses")
        done = await client.delete(f"/api/v1/statuses/{said['id']}", headers=as_bob)
    elif how == "visibility":
        url = f"/api/v1/accounts/{ada.id}/remove_from_followers"
        done = await client.post(url, headers=as_bob)
    elif how == "dismissal":
        done = await client.post("/api/v1/notifications/clear", headers=as_ada)
    else:
        await begin(client, database, how, ada, bob)
        return
    assert done.status_code == 200, done.text


@pytest.mark.parametrize(
    "how",
    [
        *("deletion", "visibility", "dismissal"),
        *("block", "blocked_by", "mute", "suspension", "nothing"),
    ],
)
async def test_what_is_lost_before_it_is_sent(
    client: httpx.AsyncClient,
    database: Database,
    run_pushes: RunJobs,
    service: PushService,
    people: tuple[Account, Account],
    subscriber: Client,
    how: str,
) -> None:
    url = f"/api/v1/accounts/{people[1].id}/follow"
    await client.post(url, headers=subscriber.headers, json={"notify": True})
    await subscriber.subscribe(service.url, status=True)
    await make_status(database, people[1], "Psst", visibility=Visibility.PRIVATE)
    # The push service is busy, and wants to be asked again.
    service.answers = [503]
    await run_pushes()
    assert len(service.received) == 1

    await lose(client, database, how, people)
    await database.fetch("UPDATE jobs.pgqueuer SET execute_after = now()")
    await run_pushes()

    assert len(service.received) == (2 if how == "nothing" else 1)
    assert await database.fetch("SELECT FROM jobs.pgqueuer") == []
