"""What is tested of filters beside `test_filters.py`: whose keywords are, and how many."""

import httpx
import pytest

from app.database import Database
from tests.api.statuses.test_filters import LUNCH, URL, create
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


async def test_there_are_only_so_many(client: httpx.AsyncClient, database: Database) -> None:
    ada = await make_account(database)
    headers = await as_account(database, ada)
    words = [{"keyword": f"word {n}"} for n in range(100)]
    made = await create(client, headers, keywords_attributes=words)
    more = {"keywords_attributes": words}
    await client.put(f"{URL}/{made['id']}", json=more, headers=headers)
    url = f"{URL}/{made['id']}/keywords"
    one_more = await client.post(url, json={"keyword": "one more"}, headers=headers)
    assert one_more.json()["error"] == "Validation failed: Only 200 keywords are possible"

    await database.fetch(
        "INSERT INTO filters (id, created_at, account_id, title, context, action, version) "
        "SELECT n, now(), $1, 'x', '{home}', 'warn', n FROM generate_series(1, 99) n",
        ada.id,
    )
    one_more = await client.post(URL, json=LUNCH, headers=headers)
    assert one_more.json()["error"] == "Validation failed: Only 100 filters are possible"


async def test_streams_are_told(client: httpx.AsyncClient, database: Database) -> None:
    ada = await make_account(database)
    made = await create(client, await as_account(database, ada))
    await client.delete(f"{URL}/{made['id']}", headers=await as_account(database, ada))

    told = await database.fetch(
        "SELECT payload->>'account_id' AS id FROM events WHERE name = 'filters.changed'"
    )
    assert [row["id"] for row in told] == [str(ada.id)] * 2


async def test_of_a_keyword_that_is_not_there(
    client: httpx.AsyncClient, database: Database
) -> None:
    headers = await as_account(database, await make_account(database))
    made = await create(client, headers)

    change = {"keywords_attributes": [{"id": "1", "keyword": "soup"}]}
    response = await client.put(f"{URL}/{made['id']}", json=change, headers=headers)

    assert response.status_code == 404
