"""Scheduled statuses: said when their time has come, once."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from app import clock
from app.database import Database
from app.domain.statuses import scheduled_statuses
from app.models.accounts.accounts import Account
from tests.conftest import RunJobs
from tests.factories import as_account, ids, make_account, make_scheduled_status, make_status

pytestmark = pytest.mark.anyio

URL = "/api/v1/scheduled_statuses"
POSTS = "/api/v1/statuses"


def later(**ahead: float) -> str:
    return clock.iso(clock.now() + timedelta(**ahead))


async def come_due(database: Database) -> None:
    """Let the time of everything have come."""
    await database.fetch("UPDATE scheduled_statuses SET scheduled_at = now()")
    await database.fetch("UPDATE jobs.pgqueuer SET execute_after = now()")


async def said(client: httpx.AsyncClient, account: Account) -> list[dict[str, Any]]:
    found = await client.get(f"/api/v1/accounts/{account.id}/statuses")
    statuses: list[dict[str, Any]] = found.json()
    return statuses


async def test_what_is_said_later(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    ada = await make_account(database)
    headers = await as_account(database, ada)
    parent = await make_status(database, ada, "Before")
    sent = {
        "status": "Good morning",
        "spoiler_text": "Early",
        "visibility": "unlisted",
        "language": "nl",
        "in_reply_to_id": str(parent),
        "poll": {"options": ["Tea", "Coffee"], "expires_in": 600, "hide_totals": True},
        "quote_approval_policy": "nobody",
        "scheduled_at": later(hours=1),
    }

    response = await client.post(POSTS, json=sent, headers=headers)

    assert response.status_code == 200, response.text
    scheduled = response.json()
    application_id = scheduled["params"].pop("application_id")
    assert application_id
    assert scheduled == {
        "id": scheduled["id"],
        "scheduled_at": sent["scheduled_at"],
        "params": {
            "text": "Good morning",
            "visibility": "unlisted",
            "sensitive": None,
            "spoiler_text": "Early",
            "language": "nl",
            "in_reply_to_id": str(parent),
            "media_ids": None,
            "poll": {
                "options": ["Tea", "Coffee"],
                "expires_in": 600,
                "multiple": False,
                "hide_totals": True,
            },
            "scheduled_at": None,
            "idempotency": None,
            "with_rate_limit": True,
            "quote_approval_policy": "nobody",
        },
        "media_attachments": [],
    }
    scheduled["params"]["application_id"] = application_id
    assert (await client.get(URL, headers=headers)).json() == [scheduled]
    assert (await client.get(f"{URL}/{scheduled['id']}", headers=headers)).json() == scheduled
    assert len(await said(client, ada)) == 1

    await come_due(database)
    for _ in range(2):
        await run_jobs()
        await database.fetch(
            "INSERT INTO jobs.pgqueuer (priority, entrypoint, payload, status, execute_after) "
            "VALUES (0, 'publish_status', convert_to($1, 'utf8'), 'queued', now())",
            f'{{"scheduled_status_id": {scheduled["id"]}}}',
        )

    [status, _] = await said(client, ada)
    assert status["content"] == "<p>Good morning</p>"
    assert (status["spoiler_text"], status["visibility"]) == ("Early", "unlisted")
    assert (status["language"], status["in_reply_to_id"]) == ("nl", str(parent))
    assert [option["title"] for option in status["poll"]["options"]] == ["Tea", "Coffee"]
    assert status["application"] is not None
    assert status["quote_approval"]["automatic"] == []
    assert status["created_at"] >= clock.iso(clock.now() - timedelta(minutes=1))
    assert (await client.get(URL, headers=headers)).json() == []
    home = (await client.get("/api/v1/timelines/home", headers=headers)).json()
    assert home[0]["id"] == status["id"]


@pytest.mark.parametrize(
    ("scheduled_at", "status", "text"),
    [
        ("soon", 422, "Record invalid"),
        ("9999-01-01T00:00:00Z", 422, "Record invalid"),
        (timedelta(minutes=4), 422, "Validation failed: Scheduled at date must be in the future"),
        (timedelta(minutes=-1), 200, None),
        ("", 200, None),
    ],
)
async def test_when_it_can_be(
    client: httpx.AsyncClient,
    database: Database,
    scheduled_at: str | timedelta,
    status: int,
    text: str | None,
) -> None:
    ada = await make_account(database)
    headers = await as_account(database, ada)
    at = clock.iso(clock.now() + scheduled_at) if isinstance(scheduled_at, timedelta) else None
    sent = {"status": "Now or later", "scheduled_at": at or scheduled_at}

    response = await client.post(POSTS, json=sent, headers=headers)

    assert response.status_code == status
    assert response.json().get("error") == text
    # What is past, or never was, is posted at once.
    assert len(await said(client, ada)) == (status == 200)


async def test_what_could_not_be_posted_cannot_be_scheduled(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob = await make_account(database), await make_account(database, "bob")
    headers = await as_account(database, ada)

    for sent, status in (
        ({"status": ""}, 422),
        ({"status": "a" * 501}, 422),
        ({"status": "Well?", "poll": {"options": ["Only"], "expires_in": 600}}, 422),
        ({"status": "Yes", "in_reply_to_id": "1"}, 404),
        ({"status": "See", "quoted_status_id": "1"}, 404),
        ({"status": "@bob", "allowed_mentions": [str(ada.id)]}, 422),
    ):
        response = await client.post(
            POSTS, json={**sent, "scheduled_at": later(hours=1)}, headers=headers
        )
        assert response.status_code == status, sent
    assert (await client.get(URL, headers=headers)).json() == []
    assert bob.id


async def test_another_moment(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    headers, others = await as_account(database, ada), await as_account(database, bob)
    scheduled_id = await make_scheduled_status(database, ada)
    url = f"{URL}/{scheduled_id}"
    before = (await client.get(url, headers=headers)).json()

    moved = await client.put(url, json={"scheduled_at": later(days=2)}, headers=headers)
    assert moved.json()["scheduled_at"] != before["scheduled_at"]
    assert (await client.put(url, json={}, headers=headers)).json() == moved.json()
    for sent, text in (
        ("never", "Record invalid"),
        (later(minutes=4), "Validation failed: Scheduled at date must be in the future"),
    ):
        refused = await client.put(url, json={"scheduled_at": sent}, headers=headers)
        assert (refused.status_code, refused.json()["error"]) == (422, text)
    for method in ("GET", "PUT", "DELETE"):
        sent_by_other = {"scheduled_at": later(days=2)}
        answer = await client.request(method, url, json=sent_by_other, headers=others)
        assert answer.status_code == 404

    # The first job comes too early now.
    await database.fetch("UPDATE jobs.pgqueuer SET execute_after = now()")
    await run_jobs()
    assert await said(client, ada) == []
    assert (await client.delete(url, headers=headers)).json() == {}
    assert (await client.delete(url, headers=headers)).status_code == 404
    await database.fetch("UPDATE jobs.pgqueuer SET execute_after = now()")
    await run_jobs()
    assert await said(client, ada) == []


async def test_a_job_that_came_too_early_comes_again(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    """Clocks differ, and the queue counts from the beginning of a transaction."""
    ada = await make_account(database)
    await make_scheduled_status(database, ada)
    await database.fetch("UPDATE jobs.pgqueuer SET execute_after = now()")
    await run_jobs()
    assert await said(client, ada) == []

    await come_due(database)
    await run_jobs()

    assert len(await said(client, ada)) == 1


async def test_what_it_answers_or_quotes_may_be_gone(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    parent, quoted = [await make_status(database, bob) for _ in range(2)]
    await make_scheduled_status(
        database, ada, "All the same", in_reply_to_id=parent, quoted_status_id=quoted
    )
    await make_scheduled_status(database, ada, "", quoted_status_id=quoted)
    # The application with which it was scheduled is gone as well.
    await database.fetch(
        "UPDATE scheduled_statuses SET draft = jsonb_set(draft, '{application_id}', '1')"
    )
    headers = await as_account(database, bob)
    for status_id in (parent, quoted):
        await client.delete(f"{POSTS}/{status_id}", headers=headers)

    await come_due(database)
    await run_jobs()

    [status] = await said(client, ada)
    assert status["content"] == "<p>All the same</p>"
    assert (status["in_reply_to_id"], status["quote"]) == (None, None)
    # There is nothing left of the other to be posted; its author still has it.
    left = await client.get(URL, headers=await as_account(database, ada))
    assert [each["params"]["text"] for each in left.json()] == [""]


async def test_what_cannot_be_posted_says_why(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    ada = await make_account(database)
    headers = await as_account(database, ada)
    scheduled_id = await make_scheduled_status(database, ada)
    url = f"{URL}/{scheduled_id}"
    assert "error" not in (await client.get(url, headers=headers)).json()
    # As after the administrator allows less.
    await database.fetch(
        "UPDATE scheduled_statuses SET draft = jsonb_set(draft, '{text}', to_jsonb($1::text))",
        "a" * 501,
    )
    await come_due(database)
    await run_jobs()

    [failed] = (await client.get(URL, headers=headers)).json()
    assert failed["error"] == "Validation failed: Text character limit of 500 exceeded"
    assert (await client.get(url, headers=headers)).json() == failed
    assert await said(client, ada) == []

    moved = await client.put(url, json={"scheduled_at": later(days=2)}, headers=headers)
    assert "error" not in moved.json()
    # What was put off meanwhile has not failed.
    async with database.session() as session:
        await scheduled_statuses.fail(session, scheduled_id, "Too late")
        await scheduled_statuses.fail(session, 1, "Gone")
        await session.commit()
    assert "error" not in (await client.get(url, headers=headers)).json()


async def test_suspended_people_say_nothing_later(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    ada = await make_account(database)
    await make_scheduled_status(database, ada)
    await database.fetch("UPDATE accounts SET suspended_at = now() WHERE id = $1", ada.id)

    await come_due(database)
    await run_jobs()

    assert await database.fetch("SELECT FROM statuses") == []
    assert len(await database.fetch("SELECT FROM scheduled_statuses")) == 1


async def test_there_are_only_so_many(client: httpx.AsyncClient, database: Database) -> None:
    ada = await make_account(database)
    headers = await as_account(database, ada)
    day = datetime(2098, 5, 5, 12, tzinfo=UTC)

    async def fill(count: int, at: datetime, step: timedelta) -> None:
        await database.fetch(
            "INSERT INTO scheduled_statuses (id, created_at, account_id, scheduled_at, draft) "
            "SELECT ($4::bigint << 20) + n, now(), $1, $2::timestamptz + n * $3::interval, '{}' "
            "FROM generate_series(1, $5::int) n",
            ada.id,
            at,
            step,
            step // timedelta(minutes=1),
            count,
        )

    async def refused(at: datetime) -> str:
        sent = {"status": "One more", "scheduled_at": clock.iso(at)}
        response = await client.post(POSTS, json=sent, headers=headers)
        assert response.status_code == 422, response.text
        return str(response.json()["error"]).removeprefix("Validation failed: ")

    await fill(24, day, timedelta(minutes=1))
    sent = {"status": "The last", "scheduled_at": clock.iso(day)}
    answers = await asyncio.gather(
        *(client.post(POSTS, json=sent, headers=headers) for _ in range(4))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 422, 422, 422]
    too_many = "You have exceeded the limit of 25 scheduled posts for today"
    assert await refused(day) == too_many
    [made] = [answer.json() for answer in answers if answer.is_success]
    same_day = {"scheduled_at": clock.iso(day + timedelta(hours=1))}
    moved = await client.put(f"{URL}/{made['id']}", json=same_day, headers=headers)
    assert moved.status_code == 200, moved.text

    await fill(275, day + timedelta(days=2), timedelta(days=1))
    too_many = "You have exceeded the limit of 300 scheduled posts"
    assert await refused(day - timedelta(days=9)) == too_many


async def test_a_retry_schedules_once(client: httpx.AsyncClient, database: Database) -> None:
    headers = await as_account(database, await make_account(database))
    headers["Idempotency-Key"] = "once"
    sent = {"status": "Once", "scheduled_at": later(hours=1)}

    answers = [await client.post(POSTS, json=sent, headers=headers) for _ in range(2)]

    assert answers[0].json() == answers[1].json()
    listed = await client.get(URL, headers=headers)
    assert ids(listed.json()) == [answers[0].json()["id"]]
