"""Every verb and its opposite restore what was there, and every counter counts rows (DB-3)."""

import asyncio
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.database import Database
from tests.factories import as_account, make_account, make_status
from tests.postgres import empty

pytestmark = pytest.mark.anyio

PAIRS = {
    "favourite": "unfavourite",
    "bookmark": "unbookmark",
    "mute": "unmute",
    "reblog": "unreblog",
    "react/👍": "unreact/👍",
    "react/🎉": "unreact/🎉",
}
# Answers that are no mistake: done; not there (any more); somebody was faster, try again.
FINE = frozenset({200, 404, 409})

people = st.integers(0, 2)
# What one does to another, as `following`; in the order in which they are undone.
BETWEEN_PEOPLE = {
    "follow": "unfollow",
    "mute": "unmute",
    "block": "unblock",
    "endorse": "unendorse",
    "note?comment=Kind": "note?comment=",
}
verbs = st.sampled_from([*PAIRS, *PAIRS.values()])
acts = st.one_of(
    st.tuples(people, verbs, st.integers(0, 1)),
    st.tuples(
        people,
        st.sampled_from(
            [*BETWEEN_PEOPLE, *BETWEEN_PEOPLE.values(), "authorize", "reject"],
        ),
        people,
    ),
    st.tuples(people, st.sampled_from(["reply", "delete reply"]), st.integers(0, 1)),
)

# Every counter there is, against what it counts.
_MISCOUNTED = """
SELECT 'account ' || a.id AS what
FROM accounts a
WHERE a.followers_count <>
        (SELECT count(*) FROM follows WHERE target_account_id = a.id AND accepted)
   OR a.following_count <> (SELECT count(*) FROM follows WHERE account_id = a.id AND accepted)
   OR a.statuses_count <> (SELECT count(*) FROM statuses WHERE account_id = a.id)
UNION ALL
SELECT 'status ' || s.id
FROM statuses s
WHERE s.replies_count <> (SELECT count(*) FROM statuses WHERE in_reply_to_id = s.id)
   OR s.reblogs_count <> (SELECT count(*) FROM statuses WHERE reblog_of_id = s.id)
   OR s.favourites_count <> (SELECT count(*) FROM favourites WHERE status_id = s.id)
   OR s.bookmarks_count <> (SELECT count(*) FROM bookmarks WHERE status_id = s.id)
   OR s.reactions_count <> (SELECT count(*) FROM reactions WHERE status_id = s.id)
"""

some = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def fine(act: tuple[int, str, int]) -> set[int]:
    """Nobody follows themselves, or across a block; whom they do not follow nobody features."""
    refused = {"follow": 403, "endorse": 422}
    return {*FINE, refused.get(act[1], 200)}


class World:
    """Three people, the last of them locked, and two statuses of the first."""

    def __init__(self, client: httpx.AsyncClient, database: Database) -> None:
        self.client, self.database = client, database
        self.ids: list[int] = []
        self.headers: list[dict[str, str]] = []
        self.statuses: list[int] = []

    async def fill(self) -> None:
        await empty(self.database)
        accounts = [await make_account(self.database, locked=n == 2) for n in range(3)]
        self.ids = [account.id for account in accounts]
        self.headers = [await as_account(self.database, account) for account in accounts]
        self.statuses = [await make_status(self.database, accounts[0]) for _ in range(2)]

    async def act(self, who: int, verb: str, what: int) -> httpx.Response:
        sent: dict[str, Any] | None = None
        method = "POST"
        if verb in {*BETWEEN_PEOPLE, *BETWEEN_PEOPLE.values()}:
            url = f"/api/v1/accounts/{self.ids[what]}/{verb}"
        elif verb in ("authorize", "reject"):
            url = f"/api/v1/follow_requests/{self.ids[what]}/{verb}"
        elif verb == "reply":
            url, sent = "/api/v1/statuses", {"status": "Indeed"}
            sent["in_reply_to_id"] = str(self.statuses[what])
        elif verb == "delete reply":
            method, url = "DELETE", f"/api/v1/statuses/{await self._reply(who, what)}"
        else:
            url = f"/api/v1/statuses/{self.statuses[what]}/{verb}"
        return await self.client.request(method, url, json=sent, headers=self.headers[who])

    async def _reply(self, who: int, what: int) -> int:
        rows = await self.database.fetch(
            "SELECT id FROM statuses WHERE account_id = $1 AND in_reply_to_id = $2 LIMIT 1",
            self.ids[who],
            self.statuses[what],
        )
        return rows[0]["id"] if rows else 1

    async def check_counters(self) -> None:
        assert [row["what"] for row in await self.database.fetch(_MISCOUNTED)] == []

    async def seen(self) -> list[Any]:
        """All relationships and statuses, as each of them sees them."""
        found: list[Any] = []
        for headers in self.headers:
            queries = (
                ("/api/v1/accounts/relationships", self.ids),
                ("/api/v1/statuses", self.statuses),
            )
            for url, ids in queries:
                asked = {"id[]": [str(id_) for id_ in ids]}
                found += (await self.client.get(url, params=asked, headers=headers)).json()
        return found


@pytest.fixture
async def world(client: httpx.AsyncClient, database: Database) -> World:
    return World(client, database)


@some
@given(sequence=st.lists(acts, max_size=15))
async def test_counters_count_after_any_sequence(
    world: World, sequence: list[tuple[int, str, int]]
) -> None:
    await world.fill()

    for act in sequence:
        response = await world.act(*act)
        assert response.status_code in fine(act), act

    await world.check_counters()


@some
@given(sequence=st.lists(acts, min_size=2, max_size=12))
async def test_counters_count_whatever_happens_at_once(
    world: World, sequence: list[tuple[int, str, int]]
) -> None:
    await world.fill()

    responses = await asyncio.gather(*(world.act(*act) for act in sequence))

    for act, response in zip(sequence, responses, strict=True):
        assert response.status_code in fine(act), act
    await world.check_counters()


@some
@given(
    before=st.lists(acts, max_size=6),
    sequence=st.lists(
        st.tuples(
            people,
            st.sampled_from([*PAIRS, "follow", "mute", "note?comment=Kind"]),
            st.integers(0, 1),
        ),
        unique=True,
        max_size=8,
    ),
    data=st.data(),
)
async def test_the_opposites_restore_everything(
    world: World,
    before: list[tuple[int, str, int]],
    sequence: list[tuple[int, str, int]],
    data: st.DataObject,
) -> None:
    await world.fill()
    for act in before:
        await world.act(*act)
    # Start from where none of it is done, so that undoing leads back here.
    opposites = {**PAIRS, **BETWEEN_PEOPLE}
    for who, verb, what in sequence:
        await world.act(who, opposites[verb], what)
    start = await world.seen()

    for act in sequence:
        await world.act(*act)
    for who, verb, what in data.draw(st.permutations(sequence)):
        await world.act(who, opposites[verb], what)

    assert await world.seen() == start
    await world.check_counters()
