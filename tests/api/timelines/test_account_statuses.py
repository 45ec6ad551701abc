"""What one account said."""

import httpx
import pytest

from app import clock
from app.database import Database
from app.models.accounts.accounts import Account
from app.models.statuses.statuses import Visibility
from tests.factories import as_account, ids, make_account, make_reblog, make_status

pytestmark = pytest.mark.anyio


async def said(
    client: httpx.AsyncClient, account: Account, query: str = "", **headers: str
) -> list[str]:
    response = await client.get(f"/api/v1/accounts/{account.id}/statuses?{query}", headers=headers)
    assert response.status_code == 200, response.text
    return ids(response.json())


@pytest.mark.parametrize(
    ("query", "left_out"),
    [
        ("", set()),
        ("exclude_replies=1", {"to bob"}),
        ("exclude_reblogs=true", {"a reblog", "own reblog"}),
        ("exclude_replies=1&exclude_reblogs=1", {"to bob", "a reblog", "own reblog"}),
        ("exclude_replies=false&exclude_reblogs=0&only_media=&pinned=off", set()),
    ],
)
async def test_what_may_be_left_out(
    client: httpx.AsyncClient, database: Database, query: str, left_out: set[str]
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    by_bob = await make_status(database, bob)
    made = {"said": await make_status(database, ada)}
    made["to bob"] = await make_status(database, ada, in_reply_to_id=by_bob)
    made["to herself"] = await make_status(database, ada, in_reply_to_id=made["said"])
    made["a reblog"] = await make_reblog(database, ada, by_bob)
    made["own reblog"] = await make_reblog(database, ada, made["said"])

    wanted = [str(made[name]) for name in made if name not in left_out]
    assert await said(client, ada, query) == wanted[::-1]


async def test_replies_stay_replies_when_what_they_answer_is_deleted(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    by_bob = await make_status(database, bob)
    reply = await make_status(database, ada, in_reply_to_id=by_bob)
    assert await said(client, ada, "exclude_replies=1") == []

    await client.delete(f"/api/v1/statuses/{by_bob}", headers=await as_account(database, bob))

    # It was not said to everybody, and is not now.
    assert await said(client, ada, "") == [str(reply)]
    assert await said(client, ada, "exclude_replies=1") == []
    assert (await client.get("/api/v1/timelines/public")).json() == []


async def test_one_tag(client: httpx.AsyncClient, database: Database) -> None:
    ada, bob = await make_account(database), await make_account(database)
    tagged = await make_status(database, ada, "#Café")
    await make_status(database, ada, "#other")
    await make_status(database, bob, "#café")

    for name in ("cafe", "CAFÉ"):
        assert await said(client, ada, f"tagged={name}") == [str(tagged)]
    for name in ("unheard_of", "-", "42"):
        assert await said(client, ada, f"tagged={name}") == [], name


async def test_nothing_is_pinned_or_has_media_yet(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_account(database)
    await make_status(database, ada)

    assert await said(client, ada, "pinned=true") == []
    assert await said(client, ada, "only_media=true") == []


async def test_a_suspended_account_says_nothing(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    status_id = await make_status(database, ada)
    wrapper = await make_reblog(database, bob, status_id)
    assert await said(client, bob) == [str(wrapper)]

    await database.fetch("UPDATE accounts SET suspended_at = $2 WHERE id = $1", ada.id, clock.now())

    assert await said(client, ada) == []
    # Nor do others for it.
    assert await said(client, bob) == []


async def test_somebody_elses_private_status_does_not_come_through_a_reblog(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    private = await make_status(database, ada, visibility=Visibility.PRIVATE)
    wrapper = await make_reblog(database, ada, private)

    assert await said(client, ada) == []
    assert await said(client, ada, **await as_account(database, bob)) == []
    own = await said(client, ada, **await as_account(database, ada))
    assert own == [str(wrapper), str(private)]
