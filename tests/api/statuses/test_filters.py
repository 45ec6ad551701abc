"""Filters: what somebody wants to be spared, and what becomes of it on every path."""

from typing import Any

import httpx
import pytest

from app.database import Database
from app.models.accounts.accounts import Account
from app.models.statuses.statuses import Visibility
from tests.conftest import RunJobs, Statements
from tests.factories import (
    as_account,
    ids,
    make_account,
    make_follow,
    make_poll,
    make_reblog,
    make_status,
)
from tests.media import make_media

pytestmark = pytest.mark.anyio

URL = "/api/v2/filters"
STATUSES = "/api/v1/statuses"
LUNCH: dict[str, Any] = {
    "title": "Food",
    "context": ["home", "public"],
    "keywords_attributes": [{"keyword": "lunch", "whole_word": True}],
}


async def create(
    client: httpx.AsyncClient, headers: dict[str, str], **changed: Any
) -> dict[str, Any]:
    response = await client.post(URL, json=LUNCH | changed, headers=headers)
    assert response.status_code == 200, response.text
    made: dict[str, Any] = response.json()
    return made


async def matches(
    client: httpx.AsyncClient, status_id: int, headers: dict[str, str]
) -> list[tuple[list[str] | None, list[str] | None]]:
    """Of each filter that matches, the keywords and the statuses."""
    found = (await client.get(f"{STATUSES}/{status_id}", headers=headers)).json()["filtered"]
    return [(each["keyword_matches"], each["status_matches"]) for each in found]


async def test_a_filter_from_its_beginning_to_its_end(
    client: httpx.AsyncClient, database: Database
) -> None:
    headers = await as_account(database, await make_account(database))

    made = await create(client, headers, expires_in=3600)

    [keyword] = made["keywords"]
    assert made == {
        "id": made["id"],
        "title": "Food",
        "context": ["home", "public"],
        "expires_at": made["expires_at"],
        "filter_action": "warn",
        "keywords": [{"id": keyword["id"], "keyword": "lunch", "whole_word": True}],
        "statuses": [],
    }
    assert made["expires_at"] is not None
    url = f"{URL}/{made['id']}"
    changes: dict[str, Any] = {
        "title": "Meals",
        "context[]": ["thread", "account"],
        "filter_action": "hide",
        "expires_in": "",
        "keywords_attributes[0][id]": keyword["id"],
        "keywords_attributes[0][_destroy]": "true",
        "keywords_attributes[1][keyword]": "dinner",
        "keywords_attributes[1][whole_word]": "0",
        "keywords_attributes[2][keyword]": "not kept",
        "keywords_attributes[2][_destroy]": "1",
    }
    changed = (await client.put(url, data=changes, headers=headers)).json()
    assert (changed["title"], changed["filter_action"]) == ("Meals", "hide")
    assert changed["context"] == ["thread", "account"]
    assert changed["expires_at"] is None
    [dinner] = changed["keywords"]
    assert (dinner["keyword"], dinner["whole_word"]) == ("dinner", False)
    again = {"keywords_attributes": [{"id": dinner["id"], "whole_word": True}]}
    again_changed = (await client.put(url, json=again, headers=headers)).json()
    assert again_changed == changed | {"keywords": [dinner | {"whole_word": True}]}

    assert (await client.get(URL, headers=headers)).json() == [again_changed]
    assert (await client.get(url, headers=headers)).json() == again_changed
    assert (await client.delete(url, headers=headers)).json() == {}
    assert (await client.get(URL, headers=headers)).json() == []
    assert (await client.get(url, headers=headers)).status_code == 404


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"title": " "}, "Title can't be blank"),
        ({"title": None}, "Title can't be blank"),
        ({"title": "a" * 257}, "Title is too long (maximum is 256 characters)"),
        ({"context": []}, "Context can't be blank"),
        ({"context": ["nowhere"]}, "Context None or invalid context supplied"),
        ({"keywords_attributes": [{"keyword": " "}]}, "Keyword can't be blank"),
        (
            {"keywords_attributes": [{"keyword": "a" * 513}]},
            "Keyword is too long (maximum is 512 characters)",
        ),
        ({"expires_in": "soon"}, "Expires in is not a number"),
    ],
)
async def test_what_cannot_be_a_filter(
    client: httpx.AsyncClient, database: Database, changed: dict[str, Any], text: str
) -> None:
    headers = await as_account(database, await make_account(database))

    response = await client.post(URL, json=LUNCH | changed, headers=headers)

    assert response.status_code == 422
    assert response.json()["error"] == f"Validation failed: {text}"
    assert (await client.get(URL, headers=headers)).json() == []


async def test_what_a_keyword_finds(client: httpx.AsyncClient, database: Database) -> None:
    ada, bob = await make_account(database), await make_account(database)
    headers = await as_account(database, bob)
    await create(client, headers, title="Words")

    for text, is_found in (
        ("Who wants LUNCH?", True),
        ("lunch", True),
        ("#lunch", True),
        ("Lunchtime", False),
        ("brunch, lunches, then lunch", True),
        ("lunch\u0301", False),  # another letter
        ("lunch_box", False),
        ("lunch-box", True),
    ):
        status_id = await make_status(database, ada, text)
        assert bool(await matches(client, status_id, headers)) is is_found, text
    warned = await make_status(database, ada, "Something", spoiler_text="About lunch")
    assert await matches(client, warned, headers) == [(["lunch"], None)]
    poll_id = await make_poll(database, ada, options=("Lunch", "Dinner"))
    [asked] = await database.fetch("SELECT status_id FROM polls WHERE id = $1", poll_id)
    assert await matches(client, asked["status_id"], headers) == [(["lunch"], None)]
    assert (await client.get(f"{STATUSES}/{warned}")).json().get("filtered") is None
    others = await as_account(database, ada)
    assert await matches(client, warned, others) == []


async def test_what_pictures_show_is_looked_into(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_account(database)
    headers = await as_account(database, ada)
    media = await make_media(database, ada, description="A plate of Broccoli")
    sent = {"status": "Look", "media_ids": [str(media.id)]}
    status = (await client.post("/api/v1/statuses", json=sent, headers=headers)).json()
    await create(client, headers, title="Food", keywords_attributes=[{"keyword": "broccoli"}])
    url = f"/api/v1/statuses/{status['id']}"

    [found] = (await client.get(url, headers=headers)).json()["filtered"]
    assert found["keyword_matches"] == ["broccoli"]

    described = [{"id": str(media.id), "description": "A plate of something"}]
    await client.put(url, json=sent | {"media_attributes": described}, headers=headers)
    assert (await client.get(url, headers=headers)).json()["filtered"] == []


async def test_parts_of_words_and_signs(client: httpx.AsyncClient, database: Database) -> None:
    ada = await make_account(database)
    headers = await as_account(database, ada)
    words = [
        {"keyword": "unch", "whole_word": False},
        {"keyword": "C++", "whole_word": True},
        {"keyword": "(a+)+$", "whole_word": True},
        {"keyword": "straße", "whole_word": True},
    ]
    await create(client, headers, keywords_attributes=words)

    for text, found in (
        ("Lunch", ["unch"]),
        ("I write C++17", ["C++"]),
        ("ABC++", None),
        ("(a+)+$ " + "a" * 400, ["(a+)+$"]),
        ("STRASSE", ["straße"]),
    ):
        status_id = await make_status(database, ada, text)
        expected = [(found, None)] if found else []
        assert await matches(client, status_id, headers) == expected, text


async def test_a_single_status(client: httpx.AsyncClient, database: Database) -> None:
    ada, bob = await make_account(database), await make_account(database)
    headers = await as_account(database, bob)
    status_id, other = [await make_status(database, ada) for _ in range(2)]
    wrapper = await make_reblog(database, ada, status_id)
    made = await create(client, headers, keywords_attributes=[])
    url = f"{URL}/{made['id']}/statuses"

    for id_ in (wrapper, status_id):  # the same, twice
        added = await client.post(url, json={"status_id": id_}, headers=headers)
        assert added.json()["status_id"] == str(status_id), added.text

    assert (await client.get(url, headers=headers)).json() == [added.json()]
    for id_ in (status_id, wrapper):
        assert await matches(client, id_, headers) == [(None, [str(status_id)])]
    assert await matches(client, other, headers) == []
    one = f"{URL}/statuses/{added.json()['id']}"
    assert (await client.get(one, headers=headers)).json() == added.json()
    assert (await client.delete(one, headers=headers)).json() == {}
    assert (await client.get(one, headers=headers)).status_code == 404
    assert await matches(client, status_id, headers) == []
    hidden = await make_status(database, ada, visibility=Visibility.PRIVATE)
    refused = await client.post(url, json={"status_id": hidden}, headers=headers)
    assert refused.status_code == 404


async def test_keywords_one_by_one(client: httpx.AsyncClient, database: Database) -> None:
    ada = await make_account(database)
    headers = await as_account(database, ada)
    status_id = await make_status(database, ada, "Soup for lunch")
    made = await create(client, headers, keywords_attributes=[])
    url = f"{URL}/{made['id']}/keywords"

    added = (await client.post(url, json={"keyword": "soup"}, headers=headers)).json()
    assert added == {"id": added["id"], "keyword": "soup", "whole_word": True}
    assert (await client.get(url, headers=headers)).json() == [added]
    assert await matches(client, status_id, headers) == [(["soup"], None)]
    one = f"{URL}/keywords/{added['id']}"
    change = {"keyword": "lunch", "whole_word": "false"}
    changed = (await client.put(one, data=change, headers=headers)).json()
    assert changed == {"id": added["id"], "keyword": "lunch", "whole_word": False}
    assert (await client.get(one, headers=headers)).json() == changed
    assert await matches(client, status_id, headers) == [(["lunch"], None)]
    assert (await client.delete(one, headers=headers)).json() == {}
    assert await matches(client, status_id, headers) == []
    assert (await client.get(one, headers=headers)).status_code == 404


async def test_a_filter_that_has_ended_is_listed_and_does_nothing(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_account(database)
    headers = await as_account(database, ada)
    status_id = await make_status(database, ada, "lunch")
    made = await create(client, headers, expires_in="600")
    assert len(await matches(client, status_id, headers)) == 1

    await database.fetch("UPDATE filters SET expires_at = now()")

    assert await matches(client, status_id, headers) == []
    assert ids((await client.get(URL, headers=headers)).json()) == [made["id"]]


async def test_every_path_says_what_is_filtered(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    ada, bob = await make_account(database), await make_account(database, "bob")
    headers = await as_account(database, bob)
    await make_follow(database, bob, ada)
    status_id = await make_status(database, ada, "@bob #lunch is ready")
    quoting = await make_status(database, bob, "Indeed", quoted_status_id=status_id)
    wrapper = await make_reblog(database, ada, status_id)
    await run_jobs()
    url = f"{STATUSES}/{status_id}"
    for verb in ("favourite", "bookmark"):
        await client.post(f"{url}/{verb}", headers=headers)
    made = await create(client, headers, context=["account"])

    def is_filtered(status: dict[str, Any]) -> bool:
        return [result["filter"]["id"] for result in status["filtered"]] == [made["id"]]

    async def get(path: str, **params: Any) -> Any:
        response = await client.get(path, params=params or None, headers=headers)
        assert response.status_code == 200, response.text
        return response.json()

    for path in (
        "/api/v1/timelines/home",
        "/api/v1/timelines/public",
        "/api/v1/timelines/tag/lunch",
        f"/api/v1/accounts/{ada.id}/statuses",
        "/api/v1/favourites",
        "/api/v1/bookmarks",
        f"{STATUSES}?id[]={status_id}",
    ):
        found = {status["id"]: status for status in await get(path)}
        assert is_filtered(found[str(status_id)]), path
    passed_on = await get(f"{STATUSES}/{wrapper}")
    assert is_filtered(passed_on)
    assert is_filtered(passed_on["reblog"])
    quote = await get(f"{STATUSES}/{quoting}")
    assert not quote["filtered"]
    assert is_filtered(quote["quote"]["quoted_status"])
    reply = await make_status(database, ada, "Yes", in_reply_to_id=status_id)
    assert is_filtered((await get(f"{STATUSES}/{reply}/context"))["ancestors"][0])
    assert is_filtered((await get("/api/v2/search", q="ready"))["statuses"][0])
    told = await get("/api/v1/notifications", **{"types[]": "mention"})
    assert is_filtered(told[0]["status"])
    answer = await client.post(f"{url}/unfavourite", headers=headers)
    assert is_filtered(answer.json())


async def lunch_at_home(database: Database, run_jobs: RunJobs, ada: Account, bob: Account) -> None:
    await make_follow(database, bob, ada)
    for text in ("First", f"@{bob.username} Lunch!", "Last"):
        await make_status(database, ada, text)
    await make_status(database, bob, "My own lunch")
    await run_jobs()


async def test_what_is_hidden_is_left_out_where_it_is_hidden(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    headers = await as_account(database, bob)
    await lunch_at_home(database, run_jobs, ada, bob)

    async def texts(path: str) -> list[str]:
        found = (await client.get(path, headers=headers)).json()
        said = [each.get("status", each)["content"] for each in found]
        return [text.removeprefix("<p>").removesuffix("</p>")[-13:] for text in said]

    home, notifications = "/api/v1/timelines/home", "/api/v1/notifications"
    everything = await texts(home)
    assert len(everything) == 4
    made = await create(client, headers, filter_action="hide", context=["home"])

    # One's own words are never hidden.
    assert await texts(home) == ["My own lunch", "Last", "First"]
    page = await client.get(f"{home}?limit=2&max_id={10**18}", headers=headers)
    assert page.status_code == 200
    assert await texts("/api/v1/timelines/public") == everything
    where = {"context": ["notifications"]}
    await client.put(f"{URL}/{made['id']}", json=where, headers=headers)
    assert await texts(home) == everything
    # They are counted and pushed: left out, they would never count as read.
    [told] = (await client.get(notifications, headers=headers)).json()
    assert len(told["status"]["filtered"]) == 1
    one = await client.get(f"{notifications}/{told['id']}", headers=headers)
    groups = await client.get("/api/v2/notifications", headers=headers)
    assert groups.json()["statuses"] == [one.json()["status"]] == [told["status"]]


async def test_a_list_is_a_home_to_filters(client: httpx.AsyncClient, database: Database) -> None:
    ada, bob = await make_account(database), await make_account(database)
    headers = await as_account(database, bob)
    await make_follow(database, bob, ada)
    for text in ("First", "Lunch"):
        await make_status(database, ada, text)
    made = (await client.post("/api/v1/lists", json={"title": "Cooks"}, headers=headers)).json()
    await client.post(
        f"/api/v1/lists/{made['id']}/accounts", json={"account_ids": [str(ada.id)]}, headers=headers
    )
    await create(client, headers, filter_action="hide", context=["home"])

    answer = await client.get(f"/api/v1/timelines/list/{made['id']}", headers=headers)

    assert [status["content"] for status in answer.json()] == ["<p>First</p>"]


async def test_a_page_goes_on_when_all_of_it_is_hidden(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    headers = await as_account(database, bob)
    await make_follow(database, bob, ada)
    for text in ("First", "Lunch", "More lunch"):
        await make_status(database, ada, text)
    await run_jobs()
    await create(client, headers, filter_action="hide")

    page = await client.get("/api/v1/timelines/home?limit=2", headers=headers)

    assert page.json() == []
    rest = await client.get(page.links["next"]["url"], headers=headers)
    assert [status["content"] for status in rest.json()] == ["<p>First</p>"]


async def test_filters_cost_nothing_without_and_one_statement_with(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs, statements: Statements
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    headers = await as_account(database, bob)
    await lunch_at_home(database, run_jobs, ada, bob)

    async def cost() -> int:
        statements.take()
        await client.get("/api/v1/timelines/home", headers=headers)
        return len(statements.take())

    await cost()
    assert await cost() == 1
    await create(client, headers)
    assert await cost() == 2
    assert await cost() == 1
