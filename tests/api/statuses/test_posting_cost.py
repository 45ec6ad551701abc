"""What it costs to say something."""

import httpx
import pytest

from app.database import Database
from tests.conftest import Statements
from tests.factories import as_account, make_account

pytestmark = pytest.mark.anyio


async def test_posting_costs_the_same_whatever_is_named(
    client: httpx.AsyncClient, database: Database, statements: Statements
) -> None:
    ada = await make_account(database)
    people = [f"@{(await make_account(database)).username}" for _ in range(5)]
    tags = [f"#tea{number}" for number in range(5)]
    headers = await as_account(database, ada)

    async def cost(*named: str) -> int:
        statements.take()
        sent = {"status": " ".join(("Hello", *named))}
        response = await client.post("/api/v1/statuses", json=sent, headers=headers)
        assert len(response.json()["mentions"]) + len(response.json()["tags"]) == len(named)
        return len(statements.take())

    # Tags are made when they are used first, and everything is rendered for the first time.
    await cost(*people, *tags)

    assert await cost(people[0], tags[0]) == await cost(*people, *tags) == await cost() + 2
