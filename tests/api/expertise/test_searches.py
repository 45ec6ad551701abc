"""Searching people, statuses and hashtags."""

import httpx
import pytest

from app import clock
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
    assert names(await search(client, q="kafka queu")) == ["wrote_it", "said_it"]
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
        ("-from:me apples", {"others"}),
        ("from:{other} from:me apples", {"plain", "others"}),
        ("from:@{other}@hardop.test", {"others"}),
        ("-from:nobody_here apples", {"plain", "others"}),
        ("-has:media apples", {"plain", "others"}),
        ("apples -has:link", {"plain", "others"}),
        ("is:sensitive apples", set()),
        ("-language:nl from:me", {"plain", "reply", "link"}),
        ("GREEN apples", {"plain"}),
        ('-"green apples" apples', {"others"}),
        ("apples during:{today}", {"plain", "others"}),
        ("apples after:{today}", set()),
        ("apples before:{today}", set()),
        # What is not understood is words, and nobody said those.
        ("apples has:unknown", set()),
        ("apples has:embed", set()),
        ("apples is:odd", set()),
        ("apples language:1", set()),
        ("apples in:nowhere", set()),
        ("apples before:never", set()),
        ("apples -during:{today}", {"plain", "others"}),
        ("-apples from:me", {"reply", "dutch", "link"}),
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

    today = clock.now().date()
    query = typed.format(other=other.username, today=today)
    found = await search(client, headers, q=query, type="statuses")

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
    for params in ({"q": "  "}, {"q": "x", "type": "people"}, {"q": "x", "offset": "-1"}):
        assert (await client.get("/api/v2/search", params=params)).status_code == 400
    assert (await client.get("/api/v2/search", params={"q": "x" * 2049})).status_code == 422


async def test_case_accents_and_punctuation_do_not_matter(
    client: httpx.AsyncClient, database: Database
) -> None:
    zoe = await make_account(database, "zoe.b", display_name="Zoë de Bruïne", note="Cafés")
    said = await make_status(database, zoe, "net/ena: réparer home-assistant v2.5, don't (C++)")
    headers = await as_account(database, zoe)

    for typed in ("zoe", "ZOË", "bruin", "zoe de b", "Bruine zoe", "cafes", "zoe.b", "@zoe"):
        assert names(await search(client, q=typed)) == ["zoe.b"], typed
    for typed in ("ena", "NET", "reparer", "Réparer ena", "assistant", "v2.5", "home-assistant"):
        found = await search(client, headers, q=typed)
        assert ids(found["statuses"]) == [str(said)], typed
        assert names(found) == ["zoe.b"], typed


async def test_the_fields_of_a_profile_are_words_of_it(
    client: httpx.AsyncClient, database: Database
) -> None:
    await make_account(database, "ada", fields=[{"name": "Unit", "value": "Water quality"}])
    await make_account(database, "bob", fields=[{"name": "Unit", "value": "Roads"}])

    assert names(await search(client, q="water")) == ["ada"]
    assert names(await search(client, q="unit")) == []


async def test_people_who_do_not_want_it_are_found_by_name_only(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_account(database, "ada", note="pumps", discoverable=False)
    bob = await make_account(database, "bob", indexable=False)
    await make_account(database, "gone", suspended_at=clock.now())
    await make_status(database, bob, "pumps")
    await make_status(database, ada, "sluices", visibility=Visibility.UNLISTED)

    assert names(await search(client, q="pumps")) == names(await search(client, q="sluices")) == []
    assert names(await search(client, q="ad")) == ["ada"]
    assert names(await search(client, q="bob")) == ["bob"]
    assert names(await search(client, q="gone")) == []


async def test_whoever_said_it_most_comes_first(
    client: httpx.AsyncClient, database: Database
) -> None:
    once, often = [await make_account(database, name) for name in ("a_once", "b_often")]
    await make_status(database, once, "pumps pumps pumps")
    for _ in range(2):
        await make_status(database, often, "pumps")

    assert names(await search(client, q="pumps")) == ["b_often", "a_once"]


async def test_a_name_in_the_form_of_a_name_finds_no_words(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_account(database, "ada")
    await make_account(database, "bob", note="I know ada")
    await make_status(database, ada, "bob knows")

    assert names(await search(client, q="ada")) == ["ada", "bob"]
    assert names(await search(client, q="@ada")) == ["ada"]
    assert names(await search(client, q="ada@hardop.test")) == ["ada"]
    assert names(await search(client, q="#ada")) == names(await search(client, q="@")) == []


async def test_offset_pages_through_one_kind(client: httpx.AsyncClient, database: Database) -> None:
    ada = await make_account(database, "ada")
    headers = await as_account(database, ada)
    said = [await make_status(database, ada, f"word #tag{number}") for number in range(3)]

    page = await search(client, headers, q="word", type="statuses", limit=2, offset=2)
    tags = await search(client, headers, q="#tag", type="hashtags", limit=2, offset=1)
    without_type = await search(client, headers, q="word", limit=2, offset=2)

    assert ids(page["statuses"]) == [str(said[0])]
    assert [tag["name"] for tag in tags["hashtags"]] == ["tag1", "tag2"]
    assert ids(without_type["statuses"]) == [str(said[2]), str(said[1])]
    assert page["accounts"] == page["hashtags"] == []


async def test_ids_and_an_author_bound_what_is_found(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    headers = await as_account(database, ada)
    first = await make_status(database, ada, "word")
    second = await make_status(database, bob, "word")
    third = await make_status(database, ada, "word")

    async def found(**params: object) -> list[str]:
        return ids((await search(client, headers, q="word", **params))["statuses"])

    assert await found(min_id=first) == [str(third), str(second)]
    assert await found(max_id=third) == [str(second), str(first)]
    assert await found(account_id=bob.id) == [str(second)]
    both = await search(client, headers, q="word from:me", account_id=bob.id)
    assert both["statuses"] == []


async def test_what_one_has_to_do_with_is_a_library(
    client: httpx.AsyncClient, database: Database
) -> None:
    me, shy = await make_account(database), await make_account(database, indexable=False)
    headers = await as_account(database, me)
    said = {
        name: await make_status(database, shy, f"needle {name}")
        for name in ("favourite", "bookmark", "reblog", "react")
    }
    for verb, id_ in said.items():
        path = f"{verb}/%F0%9F%91%8D" if verb == "react" else verb
        await client.post(f"/api/v1/statuses/{id_}/{path}", headers=headers)
    mentioned = await make_status(database, shy, f"@{me.username} needle")

    found = await search(client, headers, q="needle in:library")

    expected = {str(said[name]) for name in ("favourite", "bookmark", "reblog")} | {str(mentioned)}
    assert set(ids(found["statuses"])) == expected
    assert (await search(client, headers, q="needle in:public"))["statuses"] == []


async def test_what_can_no_longer_be_read_is_no_longer_found(
    client: httpx.AsyncClient, database: Database
) -> None:
    """SE-1: an engine's hit is a hint; the database decides."""
    me, ada = await make_account(database), await make_account(database)
    headers = await as_account(database, me)
    await make_follow(database, me, ada)
    secret = await make_status(database, ada, "needle", visibility=Visibility.PRIVATE)
    await client.post(f"/api/v1/statuses/{secret}/bookmark", headers=headers)
    before = await search(client, headers, q="needle")

    await client.post(f"/api/v1/accounts/{ada.id}/unfollow", headers=headers)

    assert ids(before["statuses"]) == [str(secret)]
    assert (await search(client, headers, q="needle"))["statuses"] == []
    url = f"http://hardop.test/@{ada.username}/{secret}"
    assert (await search(client, headers, q=url, resolve="true"))["statuses"] == []


async def test_a_tag_used_in_private_is_not_told(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    await make_status(database, ada, "#takeover tomorrow", visibility=Visibility.DIRECT)
    mine, theirs = await as_account(database, ada), await as_account(database, bob)

    assert len((await search(client, mine, q="#take"))["hashtags"]) == 1
    assert (await search(client, theirs, q="#take"))["hashtags"] == []
    hidden = await client.get("/api/v1/tags/TakeOver", headers=theirs)
    assert (hidden.json()["id"], hidden.json()["name"]) == ("", "TakeOver")


async def test_the_beginning_of_a_tag_need_not_be_one(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_account(database)
    await make_status(database, ada, "#2026plannen #2026 #Été")

    for typed in ("2026", "#2026p", "＃2026"):
        found = (await search(client, q=typed))["hashtags"]
        assert [tag["name"] for tag in found] == ["2026plannen"], typed
    assert [tag["name"] for tag in (await search(client, q="#et"))["hashtags"]] == ["Été"]


@pytest.mark.parametrize(
    "typed",
    [
        *("'", "a'b", "\\", "%", "_", "&", "a & | !", ":*", "(", '"', "é", "-", "—", "a—'b", '-"x'),
        *(
            "http://[",
            "http://hardop.test/@ada/9223372036854775808",
            "http://hardop.test/about",
            "x" * 2000,
            "日" * 500,
        ),
        *(" ".join(["word"] * 400), "during:1969-01-01", "before:9999-12-31", "from:@", "#"),
    ],
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
