"""How far somebody has read."""

import asyncio
from typing import Any

import httpx
import pytest

from app.database import Database
from tests.factories import as_account, make_account

pytestmark = pytest.mark.anyio

URL = "/api/v1/markers"


@pytest.mark.parametrize(
    "sent",
    [
        {"json": {"home": {"last_read_id": "12"}, "notifications": {"last_read_id": 34}}},
        {"data": {"home[last_read_id]": "12", "notifications[last_read_id]": "34"}},
        {"params": {"home[last_read_id]": "12", "notifications[last_read_id]": "34"}},
    ],
    ids=["json", "form", "query"],
)
async def test_setting_both(
    client: httpx.AsyncClient, database: Database, sent: dict[str, Any]
) -> None:
    headers = await as_account(database, await make_account(database))

    written = (await client.post(URL, headers=headers, **sent)).json()
    read = await client.get(
        f"{URL}?timeline[]=home&timeline[]=notifications&timeline[]=else", headers=headers
    )

    assert {name: marker["last_read_id"] for name, marker in written.items()} == {
        "home": "12",
        "notifications": "34",
    }
    assert {marker["version"] for marker in written.values()} == {1}
    assert read.json() == written


async def test_one_at_a_time(client: httpx.AsyncClient, database: Database) -> None:
    headers = await as_account(database, await make_account(database))
    await client.post(URL, headers=headers, data={"home[last_read_id]": "12"})

    again = await client.post(URL, headers=headers, data={"home[last_read_id]": "9"})

    assert again.json()["home"]["version"] == 2
    assert again.json()["home"]["last_read_id"] == "9"
    assert list((await client.get(f"{URL}?timeline=home", headers=headers)).json()) == ["home"]
    assert (await client.get(f"{URL}?timeline=notifications", headers=headers)).json() == {}
    assert (await client.get(URL, headers=headers)).json() == {}
    assert (await client.post(URL, headers=headers)).json() == {}


async def test_nobody_sees_those_of_others(client: httpx.AsyncClient, database: Database) -> None:
    ada, bob = await make_account(database), await make_account(database)
    mark = {"home[last_read_id]": "12"}
    await client.post(URL, headers=await as_account(database, ada), data=mark)

    theirs = await client.get(f"{URL}?timeline=home", headers=await as_account(database, bob))

    assert theirs.json() == {}


async def test_a_device_that_comes_at_the_same_moment_is_told(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_account(database)
    headers = await as_account(database, ada)
    await client.post(URL, headers=headers, data={"home[last_read_id]": "12"})
    async with database.session() as session:
        connection = await session.connection()
        await connection.exec_driver_sql("SELECT FROM markers FOR UPDATE")

        response = await client.post(URL, headers=headers, data={"home[last_read_id]": "13"})

    assert response.status_code == 409
    assert response.json()["error"] == "Conflict during update, please try again"


async def test_devices_that_come_first_at_the_same_moment(
    client: httpx.AsyncClient, database: Database
) -> None:
    headers = await as_account(database, await make_account(database))
    mark = {"home[last_read_id]": "12", "notifications[last_read_id]": "12"}

    answers = await asyncio.gather(
        *(client.post(URL, headers=headers, data=mark) for _ in range(8))
    )

    statuses = {answer.status_code for answer in answers}
    assert 200 in statuses
    assert statuses <= {200, 409}
    rows = await database.fetch("SELECT version FROM markers")
    written = sum(answer.status_code == 200 for answer in answers)
    assert [row["version"] for row in rows] == [written, written]


@pytest.mark.parametrize("id_", ["x", "-1", "99999999999999999999"])
async def test_what_is_no_id_is_refused(
    client: httpx.AsyncClient, database: Database, id_: str
) -> None:
    headers = await as_account(database, await make_account(database))

    response = await client.post(URL, headers=headers, data={"home[last_read_id]": id_})

    assert response.status_code == 422
