"""The list of blocked domains that clients keep."""

import httpx
import pytest

from app.database import Database
from tests.factories import as_account, make_account

pytestmark = pytest.mark.anyio

URL = "/api/v1/domain_blocks"


async def test_blocking_a_domain_and_back(client: httpx.AsyncClient, database: Database) -> None:
    headers = await as_account(database, await make_account(database))

    for written in ("Example.org", " example.org "):  # twice is once
        assert (await client.post(URL, data={"domain": written}, headers=headers)).json() == {}
    await client.post(URL, data={"domain": "a.example.com"}, headers=headers)
    assert (await client.get(URL, headers=headers)).json() == ["a.example.com", "example.org"]
    others = await as_account(database, await make_account(database))
    assert (await client.get(URL, headers=others)).json() == []

    for _ in range(2):
        gone = await client.request("DELETE", URL, json={"domain": "EXAMPLE.ORG"}, headers=headers)
        assert gone.json() == {}
    assert (await client.get(URL, headers=headers)).json() == ["a.example.com"]


@pytest.mark.parametrize(
    ("domain", "status", "message"),
    [
        ("", 400, "param is missing or the value is empty: domain"),
        ("nowhere", 422, "Validation failed: Domain is not a valid domain name"),
        ("a b.org", 422, "Validation failed: Domain is not a valid domain name"),
    ],
)
async def test_what_is_no_domain(
    client: httpx.AsyncClient, database: Database, domain: str, status: int, message: str
) -> None:
    headers = await as_account(database, await make_account(database))

    response = await client.post(URL, json={"domain": domain}, headers=headers)

    assert (response.status_code, response.json()["error"]) == (status, message)
