"""Quotes: who may quote what, and what everybody sees of it."""

from functools import partial
from typing import Any

import httpx
import pytest

from app.database import Database
from app.models.accounts.accounts import Account
from app.models.statuses.statuses import Visibility
from tests.conftest import RunJobs, Statements
from tests.factories import as_account, ids, make_account, make_follow, make_reblog, make_status
from tests.media import make_media

pytestmark = pytest.mark.anyio

URL = "/api/v1/statuses"


async def seen(
    client: httpx.AsyncClient, status_id: int | str, headers: dict[str, str] | None = None
) -> dict[str, Any]:
    response = await client.get(f"{URL}/{status_id}", headers=headers or {})
    assert response.status_code == 200, response.text
    status: dict[str, Any] = response.json()
    return status


async def post(client: httpx.AsyncClient, headers: dict[str, str], **sent: Any) -> httpx.Response:
    return await client.post(URL, json={"status": "Look at this"} | sent, headers=headers)


async def test_a_quote_shows_what_it_quotes(
    client: httpx.AsyncClient, database: Database, statements: Statements
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    status_id = await make_status(database, ada, "Worth quoting")
    headers = await as_account(database, bob)

    quoting = (await post(client, headers, quoted_status_id=str(status_id))).json()

    assert quoting["quote"]["state"] == "accepted"
    quoted = quoting["quote"]["quoted_status"]
    assert quoted == await seen(client, status_id, headers)
    assert (quoted["quotes_count"], quoted["quote"]) == (1, None)
    url = quoted["url"]
    assert quoting["content"].startswith(f'<p class="quote-inline">RE: <a href="{url}"')
    assert quoting["content"].endswith("<p>Look at this</p>")
    listed = await client.get(f"{URL}/{status_id}/quotes", headers=headers)
    assert listed.json() == [quoting]
    home = "/api/v1/timelines/home"
    await client.get(home, headers=headers)
    statements.take()
    assert (await client.get(home, headers=headers)).json() == [quoting]
    # The page, and what is left out of the rows of those that have more.
    assert len(statements.take()) == 2


async def test_a_quote_may_be_silent_and_its_address_is_not_said_twice(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_account(database)
    headers = await as_account(database, ada)
    status_id = await make_status(database, ada)
    url = (await seen(client, status_id))["url"]

    silent = await post(client, headers, status="", quoted_status_id=status_id)
    assert silent.status_code == 200, silent.text
    assert silent.json()["content"].count("<p") == 1
    named = await post(client, headers, status=f"See {url}", quoted_status_id=status_id)
    assert "quote-inline" not in named.json()["content"]
    edited = await client.put(f"{URL}/{silent.json()['id']}", json={}, headers=headers)
    assert edited.json()["edited_at"] is None


async def test_of_a_quote_in_a_quote_there_is_the_id(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_account(database)
    first = await make_status(database, ada)
    second = await make_status(database, ada, quoted_status_id=first)
    third = await make_status(database, ada, quoted_status_id=second)

    inside = (await seen(client, third))["quote"]["quoted_status"]["quote"]
    assert inside == {"state": "accepted", "quoted_status_id": str(first)}
    await client.delete(f"{URL}/{first}", headers=await as_account(database, ada))
    inside = (await seen(client, third))["quote"]["quoted_status"]["quote"]
    assert inside == {"state": "deleted", "quoted_status_id": None}


async def test_a_reblog_is_quoted_as_its_original_and_a_quote_can_be_passed_on(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    status_id = await make_status(database, ada)
    wrapper = await make_reblog(database, bob, status_id)

    quoting = await make_status(database, bob, quoted_status_id=wrapper)
    passed_on = await seen(client, await make_reblog(database, ada, quoting))

    for level in (passed_on, passed_on["reblog"]):
        assert level["quote"]["quoted_status"]["id"] == str(status_id)


@pytest.mark.parametrize("viewer", ["author", "follower", "stranger", "anonymous"])
@pytest.mark.parametrize("visibility", ["public", "unlisted", "private", "direct"])
@pytest.mark.parametrize("policy", ["public", "followers", "nobody"])
async def test_who_may_quote(
    client: httpx.AsyncClient, database: Database, viewer: str, visibility: str, policy: str
) -> None:
    author, follower, stranger = [await make_account(database) for _ in range(3)]
    await make_follow(database, follower, author)
    who = {"author": author, "follower": follower, "stranger": stranger}
    sent = {"visibility": visibility, "quote_approval_policy": policy}
    headers = await as_account(database, author)
    status_id = (await post(client, headers, **sent)).json()["id"]

    is_open = visibility in ("public", "unlisted")
    may_read = is_open or viewer == "author" or (viewer, visibility) == ("follower", "private")
    may_quote = {
        "author": visibility != "direct",
        "follower": is_open and policy != "nobody",
        "stranger": is_open and policy == "public",
        "anonymous": False,
    }[viewer]
    headers = await as_account(database, who[viewer]) if viewer in who else {}
    if may_read:
        assert (await seen(client, status_id, headers))["quote_approval"] == {
            "automatic": [policy] if is_open and policy != "nobody" else [],
            "manual": [],
            "current_user": "automatic" if may_quote else "denied",
        }
    if viewer in who:
        answer = await post(client, headers, quoted_status_id=status_id)
        expected = 200 if may_quote else 403 if may_read else 404
        assert answer.status_code == expected, answer.text


async def test_what_a_quote_cannot_be(client: httpx.AsyncClient, database: Database) -> None:
    ada, bob = await make_account(database, "ada"), await make_account(database)
    status_id = str(await make_status(database, ada))
    headers = await as_account(database, bob)
    poll = {"options": ["Yes", "No"], "expires_in": 600}

    with_poll = await post(client, headers, quoted_status_id=status_id, poll=poll)
    assert with_poll.status_code == 422
    picture = await make_media(database, bob)
    with_media = await post(
        client, headers, quoted_status_id=status_id, media_ids=[str(picture.id)]
    )
    assert with_media.status_code == 422
    assert with_media.json()["error"] == (
        "Validation failed: A quote cannot have a poll or media attachments"
    )
    behind = await post(client, headers, quoted_status_id=status_id, visibility="direct")
    assert behind.status_code == 422
    assert "Cannot quote a non-mentioned user" in behind.json()["error"]
    openly = {"status": "@ada Is this so?", "visibility": "direct"}
    assert (await post(client, headers, quoted_status_id=status_id, **openly)).status_code == 200
    assert (await post(client, headers, quoted_status_id="1")).status_code == 404


async def test_a_quote_of_a_private_status_is_private(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_account(database, "ada")
    headers = await as_account(database, ada)
    status_id = await make_status(database, ada, visibility=Visibility.PRIVATE)

    for wanted, becomes in (("public", "private"), ("private", "private"), ("direct", "direct")):
        quoting = await post(client, headers, quoted_status_id=status_id, visibility=wanted)
        assert quoting.json()["visibility"] == becomes


async def test_each_viewer_sees_what_they_may(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob, eve = [await make_account(database) for _ in range(3)]
    status_id = await make_status(database, ada, "For some")
    quoting = await make_status(database, bob, quoted_status_id=status_id)
    headers, viewer = await as_account(database, ada), await as_account(database, eve)
    places = (f"{URL}/{quoting}", "/api/v1/timelines/public")

    async def state(expected: str, *, shows: bool) -> None:
        for place in places:
            found = (await client.get(place, headers=viewer)).json()
            quote = (found[0] if isinstance(found, list) else found)["quote"]
            assert quote["state"] == expected
            assert (quote["quoted_status"] is not None) is shows

    async def relate(verb: str, who: Account, by: dict[str, str]) -> None:
        response = await client.post(f"/api/v1/accounts/{who.id}/{verb}", headers=by)
        assert response.status_code == 200, response.text

    await state("accepted", shows=True)
    await relate("mute", ada, viewer)
    await state("muted_account", shows=True)
    await relate("unmute", ada, viewer)
    await relate("block", ada, viewer)
    await state("blocked_account", shows=True)
    await relate("unblock", ada, viewer)
    await relate("block", eve, headers)
    await state("unauthorized", shows=False)
    await relate("unblock", eve, headers)
    await database.fetch("UPDATE statuses SET visibility = 'private' WHERE id = $1", status_id)
    await state("unauthorized", shows=False)
    await make_follow(database, eve, ada)
    await state("accepted", shows=True)
    await client.delete(f"{URL}/{status_id}", headers=headers)
    await state("deleted", shows=False)
    assert "quote-inline" not in (await seen(client, quoting))["content"]


async def test_an_author_takes_a_quote_back(client: httpx.AsyncClient, database: Database) -> None:
    ada, bob = await make_account(database), await make_account(database)
    owner, other = await as_account(database, ada), await as_account(database, bob)
    status_id = await make_status(database, ada)
    quoting = await make_status(database, bob, quoted_status_id=status_id)
    unrelated = await make_status(database, bob)
    url = f"{URL}/{status_id}/quotes"

    assert (await client.post(f"{url}/{quoting}/revoke", headers=other)).status_code == 404
    assert (await client.post(f"{url}/{unrelated}/revoke", headers=owner)).status_code == 404
    for _ in range(2):
        revoked = await client.post(f"{url}/{quoting}/revoke", headers=owner)
        assert revoked.json()["quote"] == {"state": "revoked", "quoted_status": None}

    assert revoked.json()["id"] == str(quoting)
    assert "quote-inline" not in (await seen(client, quoting))["content"]
    assert (await client.get(url, headers=owner)).json() == []
    assert (await seen(client, status_id))["quotes_count"] == 0
    await client.delete(f"{URL}/{quoting}", headers=other)
    assert (await seen(client, status_id))["quotes_count"] == 0


async def test_a_quote_of_somebody_who_blocks_its_author_is_taken_back(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    status_id = await make_status(database, ada)
    quoting = await make_status(database, bob, quoted_status_id=status_id)
    await client.post(f"/api/v1/accounts/{ada.id}/block", headers=await as_account(database, bob))

    revoked = await client.post(
        f"{URL}/{status_id}/quotes/{quoting}/revoke", headers=await as_account(database, ada)
    )

    assert (revoked.status_code, revoked.json()["id"]) == (200, str(status_id))
    assert (await seen(client, quoting))["quote"]["state"] == "revoked"


@pytest.mark.parametrize("visibility", [Visibility.PRIVATE, Visibility.DIRECT])
async def test_what_only_some_may_read_is_not_counted(
    client: httpx.AsyncClient, database: Database, visibility: Visibility
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    status_id = await make_status(database, ada)
    before = await seen(client, status_id)
    say = partial(make_status, database, bob, f"@{ada.username} see", visibility=visibility)
    reply = await say(in_reply_to_id=status_id)
    quotes = [await say(quoted_status_id=status_id) for _ in range(2)]

    assert await seen(client, status_id) == before
    await client.post(
        f"{URL}/{status_id}/quotes/{quotes[0]}/revoke", headers=await as_account(database, ada)
    )
    for id_ in (reply, *quotes):
        await client.delete(f"{URL}/{id_}", headers=await as_account(database, bob))
    assert await seen(client, status_id) == before


async def test_a_deleted_quote_is_not_counted(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_account(database)
    headers = await as_account(database, ada)
    status_id = await make_status(database, ada)
    quotes = [await make_status(database, ada, quoted_status_id=status_id) for _ in range(2)]
    assert (await seen(client, status_id))["quotes_count"] == 2

    await client.delete(f"{URL}/{quotes[0]}", headers=headers)

    assert (await seen(client, status_id))["quotes_count"] == 1
    listed = await client.get(f"{URL}/{status_id}/quotes", headers=headers)
    assert ids(listed.json()) == [str(quotes[1])]


async def test_the_policy_can_change(client: httpx.AsyncClient, database: Database) -> None:
    ada, bob = await make_account(database), await make_account(database)
    headers, other = await as_account(database, ada), await as_account(database, bob)
    status_id = await make_status(database, ada, "Mine")
    url = f"{URL}/{status_id}/interaction_policy"

    async def automatic() -> list[str]:
        found: list[str] = (await seen(client, status_id))["quote_approval"]["automatic"]
        return found

    assert await automatic() == ["public"]
    for _ in range(2):
        sent = {"quote_approval_policy": "nobody"}
        assert (await client.put(url, json=sent, headers=headers)).status_code == 200
        assert await automatic() == []
    assert (await client.put(url, json=sent, headers=other)).status_code == 404
    assert (await client.put(url, json={}, headers=headers)).status_code in (400, 422)
    for policy in ("followers", "followers"):
        edit = {"status": "Mine", "quote_approval_policy": policy}
        edited = await client.put(f"{URL}/{status_id}", json=edit, headers=headers)
        assert edited.json()["edited_at"] is None
        assert await automatic() == ["followers"]


async def test_the_default_policy_is_the_authors(
    client: httpx.AsyncClient, database: Database
) -> None:
    headers = await as_account(database, await make_account(database))
    changed = await client.patch(
        "/api/v1/accounts/update_credentials",
        data={"source[quote_policy]": "followers"},
        headers=headers,
    )
    assert changed.status_code == 200, changed.text

    status = (await post(client, headers)).json()

    assert status["quote_approval"]["automatic"] == ["followers"]
    preferences = (await client.get("/api/v1/preferences", headers=headers)).json()
    assert preferences["posting:default:quote_policy"] == "followers"


async def test_those_concerned_are_told(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    owner, other = await as_account(database, ada), await as_account(database, bob)
    status_id = await make_status(database, ada, "First")
    quoting = await make_status(database, bob, quoted_status_id=status_id)
    await run_jobs()

    async def told(headers: dict[str, str]) -> list[tuple[str, str, str]]:
        found = (await client.get("/api/v1/notifications", headers=headers)).json()
        return [(each["type"], each["account"]["id"], each["status"]["id"]) for each in found]

    assert await told(owner) == [("quote", str(bob.id), str(quoting))]
    for words in ("Second", "Third"):
        await client.put(f"{URL}/{status_id}", json={"status": words}, headers=owner)
        await run_jobs()
        assert await told(other) == [("quoted_update", str(ada.id), str(quoting))]
