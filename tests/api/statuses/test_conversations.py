"""Conversations: what is said among a few, as each of them sees it."""

from typing import Any

import httpx
import pytest

from app.database import Database
from app.domain.accounts import erasure
from app.models.accounts.accounts import Account
from app.models.statuses.statuses import Visibility
from tests.factories import as_account, ids, make_account, make_status

pytestmark = pytest.mark.anyio

URL = "/api/v1/conversations"
STATUSES = "/api/v1/statuses"


async def say(database: Database, account: Account, text: str, to: int | None = None) -> int:
    return await make_status(
        database, account, text, visibility=Visibility.DIRECT, in_reply_to_id=to
    )


async def listed(client: httpx.AsyncClient, headers: dict[str, str]) -> list[dict[str, Any]]:
    response = await client.get(URL, headers=headers)
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()
    return found


async def last(client: httpx.AsyncClient, headers: dict[str, str]) -> list[tuple[int, bool]]:
    """Of each conversation, what was said last, and whether it is unread."""
    return [
        (int(each["last_status"]["id"]), each["unread"]) for each in await listed(client, headers)
    ]


async def test_each_of_them_has_it(client: httpx.AsyncClient, database: Database) -> None:
    ada, bob, eve = [await make_account(database, name) for name in ("ada", "bob", "eve")]
    one, two, three = [await as_account(database, account) for account in (ada, bob, eve)]

    first = await say(database, ada, "@bob Psst")
    assert await last(client, one) == [(first, False)]
    assert await last(client, two) == [(first, True)]
    assert await last(client, three) == []
    [mine], [theirs] = await listed(client, one), await listed(client, two)
    assert ids(mine["accounts"]) == [str(bob.id)]
    assert ids(theirs["accounts"]) == [str(ada.id)]
    assert theirs["last_status"]["content"].endswith("Psst</p>")

    second = await say(database, bob, "@ada What?", first)
    assert await last(client, one) == [(second, True)]
    assert await last(client, two) == [(second, False)]
    assert ids(await listed(client, one)) == [mine["id"]]
    # With somebody else it is another one, though it is the same thread.
    third = await say(database, ada, "@bob @eve Look", second)
    assert await last(client, one) == [(third, False), (second, True)]
    assert await last(client, three) == [(third, True)]
    together = (await listed(client, three))[0]
    assert sorted(ids(together["accounts"])) == sorted([str(ada.id), str(bob.id)])


async def test_talking_to_oneself(client: httpx.AsyncClient, database: Database) -> None:
    ada = await make_account(database)
    headers = await as_account(database, ada)
    note = await say(database, ada, "To remember")
    await make_status(database, ada, "Said aloud")

    [conversation] = await listed(client, headers)

    assert ids(conversation["accounts"]) == [str(ada.id)]
    assert conversation["last_status"]["id"] == str(note)


async def test_reading_it(client: httpx.AsyncClient, database: Database) -> None:
    ada, bob = await make_account(database, "ada"), await make_account(database, "bob")
    headers, others = await as_account(database, bob), await as_account(database, ada)
    await say(database, ada, "@bob Psst")
    [conversation] = await listed(client, headers)
    url = f"{URL}/{conversation['id']}"

    for verb, unread in (("read", False), ("read", False), ("unread", True)):
        answer = await client.post(f"{url}/{verb}", headers=headers)
        assert answer.json() == conversation | {"unread": unread}
        assert await listed(client, headers) == [answer.json()]
    for verb in ("read", "unread"):
        assert (await client.post(f"{url}/{verb}", headers=others)).status_code == 404
    assert (await client.delete(url, headers=others)).status_code == 404

    assert (await client.delete(url, headers=headers)).json() == {}
    assert await listed(client, headers) == []
    assert len(await listed(client, others)) == 1
    again = await say(database, ada, "@bob Still there?", int(conversation["last_status"]["id"]))
    assert await last(client, headers) == [(again, True)]


async def test_what_is_deleted_ends_it_no_more(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob = await make_account(database, "ada"), await make_account(database, "bob")
    headers, others = await as_account(database, ada), await as_account(database, bob)
    first = await say(database, ada, "@bob One")
    second = await say(database, ada, "@bob Two", first)
    await make_status(database, ada, "@bob aloud", in_reply_to_id=second)

    await client.delete(f"{STATUSES}/{second}", headers=headers)
    assert await last(client, others) == [(first, True)]
    assert await last(client, headers) == [(first, False)]
    await client.delete(f"{STATUSES}/{first}", headers=headers)
    assert await listed(client, others) == await listed(client, headers) == []
    assert await database.fetch("SELECT FROM conversations") == []


async def test_who_is_mentioned_later_takes_part(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob, eve = [await make_account(database, name) for name in ("ada", "bob", "eve")]
    status_id = await say(database, ada, "@bob Psst")
    sent = {"status": "@bob @eve Psst"}

    edited = await client.put(
        f"{STATUSES}/{status_id}", json=sent, headers=await as_account(database, ada)
    )

    assert edited.status_code == 200, edited.text
    for account in (ada, bob, eve):
        [conversation] = await listed(client, await as_account(database, account))
        assert len(conversation["accounts"]) == 2


async def test_whom_one_does_not_want_to_hear(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob = await make_account(database, "ada"), await make_account(database, "bob")
    headers = await as_account(database, bob)
    await say(database, ada, "@bob Before")
    assert len(await listed(client, headers)) == 1

    await client.post(f"/api/v1/accounts/{ada.id}/mute", headers=headers)
    await say(database, ada, "@bob Meanwhile")
    assert await listed(client, headers) == []
    await client.post(f"/api/v1/accounts/{ada.id}/unmute", headers=headers)

    assert len(await listed(client, headers)) == 1
    assert len(await listed(client, await as_account(database, ada))) == 2


async def test_who_is_erased_takes_along_only_what_they_said(
    client: httpx.AsyncClient, database: Database
) -> None:
    """GD-3: the others keep what they said, and nothing names who is gone."""
    ada, bob, eve = [await make_account(database, name) for name in ("ada", "bob", "eve")]
    headers = await as_account(database, ada)
    first = await say(database, ada, "@bob Psst")
    await say(database, bob, "@ada What?", first)
    alone = await say(database, bob, "@ada Something else")
    among = await say(database, ada, "@bob @eve Look")
    without = await say(database, ada, "@eve Only you", among)
    await say(database, bob, "@ada @eve I see", among)
    assert len(await listed(client, headers)) == 4

    async with database.session() as session:
        await erasure.erase(session, bob.id)
        await session.commit()

    # What was among three is among those two that there are, where there was something already.
    assert await last(client, headers) == [(without, True), (first, True)]
    assert [ids(each["accounts"]) for each in await listed(client, headers)] == [
        [str(eve.id)],
        [str(ada.id)],
    ]
    assert await last(client, await as_account(database, eve)) == [(without, True)]
    rows = await database.fetch("SELECT participant_ids, last_status_id FROM conversations")
    assert all(bob.id not in row["participant_ids"] for row in rows)
    assert alone not in {row["last_status_id"] for row in rows}
    # It goes on.
    third = await say(database, eve, "@ada Well?", without)
    assert (await last(client, headers))[0] == (third, True)
    assert len(await listed(client, headers)) == 2


async def test_streams_are_told(client: httpx.AsyncClient, database: Database) -> None:
    ada, bob = await make_account(database, "ada"), await make_account(database, "bob")
    first = await say(database, ada, "@bob Psst")

    [told] = await database.fetch(
        "SELECT payload::text FROM events WHERE name = 'conversation.updated'"
    )

    assert str(first) in told["payload"]
    assert all(str(account.id) in told["payload"] for account in (ada, bob))


async def test_the_direct_timeline(client: httpx.AsyncClient, database: Database) -> None:
    ada, bob = await make_account(database, "ada"), await make_account(database, "bob")
    headers = await as_account(database, bob)
    to_bob = await say(database, ada, "@bob Psst")
    by_bob = await say(database, bob, "@ada What?", to_bob)
    await say(database, ada, "To myself")
    await make_status(database, ada, "@bob Aloud")

    found = await client.get("/api/v1/timelines/direct", headers=headers)

    assert ids(found.json()) == [str(by_bob), str(to_bob)]
