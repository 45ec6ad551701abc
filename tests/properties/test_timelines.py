"""Pages cover a list exactly once, also while it changes (HT-9)."""

from collections.abc import Awaitable, Callable

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.database import Database
from tests.api.filling import World
from tests.api.lists import LISTS, Asking, List, as_ada, first_cursor, make_world, shown
from tests.postgres import empty

pytestmark = pytest.mark.anyio

EVERY_LIST = pytest.mark.parametrize("listing", LISTS, ids=str)

Changes = list[tuple[int, int | None]]

# What happens to the list between two pages: so many come, and which of those there goes.
CHANGES = st.lists(
    st.tuples(st.integers(0, 2), st.none() | st.integers(0, 20)), min_size=1, max_size=6
)

few = settings(
    max_examples=4,
    deadline=None,
    # The fixtures are the server and its database; each example empties the latter.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

# The row of a list by the id of what it shows.
_ROWS = {
    "/api/v1/favourites": "DELETE FROM favourites WHERE status_id = $1",
    "/api/v1/bookmarks": "DELETE FROM bookmarks WHERE status_id = $1",
    "/api/v1/conversations": "DELETE FROM conversations WHERE id = $1",
    "/api/v1/scheduled_statuses": "DELETE FROM scheduled_statuses WHERE id = $1",
    "/api/v1/notifications": "DELETE FROM notifications WHERE id = $1",
    "/api/v1/domain_blocks": "DELETE FROM domain_blocks WHERE domain LIKE $1::bigint || '.%'",
}
_OF_ACCOUNTS = "DELETE FROM accounts WHERE id = $1"
_OF_STATUSES = "DELETE FROM statuses WHERE id = $1"


class Walk:
    """A list that changes while it is read."""

    def __init__(self, world: World, listing: List, changes: Changes) -> None:
        self.world, self.listing = world, listing
        self.changes = iter(changes)
        self.there: list[int] = []
        self.stayed: set[int] = set()

    async def begin(self, count: int) -> None:
        self.there = await self.listing.fill(self.world, count)
        self.stayed = set(self.there)

    async def change(self) -> None:
        """What others do between two pages; nothing any more when all of it was done."""
        come, goes = next(self.changes, (0, None))
        if come:
            self.there += await self.listing.fill(self.world, come)
        if goes is not None and goes < len(self.there):
            gone = self.there.pop(goes)
            self.stayed.discard(gone)
            otherwise = _OF_ACCOUNTS if self.listing.of_accounts else _OF_STATUSES
            statement = _ROWS.get(self.listing.path, otherwise)
            await self.world.database.fetch(statement, gone)


Fresh = Callable[[List, Changes], Awaitable[tuple[Walk, Asking]]]


@pytest.fixture
async def fresh(client: httpx.AsyncClient, database: Database, app: FastAPI) -> Fresh:
    """Makes a walk and who walks, in an empty database."""

    async def make(listing: List, changes: Changes) -> tuple[Walk, Asking]:
        await empty(database)
        app.state.services.authenticator.forget()
        world = await make_world(database)
        asking = Asking(client, world, listing, await as_ada(world))
        return Walk(world, listing, changes), asking

    return make


@EVERY_LIST
@few
@given(count=st.integers(0, 9), limit=st.integers(1, 4), changes=CHANGES)
async def test_backwards(
    fresh: Fresh,
    listing: List,
    count: int,
    limit: int,
    changes: Changes,
) -> None:
    walk, asking = await fresh(listing, changes)
    await walk.begin(count)
    order = list(walk.there)

    found: list[int] = []
    async for page in asking.pages(limit=limit):
        found += shown(page)
        await walk.change()

    assert len(found) == len(set(found))
    # All that was there from beginning to end, newest first, and nothing that came meanwhile:
    # that is newer than where the walk began.
    assert [id_ for id_ in found if id_ in walk.stayed] == [
        id_ for id_ in order[::-1] if id_ in walk.stayed
    ]
    assert set(found) <= set(order)


@EVERY_LIST
@few
@given(count=st.integers(0, 9), limit=st.integers(1, 4), changes=CHANGES)
async def test_forwards(
    fresh: Fresh,
    listing: List,
    count: int,
    limit: int,
    changes: Changes,
) -> None:
    walk, asking = await fresh(listing, changes)
    await walk.begin(count)

    found: list[int] = []
    page = await asking.page(limit=limit, min_id=0)
    while shown(page):
        found += shown(page)[::-1]
        await walk.change()
        page = await asking.page(limit=limit, min_id=first_cursor(page))

    assert len(found) == len(set(found))
    # What came meanwhile is met as well: the walk ends where the list does.
    assert [id_ for id_ in found if id_ in set(walk.there)] == walk.there
