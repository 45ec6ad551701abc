"""One's own account: reading and changing it."""

import asyncio
from typing import Any

import httpx
import pytest

from app.database import Database
from app.domain.accounts import profiles
from app.errors import NotFound
from app.models.identity.users import Role
from tests.conftest import Statements
from tests.factories import as_account, make_account, make_follow, make_status

pytestmark = pytest.mark.anyio

VERIFY = "/api/v1/accounts/verify_credentials"
UPDATE = "/api/v1/accounts/update_credentials"


async def version(database: Database) -> int:
    (row,) = await database.fetch("SELECT version FROM accounts")
    number: int = row["version"]
    return number


async def test_my_account_has_source_and_role(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_account(
        database, note="Ask *me*", fields=[{"name": "Team", "value": "#lab"}], locked=True
    )
    await make_follow(database, await make_account(database), ada)

    mine = (await client.get(VERIFY, headers=await as_account(database, ada))).json()

    assert mine["id"] == str(ada.id)
    assert mine["source"] == {
        "privacy": "public",
        "sensitive": False,
        "language": None,
        "quote_policy": "public",
        "note": "Ask *me*",
        "fields": [{"name": "Team", "value": "#lab", "verified_at": None}],
        "follow_requests_count": 1,
        "hide_collections": False,
        "discoverable": True,
        "indexable": True,
        "attribution_domains": [],
    }
    assert (mine["role"]["name"], mine["role"]["permissions"]) == ("member", "0")


async def test_an_account_that_is_gone_is_not_found(database: Database) -> None:
    with pytest.raises(NotFound):
        await profiles.own(database, 1)


async def test_the_scope_profile_is_enough(client: httpx.AsyncClient, database: Database) -> None:
    headers = await as_account(database, await make_account(database), "profile")

    assert (await client.get(VERIFY, headers=headers)).status_code == 200
    assert (await client.patch(UPDATE, headers=headers)).status_code == 403


async def test_a_moderator_has_rights_but_is_no_administrator(
    client: httpx.AsyncClient, database: Database
) -> None:
    found = {}
    for role in (Role.MODERATOR, Role.ADMIN):
        person = await make_account(database, role=role)
        mine = (await client.get(VERIFY, headers=await as_account(database, person))).json()
        found[role] = int(mine["role"]["permissions"])

    assert found[Role.MODERATOR] & 16
    assert not found[Role.MODERATOR] & 1
    assert found[Role.ADMIN] & 1


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
async def test_only_what_is_given_changes(
    client: httpx.AsyncClient, database: Database, method: str
) -> None:
    ada = await make_account(database, display_name="Ada", note="Before", bot=True)
    headers = await as_account(database, ada)

    changed = await client.request(method, UPDATE, headers=headers, data={"note": "After"})

    mine = changed.json()
    assert (mine["display_name"], mine["note"], mine["bot"]) == ("Ada", "<p>After</p>", True)
    assert mine == (await client.get(VERIFY, headers=headers)).json()
    seen = (await client.get(f"/api/v1/accounts/{ada.id}")).json()
    assert seen == {name: value for name, value in mine.items() if name in seen}


@pytest.mark.parametrize(
    "sent",
    [
        {
            "json": {
                "display_name": "Ada",
                "locked": "1",
                "bot": True,
                "discoverable": "0",
                "indexable": False,
                "hide_collections": "true",
                "attribution_domains": ["Example.org"],
                "fields_attributes": [{"name": "a", "value": "b"}, {"name": "", "value": ""}],
                "source": {"privacy": "unlisted", "sensitive": "1", "language": "nl-BE"},
            }
        },
        {
            "data": {
                "display_name": "Ada",
                "locked": "true",
                "bot": "1",
                "discoverable": "false",
                "indexable": "0",
                "hide_collections": "1",
                "attribution_domains[]": "example.org",
                "fields_attributes[0][name]": "a",
                "fields_attributes[0][value]": "b",
                "fields_attributes[1][name]": "",
                "fields_attributes[1][value]": "",
                "source[privacy]": "unlisted",
                "source[sensitive]": "true",
                "source[language]": "nl",
            }
        },
        {
            "files": {
                "display_name": (None, "Ada"),
                "locked": (None, "1"),
                "bot": (None, "1"),
                "discoverable": (None, "0"),
                "indexable": (None, "0"),
                "hide_collections": (None, "1"),
                "attribution_domains[0]": (None, "example.org"),
                "fields_attributes[][name]": (None, "a"),
                "fields_attributes[][value]": (None, "b"),
                "source[privacy]": (None, "unlisted"),
                "source[sensitive]": (None, "1"),
                "source[language]": (None, "nl"),
                "avatar": ("", b""),
            }
        },
    ],
    ids=["json", "form", "multipart"],
)
async def test_everything_in_every_encoding(
    client: httpx.AsyncClient, database: Database, sent: dict[str, Any]
) -> None:
    headers = await as_account(database, await make_account(database))

    mine = (await client.patch(UPDATE, headers=headers, **sent)).json()

    assert (mine["display_name"], mine["locked"], mine["bot"]) == ("Ada", True, True)
    assert (mine["discoverable"], mine["indexable"], mine["hide_collections"]) == (
        False,
        False,
        True,
    )
    assert mine["fields"] == [{"name": "a", "value": "b", "verified_at": None}]
    source = mine["source"]
    assert source["attribution_domains"] == ["example.org"]
    assert (source["privacy"], source["sensitive"], source["language"]) == ("unlisted", True, "nl")
    assert mine["avatar"].endswith("/static/avatar.png")


async def test_defaults_for_posting_are_used_and_can_be_cleared(
    client: httpx.AsyncClient, database: Database
) -> None:
    headers = await as_account(database, await make_account(database))
    defaults = {"source[privacy]": "private", "source[language]": "nl"}
    await client.patch(UPDATE, headers=headers, data=defaults)

    said = (await client.post("/api/v1/statuses", headers=headers, data={"status": "Hoi"})).json()
    cleared = await client.patch(UPDATE, headers=headers, json={"source": {"language": None}})

    assert (said["visibility"], said["language"]) == ("private", "nl")
    source = cleared.json()["source"]
    assert (source["privacy"], source["language"]) == ("private", None)


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"display_name": "x" * 31}, "display_name"),
        ({"note": "x" * 501}, "note"),
        ({"avatar_description": "x" * 151}, "avatar_description"),
        ({"fields_attributes": [{"name": str(n), "value": "v"} for n in range(5)]}, "fields"),
        ({"fields_attributes": [{"name": "x" * 256, "value": "v"}]}, "fields"),
        ({"fields_attributes": [{"name": "", "value": "v"}]}, "fields"),
        ({"attribution_domains": ["not a domain"]}, "attribution_domains"),
        ({"attribution_domains": [f"{n}.example.org" for n in range(11)]}, "attribution_domains"),
        ({"avatar": "data:image/png;base64,AAAA"}, "avatar"),
        ({"header": "a.png"}, "header"),
    ],
)
async def test_what_breaks_a_rule_is_refused_whole(
    client: httpx.AsyncClient, database: Database, sent: dict[str, Any], field: str
) -> None:
    ada = await make_account(database, display_name="Ada")
    headers = await as_account(database, ada)

    response = await client.patch(UPDATE, headers=headers, json={"bot": True, **sent})

    assert response.status_code == 422
    assert response.json()["error"].startswith("Validation failed: ")
    assert list(response.json()["details"]) == [field]
    assert (await client.get(VERIFY, headers=headers)).json()["bot"] is False


async def test_a_visibility_that_does_not_exist_is_a_mistake(
    client: httpx.AsyncClient, database: Database
) -> None:
    headers = await as_account(database, await make_account(database))

    response = await client.patch(UPDATE, headers=headers, json={"source": {"privacy": "secret"}})

    assert response.status_code == 400


async def test_a_note_counts_as_statuses_do(client: httpx.AsyncClient, database: Database) -> None:
    headers = await as_account(database, await make_account(database))
    note = "https://example.org/" + "x" * 600 + " " + "x" * 476

    assert (await client.patch(UPDATE, headers=headers, json={"note": note})).status_code == 200


async def test_a_change_is_a_new_version_and_an_event(
    client: httpx.AsyncClient, database: Database
) -> None:
    headers = await as_account(database, await make_account(database))
    before = await version(database)

    await client.patch(UPDATE, headers=headers, json={"note": "New"})
    after = await version(database)
    await client.patch(UPDATE, headers=headers, json={"note": "New"})

    assert before < after == await version(database)
    events = await database.fetch("SELECT name FROM events")
    assert [event["name"] for event in events] == ["account.updated"]


async def test_changes_of_two_devices_both_stay(
    client: httpx.AsyncClient, database: Database
) -> None:
    headers = await as_account(database, await make_account(database))

    answers = await asyncio.gather(
        client.patch(UPDATE, headers=headers, json={"source": {"privacy": "private"}}),
        client.patch(UPDATE, headers=headers, json={"source": {"sensitive": True}}),
        client.patch(UPDATE, headers=headers, json={"note": "Both"}),
    )

    assert [answer.status_code for answer in answers] == [200] * 3
    mine = (await client.get(VERIFY, headers=headers)).json()
    assert mine["source"]["note"] == "Both"
    assert (mine["source"]["privacy"], mine["source"]["sensitive"]) == ("private", True)


async def test_unlocking_accepts_those_who_asked(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob = await make_account(database, locked=True), await make_account(database)
    await make_follow(database, bob, ada)
    headers = await as_account(database, ada)

    mine = (await client.patch(UPDATE, headers=headers, json={"locked": False})).json()

    assert (mine["followers_count"], mine["source"]["follow_requests_count"]) == (1, 0)
    related = await client.get(f"/api/v1/accounts/relationships?id={bob.id}", headers=headers)
    assert related.json()[0]["followed_by"] is True
    assert (await client.get(f"/api/v1/accounts/{bob.id}")).json()["following_count"] == 1


async def test_unlocking_costs_the_same_however_many_asked(
    client: httpx.AsyncClient, database: Database, statements: Statements
) -> None:
    costs = []
    for askers in (1, 8):
        ada = await make_account(database, locked=True)
        for _ in range(askers):
            await make_follow(database, await make_account(database), ada)
        headers = await as_account(database, ada)
        statements.take()
        mine = (await client.patch(UPDATE, headers=headers, json={"locked": False})).json()
        costs.append(len(statements.take()))
        assert mine["followers_count"] == askers

    assert costs[0] == costs[1]
    events = await database.fetch("SELECT name, count(*) FROM events GROUP BY name")
    assert dict(map(tuple, events)) == {
        "follow.requested": 9,
        "account.updated": 2,
        "follow.created": 9,
    }
    jobs = await database.fetch(
        "SELECT entrypoint, count(*) FROM jobs.pgqueuer GROUP BY entrypoint"
    )
    assert dict(map(tuple, jobs)) == {"fill_home": 9, "notify": 18}


async def test_a_new_name_shows_in_statuses_at_once(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_account(database, display_name="Before")
    status = await make_status(database, ada)
    await client.get(f"/api/v1/statuses/{status}")

    headers = await as_account(database, ada)
    await client.patch(UPDATE, headers=headers, json={"display_name": "After"})

    shown = (await client.get(f"/api/v1/statuses/{status}")).json()
    assert shown["account"]["display_name"] == "After"


async def test_who_was_erased_a_moment_ago_changes_nothing(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_account(database, role=Role.MEMBER)
    headers = await as_account(database, ada)
    # From now on the token is known for some seconds.
    await client.get(VERIFY, headers=headers)
    await database.fetch("DELETE FROM accounts WHERE id = $1", ada.id)

    late = await client.patch(UPDATE, headers=headers, data={"display_name": "Ada"})

    assert late.status_code == 401
