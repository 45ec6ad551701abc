"""A poll counts the votes there are, whatever is chosen, asked anew or done at once (DB-3)."""

import asyncio

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.database import Database
from tests.factories import as_account, make_account, make_poll
from tests.postgres import empty

pytestmark = pytest.mark.anyio

# Who does something: 0 asks, the others vote. What: positions, some of which are no answers; or
# None, to ask again with other answers.
acts = st.tuples(st.integers(0, 2), st.none() | st.lists(st.integers(0, 3), min_size=1, max_size=3))

_MISCOUNTED = """
SELECT p.id FROM polls p
WHERE p.tallies <> ARRAY(
        SELECT count(v.id)::int
        FROM generate_series(1, cardinality(p.options)) AS o (position)
        LEFT JOIN poll_votes v ON v.poll_id = p.id AND v.choice = o.position - 1
        GROUP BY o.position ORDER BY o.position)
   OR p.voters_count <> (
        SELECT count(DISTINCT v.account_id) FROM poll_votes v WHERE v.poll_id = p.id)
   OR NOT p.multiple AND p.voters_count <> (
        SELECT count(*) FROM poll_votes v WHERE v.poll_id = p.id)
   OR EXISTS (
        SELECT FROM poll_votes v JOIN statuses s ON s.id = p.status_id
        WHERE v.poll_id = p.id AND v.account_id = s.account_id)
"""


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    multiple=st.booleans(),
    rounds=st.lists(st.lists(acts, min_size=1, max_size=5), max_size=4),
)
async def test_polls_count_the_votes_there_are(
    client: httpx.AsyncClient,
    database: Database,
    multiple: bool,
    rounds: list[list[tuple[int, list[int] | None]]],
) -> None:
    await empty(database)
    people = [await make_account(database) for _ in range(3)]
    headers = [await as_account(database, person) for person in people]
    poll_id = await make_poll(database, people[0], options=list("abc"), multiple=multiple)
    rows = await database.fetch("SELECT status_id FROM polls")
    options = iter("defghijklmnopqrstuvwxyz")

    async def act(who: int, choices: list[int] | None) -> httpx.Response:
        if choices is None:
            asked = {"options": ["a", "b", next(options)], "expires_in": 600, "multiple": multiple}
            return await client.put(
                f"/api/v1/statuses/{rows[0]['status_id']}",
                json={"status": "Well?", "poll": asked},
                headers=headers[0],
            )
        return await client.post(
            f"/api/v1/polls/{poll_id}/votes", json={"choices": choices}, headers=headers[who]
        )

    for at_once in rounds:
        answers = await asyncio.gather(*(act(*each) for each in at_once))
        assert {answer.status_code for answer in answers} <= {200, 422}
        assert await database.fetch(_MISCOUNTED) == []
    poll = (await client.get(f"/api/v1/polls/{poll_id}", headers=headers[1])).json()
    assert poll["votes_count"] == sum(option["votes_count"] for option in poll["options"])
