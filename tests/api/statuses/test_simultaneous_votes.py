"""Votes on one poll that come at the same time: each counts once."""

import asyncio
from typing import Any

import httpx
import pytest

from app.database import Database
from tests.factories import as_account, make_account, make_poll

pytestmark = pytest.mark.anyio

ROUNDS = 4


async def vote_at_once(
    client: httpx.AsyncClient, poll_id: int, votes: list[tuple[dict[str, str], int]]
) -> tuple[list[int], dict[str, Any]]:
    """The status codes of all votes, in order of size, and the poll afterwards."""
    url = f"/api/v1/polls/{poll_id}"
    answers = await asyncio.gather(
        *(
            client.post(f"{url}/votes", json={"choices": [choice]}, headers=headers)
            for headers, choice in votes
        )
    )
    poll = (await client.get(url, headers=votes[0][0])).json()
    return sorted(answer.status_code for answer in answers), poll


@pytest.mark.parametrize("multiple", [False, True])
async def test_somebody_votes_for_the_same_several_times(
    client: httpx.AsyncClient, database: Database, *, multiple: bool
) -> None:
    author, voter = await make_account(database), await make_account(database)
    headers = await as_account(database, voter)

    for _ in range(ROUNDS):
        poll_id = await make_poll(database, author, multiple=multiple)
        codes, poll = await vote_at_once(client, poll_id, [(headers, 1)] * 4)

        assert codes == [200, 422, 422, 422]
        assert (poll["votes_count"], poll["voters_count"]) == (1, 1)
        assert poll["own_votes"] == [1]


async def test_somebody_votes_for_different_answers(
    client: httpx.AsyncClient, database: Database
) -> None:
    author, voter = await make_account(database), await make_account(database)
    headers = await as_account(database, voter)

    for multiple, codes_expected in ((False, [200, 422]), (True, [200, 200])):
        for _ in range(ROUNDS):
            poll_id = await make_poll(database, author, multiple=multiple)
            codes, poll = await vote_at_once(client, poll_id, [(headers, 0), (headers, 1)])

            assert codes == codes_expected
            assert poll["votes_count"] == codes.count(200) == len(poll["own_votes"])
            assert await database.fetch("SELECT FROM polls WHERE voters_count <> 1") == []


async def test_several_vote(client: httpx.AsyncClient, database: Database) -> None:
    author, *voters = [await make_account(database) for _ in range(6)]
    votes = [(await as_account(database, voter), place % 2) for place, voter in enumerate(voters)]

    for _ in range(ROUNDS):
        codes, poll = await vote_at_once(client, await make_poll(database, author), votes)

        assert codes == [200] * 5
        assert [option["votes_count"] for option in poll["options"]] == [3, 2]
