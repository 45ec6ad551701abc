"""Favourites, bookmarks, reblogs and reactions: each verb and its opposite."""

import asyncio

import httpx
import pytest

from app.database import Database
from app.models.statuses.statuses import Visibility
from tests.factories import as_account, ids, make_account, make_follow, make_reblog, make_status

pytestmark = pytest.mark.anyio

VERBS = [
    ("favourite", "unfavourite", "favourited", "favourites_count"),
    ("bookmark", "unbookmark", "bookmarked", None),
    ("reblog", "unreblog", "reblogged", "reblogs_count"),
    ("react/👍", "unreact/👍", None, None),
]


@pytest.mark.parametrize(("verb", "opposite", "mark", "counter"), VERBS)
async def test_a_verb_and_its_opposite_restore_the_status(
    client: httpx.AsyncClient,
    database: Database,
    verb: str,
    opposite: str,
    mark: str | None,
    counter: str | None,
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    status_id = await make_status(database, ada)
    headers = await as_account(database, bob)
    url = f"/api/v1/statuses/{status_id}"
    before = (await client.get(url, headers=headers)).json()

    for _ in range(2):  # twice is once
        done = await client.post(f"{url}/{verb}", headers=headers)
        assert done.status_code == 200, done.text
    during = (await client.get(url, headers=headers)).json()
    for _ in range(2):
        undone = await client.post(f"{url}/{opposite}", headers=headers)
        assert undone.status_code == 200, undone.text

    if mark:
        assert during[mark] is True
    else:
        assert during["reactions"] == [{"name": "👍", "count": 1, "me": True}]
    if counter:
        assert during[counter] == 1
    assert undone.json() == before
    assert (await client.get(url, headers=headers)).json() == before


@pytest.mark.parametrize(
    ("verb", "opposite"), [*(verbs[:2] for verbs in VERBS), ("mute", "unmute")]
)
async def test_what_may_not_be_read_any_more_is_taken_back_all_the_same(
    client: httpx.AsyncClient, database: Database, verb: str, opposite: str
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    status_id = await make_status(database, ada)
    headers, author = await as_account(database, bob), await as_account(database, ada)
    url = f"/api/v1/statuses/{status_id}"
    before = (await client.get(url, headers=headers)).json()
    await client.post(f"{url}/{verb}", headers=headers)
    await client.post(f"/api/v1/accounts/{bob.id}/block", headers=author)

    # It shows no more than before, and says nothing of what is not there.
    for id_ in (status_id, status_id, 1):
        undone = await client.post(f"/api/v1/statuses/{id_}/{opposite}", headers=headers)
        assert (undone.status_code, undone.json()["error"]) == (404, "Record not found")

    await client.post(f"/api/v1/accounts/{bob.id}/unblock", headers=author)
    assert (await client.get(url, headers=headers)).json() == before


async def test_a_reblog_of_what_may_not_be_read_any_more_is_deleted(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    status_id = await make_status(database, ada)
    wrapper = await make_reblog(database, bob, status_id)
    author = await as_account(database, ada)
    await client.post(f"/api/v1/accounts/{bob.id}/block", headers=author)

    deleted = await client.delete(
        f"/api/v1/statuses/{wrapper}", headers=await as_account(database, bob)
    )

    assert deleted.status_code == 404
    assert await database.fetch("SELECT FROM statuses WHERE id = $1", wrapper) == []
    shown = (await client.get(f"/api/v1/statuses/{status_id}", headers=author)).json()
    assert shown["reblogs_count"] == 0


@pytest.mark.parametrize("verb", ["favourite", "reblog", "react/🎉"])
async def test_simultaneous_requests_count_once(
    client: httpx.AsyncClient, database: Database, verb: str
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    status_id = await make_status(database, ada)
    headers = await as_account(database, bob)

    answers = await asyncio.gather(
        *(client.post(f"/api/v1/statuses/{status_id}/{verb}", headers=headers) for _ in range(8))
    )

    assert {answer.status_code for answer in answers} == {200}
    status = (await client.get(f"/api/v1/statuses/{status_id}", headers=headers)).json()
    assert (
        status["favourites_count"]
        + status["reblogs_count"]
        + sum(reaction["count"] for reaction in status["reactions"])
        == 1
    )
    told = await database.fetch(
        "SELECT name FROM events WHERE payload->>'account_id' = $1", str(bob.id)
    )
    assert len(told) == 1


async def test_a_reblog_wraps_the_original(client: httpx.AsyncClient, database: Database) -> None:
    ada, bob = await make_account(database), await make_account(database)
    status_id = await make_status(database, ada, "Worth passing on")
    headers = await as_account(database, bob)

    wrapper = (await client.post(f"/api/v1/statuses/{status_id}/reblog", headers=headers)).json()
    again = (await client.post(f"/api/v1/statuses/{wrapper['id']}/reblog", headers=headers)).json()

    assert wrapper["account"]["id"] == str(bob.id)
    assert wrapper["reblog"]["id"] == str(status_id)
    assert wrapper["content"] == wrapper["reblog"]["content"]
    assert wrapper["reblogged"] is wrapper["reblog"]["reblogged"] is True
    assert wrapper["reblogs_count"] == 1
    assert again["id"] == wrapper["id"]
    by = await client.get(f"/api/v1/statuses/{status_id}/reblogged_by")
    assert ids(by.json()) == [str(bob.id)]


@pytest.mark.parametrize(
    ("visibility", "wanted", "answer", "becomes"),
    [
        (Visibility.PUBLIC, "private", 200, "private"),
        (Visibility.UNLISTED, "public", 200, "unlisted"),
        (Visibility.PRIVATE, None, 403, None),
        (Visibility.DIRECT, None, 404, None),
        (Visibility.PUBLIC, "direct", 403, None),
    ],
)
async def test_a_reblog_is_never_wider_than_the_original(
    client: httpx.AsyncClient,
    database: Database,
    visibility: Visibility,
    wanted: str | None,
    answer: int,
    becomes: str | None,
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    await make_follow(database, bob, ada)
    status_id = await make_status(database, ada, visibility=visibility)

    response = await client.post(
        f"/api/v1/statuses/{status_id}/reblog",
        json={"visibility": wanted} if wanted else {},
        headers=await as_account(database, bob),
    )

    assert response.status_code == answer
    assert response.json().get("visibility") == becomes


async def test_lists_of_marks_follow_the_mark_not_the_status(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_account(database)
    first, second = await make_status(database, ada), await make_status(database, ada)
    headers = await as_account(database, ada)
    for kind, listing in (("favourite", "favourites"), ("bookmark", "bookmarks")):
        await client.post(f"/api/v1/statuses/{second}/{kind}", headers=headers)
        await client.post(f"/api/v1/statuses/{first}/{kind}", headers=headers)

        page = await client.get(f"/api/v1/{listing}?limit=1", headers=headers)
        rest = await client.get(page.links["next"]["url"], headers=headers)

        assert ids(page.json()) == [str(first)]
        assert ids(rest.json()) == [str(second)]


async def test_nobody_marks_what_they_may_not_read(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    status_id = await make_status(database, ada, visibility=Visibility.PRIVATE)
    headers = await as_account(database, bob)

    for verb in ("favourite", "bookmark", "reblog", "react/👍", "unfavourite", "unreact/👍"):
        response = await client.post(f"/api/v1/statuses/{status_id}/{verb}", headers=headers)
        assert response.status_code == 404, verb
        assert response.json()["error"] == "Record not found"


@pytest.mark.parametrize("name", ["x", "hello", ":nobody_knows:", "👍👍", "<b>"])
async def test_only_emojis_are_reactions(
    client: httpx.AsyncClient, database: Database, name: str
) -> None:
    ada = await make_account(database)
    status_id = await make_status(database, ada)

    response = await client.post(
        f"/api/v1/statuses/{status_id}/react/{name}", headers=await as_account(database, ada)
    )

    assert response.status_code == 422


async def test_both_reaction_dialects_do_the_same(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    status_id = await make_status(database, ada)
    url, headers = f"/api/v1/statuses/{status_id}", await as_account(database, bob)

    reacted = await client.put(f"{url}/emoji_reactions/🧠", headers=headers)
    people = await client.get(f"{url}/emoji_reactioned_by", headers=headers)
    undone = await client.post(f"{url}/unreact/🧠", headers=headers)

    assert reacted.json()["emoji_reactions"] == [{"name": "🧠", "count": 1, "me": True}]
    assert reacted.json()["reactions"] == reacted.json()["emoji_reactions"]
    assert [(row["name"], row["account"]["id"]) for row in people.json()] == [("🧠", str(bob.id))]
    assert undone.json()["emoji_reactions"] == []


async def test_an_account_puts_a_limited_number_of_reactions(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_account(database)
    status_id = await make_status(database, ada)
    headers = await as_account(database, ada)

    answers = [
        (await client.post(f"/api/v1/statuses/{status_id}/react/{emoji}", headers=headers))
        for emoji in "👍🎉🧠🔥🚀👏🙏😀😎"
    ]

    assert [answer.status_code for answer in answers] == [200] * 8 + [422]


async def test_deleting_a_status_takes_its_reblogs_along(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    status_id = await make_status(database, ada)
    wrapper = await make_reblog(database, bob, status_id)

    await client.delete(f"/api/v1/statuses/{status_id}", headers=await as_account(database, ada))

    assert (await client.get(f"/api/v1/statuses/{wrapper}")).status_code == 404
    account = (await client.get(f"/api/v1/accounts/{bob.id}/statuses")).json()
    assert account == []
    counts = await database.fetch("SELECT statuses_count FROM accounts")
    assert {row["statuses_count"] for row in counts} == {0}
