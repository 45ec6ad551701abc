"""Deleting a status while others act upon it: each is told what is true."""

import asyncio

import httpx
import pytest

from app.database import Database
from app.models.accounts.accounts import Account
from app.models.statuses.statuses import Status
from tests.conftest import Statements
from tests.factories import as_account, make_account, make_poll, make_reblog, make_status

pytestmark = pytest.mark.anyio

# Done; not there any more; somebody was faster.
FINE = {200, 404, 409}
VERBS = (
    *("favourite", "unfavourite", "bookmark", "unbookmark", "reblog", "unreblog"),
    *("react/👍", "unreact/👍", "mute", "unmute", "pin"),
)
ROUNDS = 4

_MISCOUNTED = """
SELECT a.id FROM accounts a
WHERE a.statuses_count <> (SELECT count(*) FROM statuses s WHERE s.account_id = a.id)
"""

_WAITING = """
SELECT FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
_NOT_HELD = "SELECT FROM statuses WHERE id = $1 FOR UPDATE SKIP LOCKED"


@pytest.mark.parametrize("verb", VERBS)
async def test_acting_while_it_is_deleted(
    client: httpx.AsyncClient, database: Database, verb: str
) -> None:
    author, *people = [await make_account(database) for _ in range(4)]
    headers = [await as_account(database, one) for one in (author, *people)]

    for _ in range(ROUNDS):
        status_id = await make_status(database, author)
        url = f"/api/v1/statuses/{status_id}"
        if verb.startswith("un"):
            for one in headers:
                await client.post(f"{url}/{verb.removeprefix('un')}", headers=one)
        # The author pins their own.
        actors = headers[:1] if verb == "pin" else headers

        answers = await asyncio.gather(
            *(client.post(f"{url}/{verb}", headers=one) for one in actors),
            client.delete(url, headers=headers[0]),
            *(client.post(f"{url}/{verb}", headers=one) for one in actors),
        )

        assert {answer.status_code for answer in answers} <= FINE
        assert answers[len(actors)].status_code == 200

    assert await database.fetch("SELECT FROM statuses") == []
    assert await database.fetch(_MISCOUNTED) == []


@pytest.mark.parametrize("how", ["in_reply_to_id", "quoted_status_id"])
async def test_answering_while_it_is_deleted(
    client: httpx.AsyncClient, database: Database, how: str
) -> None:
    author, *people = [await make_account(database) for _ in range(4)]
    headers = [await as_account(database, one) for one in (author, *people)]

    for _ in range(ROUNDS):
        status_id = await make_status(database, author)
        reply = {"status": "Indeed", how: str(status_id)}
        answers = await asyncio.gather(
            *(client.post("/api/v1/statuses", json=reply, headers=one) for one in headers[1:]),
            client.delete(f"/api/v1/statuses/{status_id}", headers=headers[0]),
            *(client.post("/api/v1/statuses", json=reply, headers=one) for one in headers[1:]),
        )
        assert {answer.status_code for answer in answers} <= FINE

    # One that was faster stays, as an answer to nothing.
    hanging = "SELECT FROM statuses WHERE in_reply_to_id IS NOT NULL OR quote_of_id IS NOT NULL"
    assert await database.fetch(hanging) == []
    assert await database.fetch(_MISCOUNTED) == []


async def test_voting_while_it_is_deleted(client: httpx.AsyncClient, database: Database) -> None:
    author, *people = [await make_account(database) for _ in range(4)]
    headers = [await as_account(database, one) for one in (author, *people)]

    for _ in range(ROUNDS):
        poll_id = await make_poll(database, author)
        [poll] = await database.fetch("SELECT status_id FROM polls")
        url, votes = f"/api/v1/polls/{poll_id}/votes", {"choices": [0]}
        answers = await asyncio.gather(
            *(client.post(url, json=votes, headers=one) for one in headers[1:]),
            client.delete(f"/api/v1/statuses/{poll['status_id']}", headers=headers[0]),
            *(client.post(url, json=votes, headers=one) for one in headers[1:]),
        )

        # Who voted already is told so, as long as there is something to vote on.
        assert {answer.status_code for answer in answers} <= {*FINE, 422}
        assert answers[len(people)].status_code == 200
        assert await database.fetch("SELECT FROM polls") == []
        assert await database.fetch("SELECT FROM poll_votes") == []


async def test_quoting_while_it_is_deleted(client: httpx.AsyncClient, database: Database) -> None:
    author, *people = [await make_account(database) for _ in range(4)]
    headers = [await as_account(database, one) for one in (author, *people)]

    for _ in range(ROUNDS):
        status_id = await make_status(database, author)
        quote = {"status": "Well said", "quoted_status_id": str(status_id)}
        answers = await asyncio.gather(
            *(client.post("/api/v1/statuses", json=quote, headers=one) for one in headers[1:]),
            client.delete(f"/api/v1/statuses/{status_id}", headers=headers[0]),
            *(client.post("/api/v1/statuses", json=quote, headers=one) for one in headers[1:]),
        )
        assert {answer.status_code for answer in answers} <= FINE

        # One that was faster stays, and says of what it quoted that it is gone.
        for answer in answers:
            if answer.status_code == 200 and answer.json()["id"] != str(status_id):
                url = f"/api/v1/statuses/{answer.json()['id']}"
                shown = (await client.get(url, headers=headers[1])).json()
                assert shown["quote"] == {"state": "deleted", "quoted_status": None}
    assert await database.fetch("SELECT FROM statuses WHERE quote_of_id IS NOT NULL") == []
    assert await database.fetch(_MISCOUNTED) == []


async def test_following_who_is_being_deleted(
    client: httpx.AsyncClient, database: Database
) -> None:
    people: list[Account] = [await make_account(database) for _ in range(4)]
    headers = [await as_account(database, one) for one in people]

    for _ in range(ROUNDS):
        gone = await make_account(database)
        url = f"/api/v1/accounts/{gone.id}"
        deletion = asyncio.ensure_future(
            database.fetch("DELETE FROM accounts WHERE id = $1", gone.id)
        )
        answers = await asyncio.gather(
            *(
                client.post(f"{url}/{verb}", headers=one)
                for one in headers
                for verb in ("follow", "block", "mute", "note?comment=Hm", "unfollow")
            )
        )
        await deletion
        assert {answer.status_code for answer in answers} <= {*FINE, 403}


@pytest.mark.parametrize("quotes", [False, True])
async def test_a_deletion_waits_for_one_above_before_it_holds_anything(
    client: httpx.AsyncClient, database: Database, *, quotes: bool
) -> None:
    """Otherwise the two wait for each other: who deletes what is above changes what is below."""
    ada = await make_account(database)
    above = await make_status(database, ada)
    below = await make_status(
        database,
        ada,
        in_reply_to_id=None if quotes else above,
        quoted_status_id=above if quotes else None,
    )
    headers = await as_account(database, ada)

    async with database.session() as session:
        await session.get(Status, above, with_for_update=True)
        deletion = asyncio.ensure_future(
            client.delete(f"/api/v1/statuses/{below}", headers=headers)
        )
        while not await database.fetch(_WAITING):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0)

        assert await database.fetch(_NOT_HELD, below)

    assert (await deletion).status_code == 200


async def test_all_who_passed_it_on_are_counted_at_once(
    client: httpx.AsyncClient, database: Database, statements: Statements
) -> None:
    ada, *people = [await make_account(database) for _ in range(5)]
    headers = await as_account(database, ada)
    status_id = await make_status(database, ada)
    for fan in (ada, *people):
        await make_reblog(database, fan, status_id)
    statements.take()

    await client.delete(f"/api/v1/statuses/{status_id}", headers=headers)

    assert sum("UPDATE accounts" in sql for sql in statements.take()) == 1
    assert await database.fetch(_MISCOUNTED) == []
