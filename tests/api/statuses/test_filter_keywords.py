"""What is tested of keywords beside `test_filters.py`: whose they are."""

import httpx
import pytest

from app.database import Database
from tests.api.statuses.test_filters import URL, create
from tests.factories import as_account, make_account

pytestmark = pytest.mark.anyio


async def test_keywords_are_nobody_elses(client: httpx.AsyncClient, database: Database) -> None:
    ada, bob = await make_account(database), await make_account(database)
    headers, others = await as_account(database, ada), await as_account(database, bob)
    made = await create(client, headers)
    url = f"{URL}/keywords/{made['keywords'][0]['id']}"

    for method in ("GET", "PUT", "DELETE"):
        assert (await client.request(method, url, headers=others)).status_code == 404
    assert (await client.get(url, headers=headers)).json() == made["keywords"][0]
