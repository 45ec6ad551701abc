"""The public timeline, and those of tags."""

import httpx
import pytest

from app import clock
from app.database import Database
from app.models.statuses.statuses import Visibility
from tests.factories import as_account, ids, make_account, make_reblog, make_status

pytestmark = pytest.mark.anyio


async def timeline(client: httpx.AsyncClient, path: str) -> list[str]:
    response = await client.get(f"/api/v1/timelines/{path}")
    assert response.status_code == 200, response.text
    return ids(response.json())


async def test_public_is_what_somebody_said_to_everybody(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    said = await make_status(database, ada)
    to_herself = await make_status(database, ada, in_reply_to_id=said)
    for visibility in (Visibility.UNLISTED, Visibility.PRIVATE, Visibility.DIRECT):
        await make_status(database, ada, visibility=visibility)
    await make_status(database, bob, in_reply_to_id=said)
    await make_reblog(database, bob, said)

    assert await timeline(client, "public") == [str(to_herself), str(said)]
    assert await timeline(client, "public?local=true") == [str(to_herself), str(said)]
    # There is one server, and nothing has media yet.
    assert await timeline(client, "public?remote=true") == []
    assert await timeline(client, "public?only_media=true") == []
    assert len(await timeline(client, "public?remote=false&only_media=0")) == 2


@pytest.mark.parametrize("path", ["public", "tag/loud"])
async def test_the_suspended_are_not_heard(
    client: httpx.AsyncClient, database: Database, path: str
) -> None:
    ada = await make_account(database)
    await make_status(database, ada, "#loud")
    assert len(await timeline(client, path)) == 1

    await database.fetch("UPDATE accounts SET suspended_at = $1", clock.now())

    assert await timeline(client, path) == []


@pytest.mark.parametrize("name", ["cafe", "CAFE", "Café", "ｃａｆé"])
async def test_a_tag_whatever_its_case_and_accents(
    client: httpx.AsyncClient, database: Database, name: str
) -> None:
    ada = await make_account(database)
    tagged = await make_status(database, ada, "#Café au lait")
    await make_status(database, ada, "#cafes and cafe")

    assert await timeline(client, f"tag/{name}") == [str(tagged)]


async def test_a_tag_has_answers_but_no_reblogs(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    question = await make_status(database, ada, "#ask")
    answer = await make_status(database, bob, "#ask again", in_reply_to_id=question)
    await make_reblog(database, bob, question)
    for visibility in (Visibility.UNLISTED, Visibility.PRIVATE, Visibility.DIRECT):
        await make_status(database, ada, "#ask", visibility=visibility)

    assert await timeline(client, "tag/ask") == [str(answer), str(question)]
    assert await timeline(client, "tag/ask?only_media=1") == []
    assert await timeline(client, "tag/ask?remote=1") == []


@pytest.mark.parametrize("name", ["nobody_used_this", "42", "%20", "a b", "-", "x" * 500])
async def test_a_tag_nobody_used_is_empty(
    client: httpx.AsyncClient, database: Database, name: str
) -> None:
    await make_status(database, await make_account(database), "#loud 42")

    assert await timeline(client, f"tag/{name}") == []


async def test_tags_together(client: httpx.AsyncClient, database: Database) -> None:
    ada = await make_account(database)
    red, green, blue = "#red", "#Green", "#blüe"
    made = {
        words: str(await make_status(database, ada, words))
        for words in (
            *(red, green, blue, f"{red} {green}", f"{green} {blue}"),
            f"{red} {green} {blue}",
        )
    }

    async def found(query: str) -> set[str]:
        listed = await timeline(client, f"tag/{query}")
        assert len(listed) == len(set(listed))
        assert listed == sorted(listed, key=int, reverse=True)
        return {words for words, id_ in made.items() if id_ in listed}

    def having(*tags: str) -> set[str]:
        return {words for words in made if any(tag in words for tag in tags)}

    assert await found("red") == having(red)
    assert await found("red?any[]=GREEN") == having(red, green)
    assert await found("red?any[]=green&any[]=blue") == set(made)
    assert await found("red?any=unheard_of") == having(red)
    assert await found("unheard_of?any[]=red") == having(red)
    assert await found("red?all[]=green") == having(red) & having(green)
    assert await found("red?all[]=green&all[]=blue") == {f"{red} {green} {blue}"}
    assert await found("red?all[]=unheard_of") == await found("red?all[]=-") == set()
    assert await found("green?none[]=blue") == having(green) - having(blue)
    assert await found("green?none[]=unheard_of") == having(green)
    assert await found("red?any[]=blue&none[]=green") == {red, blue}
    assert await found("green?any[]=blue&all[]=red&none[]=blue") == {f"{red} {green}"}


@pytest.mark.parametrize("kind", ["any", "all", "none"])
async def test_four_further_tags_and_no_more(
    client: httpx.AsyncClient, database: Database, kind: str
) -> None:
    four = "&".join(f"{kind}[]=tag{n}" for n in range(4))

    assert (await client.get(f"/api/v1/timelines/tag/loud?{four}")).status_code == 200
    answer = await client.get(f"/api/v1/timelines/tag/loud?{four}&{kind}[]=tag5")
    assert answer.status_code == 422


async def test_the_viewers_marks_are_there(client: httpx.AsyncClient, database: Database) -> None:
    ada, bob = await make_account(database), await make_account(database)
    status_id = await make_status(database, ada, "#loud")
    as_ada, as_bob = await as_account(database, ada), await as_account(database, bob)
    for verb in ("favourite", "bookmark", "reblog"):
        await client.post(f"/api/v1/statuses/{status_id}/{verb}", headers=as_bob)

    for path in ("public", "tag/loud"):
        url = f"/api/v1/timelines/{path}"
        [by_bob] = (await client.get(url, headers=as_bob)).json()
        [by_ada] = (await client.get(url, headers=as_ada)).json()
        [by_anybody] = (await client.get(url)).json()
        for mark in ("favourited", "bookmarked", "reblogged"):
            assert by_bob[mark] is True
            assert by_ada[mark] is False
            assert mark not in by_anybody
        assert by_bob["favourites_count"] == by_anybody["reblogs_count"] == 1
