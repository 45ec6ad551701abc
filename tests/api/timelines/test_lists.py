"""Lists: who is in them, what they show, and what they keep away from home."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from app.database import Database
from app.domain.timelines.lists import MAX_LISTS
from app.models.accounts.accounts import Account
from app.models.timelines.lists import List, RepliesPolicy
from tests.conftest import RunJobs
from tests.factories import (
    as_account,
    ids,
    make_account,
    make_follow,
    make_list,
    make_reblog,
    make_status,
)

pytestmark = pytest.mark.anyio

URL = "/api/v1/lists"
HOME = "/api/v1/timelines/home"


class Reader:
    """Somebody with lists."""

    def __init__(self, client: httpx.AsyncClient, headers: dict[str, str]) -> None:
        self.client, self.headers = client, headers

    async def ask(self, method: str, url: str, **sent: Any) -> Any:
        response = await self.client.request(method, url, json=sent or None, headers=self.headers)
        assert response.status_code == 200, response.text
        return response.json()

    async def make(self, *members: Account, **sent: Any) -> str:
        """The id of a new list with these members."""
        made = await self.ask("POST", URL, title="Some", **sent)
        if members:
            await self.put(made["id"], *members)
        list_id: str = made["id"]
        return list_id

    async def put(self, list_id: str, *members: Account) -> None:
        sent = [str(one.id) for one in members]
        assert await self.ask("POST", f"{URL}/{list_id}/accounts", account_ids=sent) == {}

    async def take(self, list_id: str, *members: Account) -> None:
        sent = [str(one.id) for one in members]
        assert await self.ask("DELETE", f"{URL}/{list_id}/accounts", account_ids=sent) == {}

    async def status_ids(self, url: str) -> list[int]:
        return [int(id_) for id_ in ids(await self.ask("GET", url))]


MakeReader = Callable[[Account], Awaitable[Reader]]


@pytest.fixture
def reading(client: httpx.AsyncClient, database: Database) -> MakeReader:
    async def make(account: Account) -> Reader:
        return Reader(client, await as_account(database, account))

    return make


async def test_the_life_of_a_list(database: Database, reading: MakeReader) -> None:
    ada = await reading(await make_account(database))
    assert await ada.ask("GET", URL) == []

    made = await ada.ask("POST", URL, title=" Lab  people ")
    assert made == {
        "id": made["id"],
        "title": "Lab people",
        "replies_policy": "list",
        "exclusive": False,
    }
    one = f"{URL}/{made['id']}"
    for changes in (
        {"title": "Laboratory"},
        {"replies_policy": "none"},
        {"exclusive": "true"},
        {"exclusive": False},
    ):
        made |= {name: value == "true" or value for name, value in changes.items()}
        assert await ada.ask("PUT", one, **changes) == made
        assert await ada.ask("GET", one) == made
    assert await ada.ask("GET", URL) == [made]

    assert await ada.ask("DELETE", one) == {}
    assert await ada.ask("GET", URL) == []


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({}, "Validation failed: Title can't be blank"),
        ({"title": " "}, "Validation failed: Title can't be blank"),
        ({"title": "a" * 257}, "Validation failed: Title is too long (maximum is 256 characters)"),
    ],
)
async def test_a_list_needs_a_title(
    client: httpx.AsyncClient, database: Database, sent: dict[str, str], message: str
) -> None:
    headers = await as_account(database, await make_account(database))

    response = await client.post(URL, json=sent, headers=headers)

    assert (response.status_code, response.json()["error"]) == (422, message)
    assert (await client.get(URL, headers=headers)).json() == []


async def test_how_many_lists(client: httpx.AsyncClient, database: Database) -> None:
    ada = await make_account(database)
    async with database.session() as session:
        session.add_all(List(account_id=ada.id, title="One") for _ in range(MAX_LISTS - 1))
        await session.commit()
    headers = await as_account(database, ada)

    answers = await asyncio.gather(
        *(client.post(URL, json={"title": "More"}, headers=headers) for _ in range(3))
    )

    assert sorted(answer.status_code for answer in answers) == [200, 422, 422]
    refused = next(answer for answer in answers if answer.status_code == 422)
    assert refused.json()["error"] == (
        "Validation failed: You have reached the maximum number of lists"
    )


async def test_members(database: Database, reading: MakeReader, client: httpx.AsyncClient) -> None:
    owner, bob, eve, joe = [await make_account(database) for _ in range(4)]
    await make_follow(database, owner, bob, eve)
    ada = await reading(owner)
    list_id = await ada.make(bob, owner)

    await ada.put(list_id, bob, eve)  # twice is once
    everybody = await ada.ask("GET", f"{URL}/{list_id}/accounts?limit=0")
    assert {one["id"] for one in everybody} == {str(one.id) for one in (owner, bob, eve)}
    assert ids(await ada.ask("GET", f"/api/v1/accounts/{bob.id}/lists")) == [list_id]
    assert await ada.ask("GET", f"/api/v1/accounts/{joe.id}/lists") == []

    # All or none: one of them is not followed.
    refused = await client.post(
        f"{URL}/{list_id}/accounts",
        json={"account_ids": [str(joe.id), str(eve.id)]},
        headers=ada.headers,
    )
    assert refused.status_code == 404

    for _ in range(2):
        await ada.take(list_id, bob, joe)
    # Who is followed no longer leaves by that.
    await ada.ask("POST", f"/api/v1/accounts/{eve.id}/unfollow")
    assert ids(await ada.ask("GET", f"{URL}/{list_id}/accounts")) == [str(owner.id)]


@pytest.mark.parametrize(
    ("policy", "shown"),
    [
        ("list", {"to oneself", "to the owner", "to a member"}),
        ("followed", {"to oneself", "to the owner", "to a member", "to somebody followed"}),
        ("none", {"to oneself", "to the owner"}),
    ],
)
async def test_which_replies_a_list_shows(
    database: Database, reading: MakeReader, policy: str, shown: set[str]
) -> None:
    owner, bob, eve, joe, zoe = [await make_account(database) for _ in range(5)]
    await make_follow(database, owner, bob, eve, joe)
    parents = {
        "to oneself": await make_status(database, bob),
        "to the owner": await make_status(database, owner),
        "to a member": await make_status(database, eve),
        "to somebody followed": await make_status(database, joe),
        "to a stranger": await make_status(database, zoe),
    }
    replies = {
        name: await make_status(database, bob, name, in_reply_to_id=parent)
        for name, parent in parents.items()
    }
    ada = await reading(owner)
    list_id = await ada.make(bob, eve, replies_policy=policy)

    found = await ada.status_ids(f"/api/v1/timelines/list/{list_id}")

    assert set(found) & set(replies.values()) == {replies[name] for name in shown}


async def test_a_list_keeps_to_how_one_follows(database: Database, reading: MakeReader) -> None:
    owner, bob, eve = [await make_account(database) for _ in range(3)]
    await make_follow(database, owner, bob)
    ada = await reading(owner)
    await ada.ask(
        "POST", f"/api/v1/accounts/{bob.id}/follow", reblogs=False, languages=["nl", "en"]
    )
    said = await make_status(database, bob, language="nl")
    await make_status(database, bob, language="fr")
    await make_reblog(database, bob, await make_status(database, eve))
    own = await make_status(database, owner, language="fr")
    list_id = await ada.make(bob, owner)

    # Oneself one does not follow, yet one may be in it.
    assert await ada.status_ids(f"/api/v1/timelines/list/{list_id}") == [own, said]


async def test_an_exclusive_list_keeps_its_members_away_from_home(
    database: Database, reading: MakeReader, run_jobs: RunJobs
) -> None:
    owner, bob, eve = [await make_account(database) for _ in range(3)]
    await make_follow(database, owner, bob, eve)
    bobs, eves = await make_status(database, bob), await make_status(database, eve)
    await run_jobs()
    ada = await reading(owner)

    async def home() -> list[int]:
        await run_jobs()
        return await ada.status_ids(HOME)

    list_id = await ada.make(bob, exclusive=True)
    assert await home() == [eves]
    # In another list he is elsewhere as well, but not only there.
    await ada.make(bob, eve)
    await make_status(database, bob)
    assert await home() == [eves]
    assert len(await ada.status_ids(f"/api/v1/timelines/list/{list_id}")) == 2

    await ada.put(list_id, eve)
    assert await home() == []
    await ada.take(list_id, eve)
    assert await home() == [eves]
    for exclusive, length in ((False, 3), (True, 1)):
        await ada.ask("PUT", f"{URL}/{list_id}", exclusive=exclusive)
        assert len(await home()) == length
    await ada.ask("DELETE", f"{URL}/{list_id}")
    assert len(await home()) == 3
    assert bobs in await home()


async def test_what_is_wanted_is_found_behind_much_that_is_not(
    client: httpx.AsyncClient, database: Database
) -> None:
    """A page is looked for among three times as many statuses first."""
    ada, bob, eve = [await make_account(database) for _ in range(3)]
    await make_follow(database, ada, bob)
    list_id = await make_list(database, ada, bob, replies_policy=RepliesPolicy.NONE)
    question = await make_status(database, eve)
    wanted = []
    for _ in range(2):
        wanted.append(await make_status(database, bob))
        for _ in range(5):
            await make_status(database, bob, in_reply_to_id=question)
    headers = await as_account(database, ada)

    async def page(**params: int) -> list[str]:
        url = f"/api/v1/timelines/list/{list_id}"
        found = await client.get(url, params={"limit": 1, **params}, headers=headers)
        return ids(found.json())

    assert await page() == [str(wanted[1])]
    assert await page(max_id=wanted[1]) == [str(wanted[0])]
    assert await page(min_id=wanted[0]) == [str(wanted[1])]
    assert await page(max_id=wanted[0]) == []
    assert await page(limit=2) == [str(wanted[1]), str(wanted[0])]
