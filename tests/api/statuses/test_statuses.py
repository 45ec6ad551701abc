"""Posting, reading, editing and deleting statuses."""

from typing import Any

import httpx
import pytest

from app.database import Database
from app.models.statuses.statuses import Visibility
from tests.conftest import RunJobs
from tests.factories import as_account, ids, make_account, make_follow, make_reblog, make_status

pytestmark = pytest.mark.anyio

URL = "/api/v1/statuses"
FAMILY = "👨‍👩‍👧‍👦"  # one grapheme, seven code points


async def post(
    client: httpx.AsyncClient, headers: dict[str, str], words: str, **parameters: Any
) -> dict[str, Any]:
    response = await client.post(URL, json={"status": words, **parameters}, headers=headers)
    assert response.status_code == 200, response.text
    status: dict[str, Any] = response.json()
    return status


async def test_posting_answers_with_the_status(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_account(database, "ada")
    headers = await as_account(database, ada)

    status = await post(client, headers, "Hello @ada, see #Café")

    assert status["account"]["acct"] == "ada"
    assert status["account"]["statuses_count"] == 1
    assert status["mentions"] == [
        {"id": str(ada.id), "username": "ada", "acct": "ada", "url": "http://hardop.test/@ada"}
    ]
    assert [tag["name"] for tag in status["tags"]] == ["cafe"]
    assert status["application"] == {"name": "Test client", "website": None}
    assert (status["visibility"], status["sensitive"], status["edited_at"]) == (
        "public",
        False,
        None,
    )
    # Trap 7: all of these know it at once.
    for path in ("home", "public", "tag/CAFE"):
        timeline = await client.get(f"/api/v1/timelines/{path}", headers=headers)
        assert ids(timeline.json()) == [status["id"]], path


@pytest.mark.parametrize(
    ("sent", "message", "code"),
    [
        ({}, "Text can't be blank", "blank"),
        ({"status": ""}, "Text can't be blank", "blank"),
        ({"status": " \n\t "}, "Text can't be blank", "blank"),
        ({"status": "\u0007\u009f"}, "Text can't be blank", "blank"),
        ({"status": "a" * 501}, "Text character limit of 500 exceeded", "too_long"),
        ({"status": FAMILY * 501}, "Text character limit of 500 exceeded", "too_long"),
        (
            {"status": "a" * 300, "spoiler_text": "b" * 201},
            "Text character limit of 500 exceeded",
            "too_long",
        ),
        ({"status": "a" * 60_000}, "Text character limit of 500 exceeded", "too_long"),
    ],
)
async def test_words_are_needed_and_limited(
    client: httpx.AsyncClient, database: Database, sent: dict[str, str], message: str, code: str
) -> None:
    headers = await as_account(database, await make_account(database))

    response = await client.post(URL, json=sent, headers=headers)

    assert response.status_code == 422
    assert response.json()["error"] == f"Validation failed: {message}"
    assert response.json()["errors"][0]["code"] == code
    assert (await client.get("/api/v1/timelines/home", headers=headers)).json() == []


@pytest.mark.parametrize(
    "words",
    [
        "a" * 500,
        FAMILY * 500,
        "a" * 476 + " https://example.org/" + "x" * 300,
        "a" * 496 + " @a@hardop.test",
        " " + "a" * 500 + "\n",
    ],
)
async def test_length_is_counted_as_people_do(
    client: httpx.AsyncClient, database: Database, words: str
) -> None:
    headers = await as_account(database, await make_account(database))

    await post(client, headers, words)


async def test_a_warning_counts_hides_and_is_enough(
    client: httpx.AsyncClient, database: Database
) -> None:
    headers = await as_account(database, await make_account(database))

    alone = await post(client, headers, "", spoiler_text="Spoilers!")
    both = await post(client, headers, "b" * 400, spoiler_text="a" * 100, sensitive=False)

    assert alone["spoiler_text"] == "Spoilers!"
    assert alone["content"] == "<p>.</p>"
    assert alone["sensitive"] is both["sensitive"] is True


async def test_what_is_not_said_comes_from_the_account(
    client: httpx.AsyncClient, database: Database
) -> None:
    defaults = {"privacy": "unlisted", "sensitive": True, "language": "nl"}
    ada = await make_account(database, posting_defaults=defaults)
    headers = await as_account(database, ada)

    silent = await post(client, headers, "Words")
    said = await post(
        client, headers, "Words", visibility="private", sensitive="0", language="de-AT"
    )
    odd = await post(client, headers, "Words", language="no language at all")

    assert (silent["visibility"], silent["sensitive"], silent["language"]) == (
        "unlisted",
        True,
        "nl",
    )
    assert (said["visibility"], said["sensitive"], said["language"]) == ("private", False, "de")
    assert odd["language"] == "nl"


@pytest.mark.parametrize("visibility", ["everybody", "PUBLIC", "0"])
async def test_an_unknown_visibility_is_refused(
    client: httpx.AsyncClient, database: Database, visibility: str
) -> None:
    headers = await as_account(database, await make_account(database))

    sent = {"status": "Words", "visibility": visibility}
    response = await client.post(URL, json=sent, headers=headers)

    assert response.status_code == 400
    assert "visibility" in response.json()["error"].lower()


async def test_only_expected_mentions(client: httpx.AsyncClient, database: Database) -> None:
    ada, bob, eve = [await make_account(database, name) for name in ("ada", "bob", "eve")]
    headers = await as_account(database, ada)
    sent = {"status": "@bob @ada @eve", "allowed_mentions": [str(bob.id)]}

    refused = await client.post(URL, json=sent, headers=headers)
    sent["allowed_mentions"] = [str(bob.id), str(eve.id)]
    allowed = await client.post(URL, json=sent, headers=headers)
    nobody = await client.post(
        URL, json={"status": "@bob", "allowed_mentions": []}, headers=headers
    )

    assert refused.status_code == 422
    assert ids(refused.json()["unexpected_accounts"]) == [str(eve.id)]
    assert allowed.status_code == 200
    assert [person["username"] for person in allowed.json()["mentions"]] == ["ada", "bob", "eve"]
    assert nobody.status_code == 422
    assert len((await client.get("/api/v1/timelines/home", headers=headers)).json()) == 1


async def test_replying(client: httpx.AsyncClient, database: Database) -> None:
    ada, bob = await make_account(database), await make_account(database)
    status_id = await make_status(database, ada)
    wrapper = await make_reblog(database, bob, status_id)
    headers = await as_account(database, bob)

    answer = await post(client, headers, "Indeed", in_reply_to_id=str(status_id))
    # An app may answer what it shows, which is the reblog.
    through = await post(client, headers, "Indeed", in_reply_to_id=str(wrapper))
    absent = await client.post(URL, json={"status": "?", "in_reply_to_id": "1"}, headers=headers)

    for reply in (answer, through):
        assert reply["in_reply_to_id"] == str(status_id)
        assert reply["in_reply_to_account_id"] == str(ada.id)
        assert reply["mentions"] == []
    parent = (await client.get(f"{URL}/{status_id}")).json()
    assert parent["replies_count"] == 2
    assert absent.status_code == 404


async def test_several_at_once(client: httpx.AsyncClient, database: Database) -> None:
    ada = await make_account(database)
    made = [await make_status(database, ada) for _ in range(3)]
    hidden = await make_status(database, ada, visibility=Visibility.PRIVATE)
    asked = [made[1], hidden, 1, made[0], made[2], made[1]]

    found = await client.get(URL, params={"id[]": [str(id_) for id_ in asked]})
    none = await client.get(URL)
    full = await client.get(URL, params={"id[]": [str(id_) for id_ in range(1, 21)]})
    more = await client.get(URL, params={"id[]": [str(id_) for id_ in range(1, 22)]})

    assert ids(found.json()) == [str(id_) for id_ in (made[1], made[0], made[2])]
    assert none.json() == full.json() == []
    assert more.status_code == 422


@pytest.mark.parametrize("id_", ["0", "abc", "-1", "9" * 19, "9" * 30, "1.0", "%00", "１"])
async def test_odd_ids_are_not_there(
    client: httpx.AsyncClient, database: Database, id_: str
) -> None:
    """IN-3."""
    assert (await client.get(f"{URL}/{id_}")).status_code == 404


async def test_an_edit_replaces_everything(client: httpx.AsyncClient, database: Database) -> None:
    ada, bob = await make_account(database, "ada"), await make_account(database, "bob")
    headers = await as_account(database, ada)
    before = await post(
        client, headers, "#one @bob", spoiler_text="Careful", language="nl", visibility="unlisted"
    )
    url = f"{URL}/{before['id']}"
    await client.post(f"{url}/favourite", headers=headers)

    edited = await client.put(url, json={"status": "#two words"}, headers=headers)

    after = edited.json()
    assert after["content"].endswith("words</p>")
    assert (after["spoiler_text"], after["sensitive"]) == ("", False)
    assert [tag["name"] for tag in after["tags"]] == ["two"]
    # Who was spoken to may go on reading.
    assert ids(after["mentions"]) == [str(bob.id)]
    kept = ("id", "url", "uri", "created_at", "visibility", "language")
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert after["edited_at"] > before["created_at"]
    assert (after["favourites_count"], after["favourited"]) == (1, True)
    assert (await client.get(url, headers=headers)).json() == after


async def test_saying_the_same_is_no_edit(client: httpx.AsyncClient, database: Database) -> None:
    ada = await make_account(database)
    headers = await as_account(database, ada)
    sent = {"status": "Words", "spoiler_text": "Careful", "language": "nl"}
    before = await post(client, headers, "Words", spoiler_text="Careful", language="nl")
    url = f"{URL}/{before['id']}"

    again = await client.put(url, json=sent, headers=headers)

    assert again.json() == before
    assert again.json()["edited_at"] is None
    assert len((await client.get(f"{url}/history")).json()) == 1
    events = await database.fetch("SELECT name FROM events WHERE name = 'status.updated'")
    assert events == []


async def test_an_edit_may_bring_somebody_in(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    ada, bob = await make_account(database), await make_account(database, "bob")
    as_ada, as_bob = await as_account(database, ada), await as_account(database, bob)
    status = await post(client, as_ada, "Words", visibility="private")
    url = f"{URL}/{status['id']}"
    assert (await client.get(url, headers=as_bob)).status_code == 404

    for words in ("@bob words", "@bob other words"):
        edited = await client.put(url, json={"status": words}, headers=as_ada)
        await run_jobs()

    assert ids(edited.json()["mentions"]) == [str(bob.id)]
    assert (await client.get(url, headers=as_bob)).status_code == 200
    told = (await client.get("/api/v1/notifications", headers=as_bob)).json()
    assert [(entry["type"], entry["status"]["id"]) for entry in told] == [("mention", status["id"])]


async def test_an_edit_keeps_to_the_rules(client: httpx.AsyncClient, database: Database) -> None:
    headers = await as_account(database, await make_account(database))
    status = await post(client, headers, "Words")
    url = f"{URL}/{status['id']}"

    blank = await client.put(url, json={}, headers=headers)
    long = await client.put(url, json={"status": "a" * 501}, headers=headers)
    # masto.js sends PUT, others PATCH (trap 1).
    patched = await client.patch(url, json={"status": "Other words"}, headers=headers)

    assert blank.json()["error"] == "Validation failed: Text can't be blank"
    assert long.json()["error"] == "Validation failed: Text character limit of 500 exceeded"
    assert patched.json()["content"] == "<p>Other words</p>"


async def test_a_reblog_is_not_edited(client: httpx.AsyncClient, database: Database) -> None:
    ada = await make_account(database)
    status_id = await make_status(database, ada)
    wrapper = await make_reblog(database, ada, status_id)
    headers = await as_account(database, ada)

    answer = await client.put(f"{URL}/{wrapper}", json={"status": "Words"}, headers=headers)

    assert answer.status_code == 404
    assert (await client.get(f"{URL}/{wrapper}", headers=headers)).json()["edited_at"] is None


async def test_deleting_answers_with_the_words(
    client: httpx.AsyncClient, database: Database
) -> None:
    headers = await as_account(database, await make_account(database))
    status = await post(client, headers, "Some *words* <b>", spoiler_text="Careful")
    url = f"{URL}/{status['id']}"

    deleted = await client.request("DELETE", url, json={"delete_media": "1"}, headers=headers)

    body = deleted.json()
    assert deleted.status_code == 200
    assert "content" not in body
    assert (body["text"], body["spoiler_text"]) == ("Some *words* <b>", "Careful")
    assert body["media_attachments"] == []
    assert (await client.get(url, headers=headers)).status_code == 404
    assert (await client.delete(url, headers=headers)).status_code == 404
    for path in (
        "timelines/home",
        "timelines/public",
        f"accounts/{body['account']['id']}/statuses",
    ):
        assert (await client.get(f"/api/v1/{path}", headers=headers)).json() == [], path


async def test_answers_outlive_what_they_answer(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    status_id = await make_status(database, ada)
    reply = await make_status(database, bob, in_reply_to_id=status_id)
    further = await make_status(database, ada, in_reply_to_id=reply)
    headers = await as_account(database, ada)
    await client.get(f"{URL}/{reply}")  # rendered, and kept, as it was

    await client.delete(f"{URL}/{status_id}", headers=headers)

    left = (await client.get(f"{URL}/{reply}")).json()
    assert (left["in_reply_to_id"], left["in_reply_to_account_id"]) == (None, None)
    assert left["replies_count"] == 1
    context = (await client.get(f"{URL}/{reply}/context")).json()
    assert (context["ancestors"], ids(context["descendants"])) == ([], [str(further)])

    await client.delete(f"{URL}/{further}", headers=headers)
    assert (await client.get(f"{URL}/{reply}")).json()["replies_count"] == 0


async def test_deleting_counts_and_takes_marks_along(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    await make_follow(database, bob, ada)
    status_id = await make_status(database, ada, f"@{bob.username} #tag")
    as_ada, as_bob = await as_account(database, ada), await as_account(database, bob)
    for verb in ("favourite", "bookmark", "react/👍", "reblog"):
        await client.post(f"{URL}/{status_id}/{verb}", headers=as_bob)
    await client.put(f"{URL}/{status_id}", json={"status": "Other words"}, headers=as_ada)
    await run_jobs()

    await client.delete(f"{URL}/{status_id}", headers=as_ada)
    await run_jobs()

    left = await database.fetch(
        """
        SELECT (SELECT count(*) FROM statuses) + (SELECT count(*) FROM favourites)
             + (SELECT count(*) FROM bookmarks) + (SELECT count(*) FROM reactions)
             + (SELECT count(*) FROM mentions) + (SELECT count(*) FROM status_tags)
             + (SELECT count(*) FROM status_edits)
             + (SELECT count(*) FROM notifications WHERE status_id IS NOT NULL)
             + (SELECT sum(statuses_count) FROM accounts) AS n
        """
    )
    assert left[0]["n"] == 0
    for path in ("favourites", "bookmarks", "timelines/home"):
        assert (await client.get(f"/api/v1/{path}", headers=as_bob)).json() == []


async def test_deleting_a_reblog_is_unreblogging(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    status_id = await make_status(database, ada)
    as_ada, as_bob = await as_account(database, ada), await as_account(database, bob)
    wrapper = (await client.post(f"{URL}/{status_id}/reblog", headers=as_bob)).json()["id"]
    await run_jobs()
    assert len((await client.get("/api/v1/notifications", headers=as_ada)).json()) == 1

    await client.delete(f"{URL}/{wrapper}", headers=as_bob)
    await run_jobs()

    status = (await client.get(f"{URL}/{status_id}", headers=as_bob)).json()
    assert (status["reblogs_count"], status["reblogged"]) == (0, False)
    assert (await client.get("/api/v1/notifications", headers=as_ada)).json() == []
