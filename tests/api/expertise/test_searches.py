"""Searching people, statuses and hashtags."""

import httpx
import pytest

from app.database import Database
from app.models.statuses.statuses import Visibility
from tests.conftest import Statements
from tests.factories import as_account, ids, make_account, make_follow, make_status

pytestmark = pytest.mark.anyio


async def search(
    client: httpx.AsyncClient, headers: dict[str, str] | None = None, **params: object
) -> dict[str, list[dict[str, object]]]:
    response = await client.get(
        "/api/v2/search",
        params={name: str(value) for name, value in params.items()},
        headers=headers or {},
    )
    assert response.status_code == 200, response.text
    found: dict[str, list[dict[str, object]]] = response.json()
    return found


def names(found: dict[str, list[dict[str, object]]]) -> list[object]:
    return [account["username"] for account in found["accounts"]]


async def test_people_are_found_by_name_profile_and_words_the_surest_first(
    client: httpx.AsyncClient, database: Database
) -> None:
    said = await make_account(database, "said_it")
    await make_status(database, said, "We moved everything to kafka last year")
    await make_account(database, "wrote_it", note="Ask me about kafka and queues")
    await make_account(database, "kafka_fan")
    await make_account(database, "shown", display_name="Kafka Janssen")
    await make_account(database, "kafka")
    await make_account(database, "other", note="Nothing of the kind")

    found = await search(client, q="Kafka")

    assert names(found) == ["kafka", "kafka_fan", "shown", "wrote_it", "said_it"]
    assert names(await search(client, q="kafka queu")) == ["wrote_it"]
    assert found["statuses"] == []


async def test_an_exact_name_comes_with_or_without_our_domain(
    client: httpx.AsyncClient, database: Database
) -> None:
    await make_account(database, "ada")
    await make_account(database, "adam")

    assert names(await search(client, q="@ada"))[0] == "ada"
    assert names(await search(client, q="ADA@hardop.test"))[0] == "ada"
    assert names(await search(client, q="@ada@elsewhere.test")) == []


async def test_what_was_just_written_is_found_at_once(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_account(database, "ada")
    headers = await as_account(database, ada)
    posted = await client.post(
        "/api/v1/statuses", json={"status": "Fresh news about #Waterschap"}, headers=headers
    )

    found = await search(client, headers, q="waterschap")

    assert ids(found["statuses"]) == [posted.json()["id"]]
    assert [tag["name"] for tag in found["hashtags"]] == ["Waterschap"]
    assert [tag["name"] for tag in (await search(client, q="#wat"))["hashtags"]] == ["Waterschap"]
    assert found["hashtags"][0]["history"][0]["uses"] == "1"  # type: ignore[index]


async def test_statuses_are_found_only_by_those_who_may_read_them(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob, eve = [await make_account(database) for _ in range(3)]
    shy = await make_account(database, indexable=False)
    await make_follow(database, bob, ada)
    public = await make_status(database, ada, "needle")
    private = await make_status(database, ada, "needle", visibility=Visibility.PRIVATE)
    direct = await make_status(
        database, ada, f"@{bob.username} needle", visibility=Visibility.DIRECT
    )
    await make_status(database, shy, "needle")
    everything = {str(public), str(private), str(direct)}

    async def found(viewer: object) -> set[str]:
        headers = await as_account(database, viewer)  # type: ignore[arg-type]
        return set(ids((await search(client, headers, q="needle"))["statuses"]))

    assert await found(ada) == everything
    assert await found(bob) == {str(public), str(direct)}
    assert await found(eve) == {str(public)}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("from:me", {"plain", "reply", "dutch", "link"}),
        ("apples from:{other}", {"others"}),
        ("is:reply", {"reply"}),
        ("from:me -is:reply", {"plain", "dutch", "link"}),
        ("language:nl", {"dutch"}),
        ("has:link", {"link"}),
        ("has:media", set()),
        ('"green apples"', {"plain"}),
        ("apples -green", {"others"}),
        ("apples before:2001-01-01", set()),
        ("apples after:2001-01-01", {"plain", "others"}),
        ("from:nobody_here apples", set()),
        ("in:library apples", {"plain"}),
        ("in:public apples", {"plain", "others"}),
        ("nonsense:operator", set()),
    ],
)
async def test_operators(
    client: httpx.AsyncClient, database: Database, typed: str, expected: set[str]
) -> None:
    me, other = await make_account(database), await make_account(database)
    said = {
        "plain": await make_status(database, me, "Many green apples"),
        "dutch": await make_status(database, me, "Peren", language="nl"),
        "link": await make_status(database, me, "See https://example.org/x"),
        "others": await make_status(database, other, "Red apples"),
    }
    said["reply"] = await make_status(database, me, "Indeed", in_reply_to_id=said["others"])
    headers = await as_account(database, me)

    found = await search(client, headers, q=typed.format(other=other.username), type="statuses")

    by_id = {str(id_): name for name, id_ in said.items()}
    assert {by_id[id_] for id_ in ids(found["statuses"])} == expected


async def test_addresses_of_ours_are_resolved(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_account(database, "ada")
    status_id = await make_status(database, ada, "On #tags")
    headers = await as_account(database, ada)

    for url in (f"/@ada/{status_id}", f"/users/ada/statuses/{status_id}"):
        found = await search(client, headers, q=f"http://hardop.test{url}", resolve="true")
        assert ids(found["statuses"]) == [str(status_id)]
        assert found["accounts"] == []
    for url in ("/@ada", "/users/ada"):
        found = await search(client, headers, q=f"http://hardop.test{url}", resolve="1")
        assert names(found) == ["ada"]
    found = await search(client, headers, q="http://hardop.test/tags/tags", resolve="1")
    assert [tag["name"] for tag in found["hashtags"]] == ["tags"]


async def test_what_is_missing_or_not_for_anonymous(
    client: httpx.AsyncClient, database: Database
) -> None:
    missing = await client.get("/api/v2/search")
    assert missing.status_code == 400
    assert missing.json()["error"] == "param is missing or the value is empty: q"
    for params in ({"q": "x", "resolve": "true"}, {"q": "x", "offset": "5", "type": "accounts"}):
        assert (await client.get("/api/v2/search", params=params)).status_code == 401


async def test_only_the_followed_and_pages_by_offset(
    client: httpx.AsyncClient, database: Database
) -> None:
    me, first, second = [
        await make_account(database, name) for name in ("me", "colleague_a", "colleague_b")
    ]
    await make_follow(database, me, second)
    headers = await as_account(database, me)
    url = "/api/v1/accounts/search?q=coll"

    everybody = await client.get(url, headers=headers)
    followed = await client.get(f"{url}&following=true", headers=headers)
    later = await client.get(f"{url}&limit=1&offset=1", headers=headers)

    assert ids(everybody.json()) == [str(first.id), str(second.id)]
    assert ids(followed.json()) == ids(later.json()) == [str(second.id)]


@pytest.mark.parametrize(
    "typed", ["'", "a'b", "\\", "%", "_", "&", "a & | !", ":*", "(", '"', "é", "-"]
)
async def test_nothing_that_can_be_typed_fails(
    client: httpx.AsyncClient, database: Database, typed: str
) -> None:
    ada = await make_account(database, "ada")

    found = await search(client, await as_account(database, ada), q=typed)

    assert set(found) == {"accounts", "statuses", "hashtags"}


async def test_the_number_of_statements_does_not_grow(
    client: httpx.AsyncClient, database: Database, statements: Statements
) -> None:
    ada = await make_account(database, "ada")
    headers = await as_account(database, ada)

    async def cost(more: int) -> int:
        for number in range(more):
            await make_status(database, ada, f"common word #tag{number}")
        await search(client, headers, q="common")
        statements.take()
        await search(client, headers, q="common")
        return len(statements.take())

    assert await cost(1) == await cost(19)
