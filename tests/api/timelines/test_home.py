"""The home timeline: what comes home, and what does not."""

import httpx
import pytest

from app.database import Database
from app.domain.timelines import home_entries
from app.models.statuses.statuses import Visibility
from tests.conftest import RunJobs, Statements
from tests.factories import (
    as_account,
    ids,
    make_account,
    make_follow,
    make_reblog,
    make_status,
)

pytestmark = pytest.mark.anyio

URL = "/api/v1/statuses"


async def home(client: httpx.AsyncClient, headers: dict[str, str]) -> list[str]:
    response = await client.get("/api/v1/timelines/home", headers=headers)
    assert response.status_code == 200, response.text
    return ids(response.json())


async def test_own_statuses_are_home_at_once_and_others_when_the_job_ran(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    await make_follow(database, bob, ada)
    status_id = await make_status(database, ada)
    own, others = await as_account(database, ada), await as_account(database, bob)

    assert await home(client, own) == [str(status_id)]
    assert await home(client, others) == []
    await run_jobs()

    assert await home(client, others) == [str(status_id)]


async def test_following_brings_the_past_home_and_unfollowing_takes_it_away(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    old = await make_status(database, ada)
    headers = await as_account(database, bob)

    await client.post(f"/api/v1/accounts/{ada.id}/follow", headers=headers)
    await run_jobs()
    assert await home(client, headers) == [str(old)]

    await client.post(f"/api/v1/accounts/{ada.id}/unfollow", headers=headers)
    await run_jobs()
    assert await home(client, headers) == []


async def test_what_comes_home(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    ada, bob, eve = [await make_account(database) for _ in range(3)]
    await make_follow(database, bob, ada)
    by_eve = await make_status(database, eve)
    wanted = {
        "public": await make_status(database, ada),
        "unlisted": await make_status(database, ada, visibility=Visibility.UNLISTED),
        "private": await make_status(database, ada, visibility=Visibility.PRIVATE),
        "to the reader": await make_status(
            database, ada, f"@{bob.username} hi", visibility=Visibility.DIRECT
        ),
        "a reblog": await make_reblog(database, ada, by_eve),
    }
    wanted["a reply to herself"] = await make_status(database, ada, in_reply_to_id=wanted["public"])
    unwanted = {
        "direct to somebody else": await make_status(
            database, ada, f"@{eve.username} hi", visibility=Visibility.DIRECT
        ),
        "a reply to a stranger": await make_status(database, ada, in_reply_to_id=by_eve),
        "a stranger's": by_eve,
    }
    await run_jobs()

    found = await home(client, await as_account(database, bob))

    assert set(found) == {str(id_) for id_ in wanted.values()}
    assert not set(found) & {str(id_) for id_ in unwanted.values()}


async def test_what_several_people_pass_on_comes_home_once(
    client: httpx.AsyncClient,
    database: Database,
    run_jobs: RunJobs,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(home_entries, "LATELY", 3)
    ada, bob, eve, reader, fond = [await make_account(database) for _ in range(5)]
    await make_follow(database, reader, ada, bob)
    # Has the original at home.
    await make_follow(database, fond, ada, bob, eve)
    by_eve = await make_status(database, eve)
    await run_jobs()
    reblogs = []
    for each in (ada, bob):
        reblogs.append(await make_reblog(database, each, by_eve))
        await run_jobs()

    headers = await as_account(database, reader)
    assert await home(client, headers) == [str(reblogs[0])]
    assert await home(client, await as_account(database, fond)) == [str(by_eve)]

    # Long after, it is worth being met again.
    said = [await make_status(database, ada) for _ in range(3)]
    await run_jobs()
    await client.post(f"{URL}/{by_eve}/unreblog", headers=await as_account(database, bob))
    reblogs.append(await make_reblog(database, bob, by_eve))
    await run_jobs()
    assert await home(client, headers) == [
        str(id_) for id_ in (reblogs[-1], *reversed(said), reblogs[0])
    ]


async def test_follow_options_keep_reblogs_and_languages_out(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    ada, bob, eve = [await make_account(database) for _ in range(3)]
    headers = await as_account(database, bob)
    followed = await client.post(
        f"/api/v1/accounts/{ada.id}/follow",
        json={"reblogs": False, "languages": ["nl"]},
        headers=headers,
    )
    dutch = await make_status(database, ada, "Goedemorgen", language="nl")
    await make_status(database, ada, "Good morning", language="en")
    await make_reblog(database, ada, await make_status(database, eve, language="nl"))
    await run_jobs()

    assert await home(client, headers) == [str(dutch)]
    assert followed.json()["showing_reblogs"] is False
    assert followed.json()["languages"] == ["nl"]


async def test_a_job_that_runs_twice_changes_nothing(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    await make_follow(database, bob, ada)
    status_id = await make_status(database, ada, f"@{bob.username} hi")
    jobs = await database.fetch("SELECT entrypoint, payload FROM jobs.pgqueuer")
    await run_jobs()
    for job in jobs:
        await database.fetch(
            "INSERT INTO jobs.pgqueuer (created, updated, execute_after, priority, status, "
            "entrypoint, payload) VALUES (now(), now(), now(), 0, 'queued', $1, $2)",
            job["entrypoint"],
            job["payload"],
        )
    await run_jobs()
    headers = await as_account(database, bob)

    assert await home(client, headers) == [str(status_id)]
    told = (await client.get("/api/v1/notifications", headers=headers)).json()
    assert [entry["type"] for entry in told] == ["mention"]


async def test_home_costs_one_statement_however_long(
    client: httpx.AsyncClient, database: Database, statements: Statements
) -> None:
    ada = await make_account(database)
    headers = await as_account(database, ada)
    await make_status(database, ada)
    await home(client, headers)  # renders the body, and remembers the token
    statements.take()

    await home(client, headers)
    for_one = statements.take()
    for _ in range(19):
        await make_status(database, ada)
    await home(client, headers)
    statements.take()
    assert len(await home(client, headers)) == 20

    assert len(statements.take()) == len(for_one) == 1


async def test_a_private_status_leaves_home_when_the_follow_ends_before_the_job_ran(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    await make_follow(database, bob, ada)
    await make_status(database, ada, visibility=Visibility.PRIVATE)
    await run_jobs()
    headers = await as_account(database, bob)

    await client.post(f"/api/v1/accounts/{ada.id}/unfollow", headers=headers)

    assert await home(client, headers) == []
