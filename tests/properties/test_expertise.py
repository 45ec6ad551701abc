"""What a searcher may not read moves no rank for them (issue: evidence)."""

from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.database import Database
from app.models.accounts.accounts import Account
from app.models.statuses.statuses import Status, Visibility
from app.workers import vocabulary
from search import formula, spellings
from tests.factories import as_account, make_account, make_reaction, make_topic_endorsement
from tests.postgres import empty

pytestmark = pytest.mark.anyio

TEXTS = st.lists(st.sampled_from(["kafka", "queue", "kafkaqueue", "tea", "of"]), min_size=1).map(
    " ".join
)
SAID = st.lists(st.tuples(st.integers(0, 3), TEXTS), max_size=12)
HIDDEN = st.lists(
    st.tuples(
        st.integers(0, 3),
        TEXTS,
        st.sampled_from([Visibility.UNLISTED, Visibility.PRIVATE, Visibility.DIRECT]),
    ),
    min_size=1,
    max_size=12,
)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(said=SAID, hidden=HIDDEN)
async def test_what_is_not_public_moves_no_rank_nor_does_what_others_make_of_it(
    client: httpx.AsyncClient, database: Database, said: Any, hidden: Any
) -> None:
    await empty(database)
    client._transport.app.state.services.authenticator.forget()  # type: ignore[attr-defined]
    headers = await as_account(database, await make_account(database))
    people = [await make_account(database) for _ in range(4)]

    async def answer() -> list[tuple[str, list[tuple[str, str]]]]:
        await vocabulary.count(database)
        response = await client.get(
            "/api/hardop/v1/experts", params={"q": "kafka queue"}, headers=headers
        )
        assert response.status_code == 200
        return [
            (
                one["account"]["id"],
                [(each["kind"], each["status_id"]) for each in one["reasons"]],
            )
            for one in response.json()
        ]

    async def say(account: Account, text: str, visibility: Visibility) -> int:
        async with database.session() as session:
            status = Status(account_id=account.id, text=text, visibility=visibility)
            session.add(status)
            await session.commit()
        return status.id

    for person, text in said:
        status = await say(people[person], text, Visibility.PUBLIC)
        await make_reaction(database, await make_account(database), status)
    before = await answer()
    for person, text, visibility in hidden:
        status = await say(people[person], text, visibility)
        # Nor does what others make of it.
        reader = await make_account(database)
        await make_reaction(database, reader, status)
        await make_topic_endorsement(database, reader, people[person], status_id=status)

    assert await answer() == before


@given(st.text(max_size=12), st.text(max_size=12))
def test_a_distance_is_the_same_both_ways(one: str, other: str) -> None:
    edits = spellings.distance(one, other)

    assert edits == spellings.distance(other, one)
    assert (edits == 0) == (one == other)
    assert abs(len(one) - len(other)) <= edits <= max(len(one), len(other))


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_word_that_fewer_use_weighs_more(people: int, everybody: int) -> None:
    assert formula.weight(people, everybody) >= formula.weight(people + 1, everybody) > 0
