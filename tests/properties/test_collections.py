"""What somebody gathers (pins, followed tags, members of lists): the opposites restore it."""

from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.database import Database
from tests.factories import as_account, make_account, make_follow, make_list, make_status
from tests.postgres import empty

pytestmark = pytest.mark.anyio

# What is done, to which of how many; and how it is undone.
OPPOSITES = {"pin": "unpin", "follow tag": "unfollow tag", "add": "remove"}
TAGS = ("loud", "Quiet")
acts = st.one_of(
    st.tuples(st.just("pin"), st.integers(0, 2)),
    st.tuples(st.just("follow tag"), st.integers(0, 1)),
    # Of two lists and two people.
    st.tuples(st.just("add"), st.integers(0, 3)),
)
acts_and_opposites = acts.flatmap(
    lambda act: st.sampled_from([act, (OPPOSITES[act[0]], act[1])]),
)


class World:
    """Somebody with three statuses, two lists, and two people they follow."""

    def __init__(self, client: httpx.AsyncClient, database: Database) -> None:
        self.client, self.database = client, database

    async def fill(self) -> None:
        await empty(self.database)
        self.owner = await make_account(self.database)
        self.people = [await make_account(self.database) for _ in range(2)]
        await make_follow(self.database, self.owner, *self.people)
        self.headers = await as_account(self.database, self.owner)
        self.statuses = [await make_status(self.database, self.owner) for _ in range(3)]
        self.lists = [await make_list(self.database, self.owner) for _ in range(2)]

    async def act(self, verb: str, what: int) -> None:
        method, sent = "POST", None
        if verb.endswith("pin"):
            url = f"/api/v1/statuses/{self.statuses[what]}/{verb}"
        elif verb.endswith(" tag"):
            url = f"/api/v1/tags/{TAGS[what]}/{verb.removesuffix(' tag')}"
        else:
            method = "POST" if verb == "add" else "DELETE"
            url = f"/api/v1/lists/{self.lists[what // 2]}/accounts"
            sent = {"account_ids": [str(self.people[what % 2].id)]}
        response = await self.client.request(method, url, json=sent, headers=self.headers)
        assert response.status_code == 200, (verb, response.text)

    async def seen(self) -> list[Any]:
        """Every path on which it shows."""
        return [
            (await self.client.get(url, headers=self.headers)).json()
            for url in (
                *(f"/api/v1/statuses/{id_}" for id_ in self.statuses),
                f"/api/v1/accounts/{self.owner.id}/statuses?pinned=true",
                *(f"/api/v1/tags/{name}" for name in TAGS),
                "/api/v1/followed_tags",
                *(f"/api/v1/lists/{id_}/accounts" for id_ in self.lists),
                *(f"/api/v1/accounts/{person.id}/lists" for person in self.people),
            )
        ]


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    before=st.lists(acts_and_opposites, max_size=6),
    sequence=st.lists(acts, min_size=1, max_size=6, unique=True),
    data=st.data(),
)
async def test_the_opposites_restore_everything(
    client: httpx.AsyncClient,
    database: Database,
    before: list[tuple[str, int]],
    sequence: list[tuple[str, int]],
    data: st.DataObject,
) -> None:
    world = World(client, database)
    await world.fill()
    # Start from where none of it is done, so that undoing leads back here.
    for verb, what in (*before, *((OPPOSITES[verb], what) for verb, what in sequence)):
        await world.act(verb, what)
    start = await world.seen()

    for verb, what in sequence:
        await world.act(verb, what)
    done = await world.seen()
    # Twice is once.
    for verb, what in sequence:
        await world.act(verb, what)
    assert await world.seen() == done
    assert done != start
    for verb, what in data.draw(st.permutations(sequence)):
        await world.act(OPPOSITES[verb], what)

    assert await world.seen() == start
