"""The statements of an event do not grow with the number of those who listen."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest

from app.database import Database
from app.domain import events
from app.domain.identity.scopes import granted
from app.domain.identity.tokens import Caller
from app.models.accounts.accounts import Account
from app.rendering.statuses import Renderer
from app.streaming.batches import Batch
from app.streaming.channels import subscription
from app.streaming.deliveries import NAMES, deliveries
from app.streaming.streams import Audience, Stream
from tests.factories import make_account, make_follow, make_list, make_status

pytestmark = pytest.mark.anyio


class Counting:
    """Reads, and counts how often."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.statements = 0

    async def fetch(self, sql: str, *arguments: object) -> Sequence[Any]:
        self.statements += 1
        return await self._database.fetch(sql, *arguments)


async def listening(database: Database, account: Account) -> Stream:
    """Somebody who listens to all there is."""
    stream = Stream(Caller(account_id=account.id, scopes=granted("read")), "", is_socket=True)
    chosen = await database.fetch("SELECT id FROM lists WHERE account_id = $1", account.id)
    params = {"tag": "loud", "list": str(chosen[0]["id"])}
    for name in ("user", "user:notification", "public", "hashtag", "list", "direct"):
        found = await subscription(database, stream.caller, name, params)
        stream.subscriptions.add(found)
    return stream


async def test_as_many_statements_for_one_listener_as_for_many(
    database: Database, run_jobs: Callable[[], Awaitable[None]]
) -> None:
    ada = await make_account(database)
    followers = [await make_account(database) for _ in range(12)]
    for follower in followers:
        await make_follow(database, follower, ada)
        await make_list(database, follower, ada)
    await run_jobs()
    before = await events.position(database)
    names = " ".join(f"@{follower.username}" for follower in followers)
    await make_status(database, ada, f"{names} #loud")
    await run_jobs()
    position, happened = await events.since(database, before, NAMES)

    costs = {}
    for count in (1, 12):
        reader = Counting(database)
        audience = Audience([await listening(database, each) for each in followers[:count]])
        batch = Batch(happened, position, audience)
        told = await deliveries(reader, Renderer("http://hardop.test"), batch)
        costs[count] = reader.statements
        assert sum(len(each.listeners) for each in told) == count * 6

    assert costs[1] == costs[12]
