"""Accounts, as moderators find them."""

import httpx
import pytest

from app import clock
from app.database import Database
from app.domain.moderation import audit
from app.models.accounts.accounts import Account
from app.models.identity.users import Role
from app.models.statuses.statuses import Visibility
from tests.api.moderation.people import audited, make_moderator
from tests.conftest import RunJobs
from tests.factories import (
    as_account,
    ids,
    make_account,
    make_follow,
    make_reblog,
    make_status,
)

pytestmark = pytest.mark.anyio

V1, V2 = "/api/v1/admin/accounts", "/api/v2/admin/accounts"


async def make_everybody(database: Database) -> dict[str, Account]:
    now = clock.now()
    return {
        "active": await make_account(database, "Amina", display_name="Amina de Vries"),
        "pending": await make_account(database, "pending", approved=False),
        "disabled": await make_account(database, "disabled", disabled=True),
        "silenced": await make_account(database, "silenced", silenced_at=now),
        "suspended": await make_account(database, "suspended", suspended_at=now),
        "sensitized": await make_account(database, "sensitized", sensitized_at=now),
    }


async def test_an_account_as_moderators_see_it(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_account(database, "ada", email="ada@example.org", silenced_at=clock.now())
    _, headers = await make_moderator(database)

    shown = (await client.get(f"{V1}/{ada.id}", headers=headers)).json()

    assert shown["account"]["id"] == shown["id"] == str(ada.id)
    assert shown["role"]["name"] == "member"
    assert shown | {"account": {}, "role": {}, "id": "", "created_at": ""} == {
        "id": "",
        "username": "ada",
        "domain": None,
        "created_at": "",
        "email": "ada@example.org",
        "ip": None,
        "ips": [],
        "locale": "en",
        "invite_request": None,
        "role": {},
        "confirmed": True,
        "approved": True,
        "disabled": False,
        "silenced": True,
        "suspended": False,
        "sensitized": False,
        "account": {},
    }
    assert await audited(database) == [("view", "account", ada.id)]
    assert (await client.get(f"{V1}/1", headers=headers)).status_code == 404


async def test_who_was_imported_has_no_login(client: httpx.AsyncClient, database: Database) -> None:
    imported = Account(username="imported")
    async with database.session() as session:
        session.add(imported)
        await session.commit()
    _, headers = await make_moderator(database)

    shown = (await client.get(f"{V1}/{imported.id}", headers=headers)).json()

    assert (shown["email"], shown["role"], shown["confirmed"]) == ("", None, True)


async def found(client: httpx.AsyncClient, headers: dict[str, str], url: str) -> set[str]:
    response = await client.get(url, headers=headers)
    assert response.status_code == 200, response.text
    return {one["username"] for one in response.json()}


async def test_accounts_are_found_by_their_state(
    client: httpx.AsyncClient, database: Database
) -> None:
    everybody = await make_everybody(database)
    moderator, headers = await make_moderator(database)
    names = {account.username for account in everybody.values()} | {moderator.username}

    active = names - {"pending", "suspended"}
    for query in ("", "?local=true", "?active=1"):
        assert await found(client, headers, V1 + query) == active
    assert await found(client, headers, V2) == names
    assert await found(client, headers, f"{V2}?status=active") == active
    for state in ("pending", "disabled", "silenced", "suspended", "sensitized"):
        assert await found(client, headers, f"{V1}?{state}=true") == {state}
        assert await found(client, headers, f"{V2}?status={state}") == {state}
    for nobody in ("?remote=1", "?ip=10.0.0.1", "?by_domain=example.org"):
        assert await found(client, headers, V1 + nobody) == set()
    for nobody in ("?origin=remote", "?invited_by=1", "?ip=10.0.0.1"):
        assert await found(client, headers, V2 + nobody) == set()
    assert (await client.get(f"{V2}?status=odd", headers=headers)).status_code == 400


async def test_that_somebody_looked_is_written_down(
    client: httpx.AsyncClient, database: Database
) -> None:
    """AU-2: the list shows addresses."""
    ada = await make_account(database, "ada")
    _, headers = await make_moderator(database)

    for url in (V1, V2, f"{V2}?username=nobody"):
        await client.get(f"{url}{'&' if '?' in url else '?'}email=ada", headers=headers)

    entries = [entry async for entry in audit.entries(database)]
    assert [entry["details"] for entry in entries] == [{"ids": [ada.id]}] * 2
    assert await audited(database) == [("list", "account", None)] * 2


async def test_accounts_are_found_by_role_and_name(
    client: httpx.AsyncClient, database: Database
) -> None:
    await make_everybody(database)
    moderator, headers = await make_moderator(database)
    admin, _ = await make_moderator(database, Role.ADMIN)

    staff = {moderator.username, admin.username}
    assert await found(client, headers, f"{V1}?staff=1") == staff
    assert await found(client, headers, f"{V2}?permissions=staff") == staff
    assert await found(client, headers, f"{V2}?role_ids[]=3") == {admin.username}
    both = f"{V2}?permissions=staff&role_ids[]=1&role_ids[]=2&role_ids[]={'9' * 5000}"
    assert await found(client, headers, both) == {moderator.username}
    for query in ("username=AMI", "display_name=amina%20de", "email=amina@"):
        for version in (V1, V2):
            assert await found(client, headers, f"{version}?{query}") == {"Amina"}
    assert await found(client, headers, f"{V2}?username=a%25") == set()


async def test_a_role_is_given_below_ones_own(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_account(database)
    as_ada = await as_account(database, ada)
    admin, headers = await make_moderator(database, Role.ADMIN)
    other, _ = await make_moderator(database, Role.ADMIN)
    url = "/api/hardop/v1/admin/accounts/{}/role"

    async def give(account: Account, role: str) -> int:
        response = await client.put(url.format(account.id), headers=headers, json={"role": role})
        if response.status_code == 200:
            assert response.json()["role"]["name"] == role
        return response.status_code

    assert await give(ada, "admin") == 403
    assert await give(ada, "owner") == 400
    assert await give(other, "member") == 403
    assert await give(admin, "member") == 403
    assert await give(ada, "moderator") == 200
    assert (await client.get("/api/v1/preferences", headers=as_ada)).status_code == 200
    assert await give(ada, "member") == 200
    assert (await client.get("/api/v1/preferences", headers=as_ada)).status_code == 401
    (first, _) = [
        entry async for entry in audit.entries(database) if entry["action"] == "change_role"
    ]
    assert first["details"] == {"role": ["member", "moderator"]}


async def test_who_cannot_log_in_has_no_role(client: httpx.AsyncClient, database: Database) -> None:
    imported = Account(username="imported")
    async with database.session() as session:
        session.add(imported)
        await session.commit()
    _, headers = await make_moderator(database, Role.ADMIN)

    response = await client.put(
        f"/api/hardop/v1/admin/accounts/{imported.id}/role",
        headers=headers,
        json={"role": "moderator"},
    )

    assert response.status_code == 422


async def test_the_suspended_can_be_erased(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    ada, bob = await make_account(database, "ada"), await make_account(database)
    as_bob = await as_account(database, bob)
    _, headers = await make_moderator(database, Role.ADMIN)
    bobs, adas = await make_status(database, bob), await make_status(database, ada)
    await make_follow(database, ada, bob)
    await make_follow(database, bob, ada)
    await make_reblog(database, bob, adas)
    await make_reblog(database, ada, bobs)
    for visibility in (Visibility.PUBLIC, Visibility.PRIVATE):
        await make_status(database, ada, "Yes", in_reply_to_id=bobs, visibility=visibility)
        await make_status(database, ada, "Look", quoted_status_id=bobs, visibility=visibility)
    reply = await make_status(database, bob, "@ada no", in_reply_to_id=adas)
    as_ada = await as_account(database, ada)
    for path in ("favourite", "bookmark", "react/💡", "react/🎉"):
        await client.post(f"/api/v1/statuses/{bobs}/{path}", headers=as_ada)
    for text in ("So", "And so"):
        quote = {"status": text, "quoted_status_id": str(bobs)}
        assert (await client.post("/api/v1/statuses", headers=as_ada, data=quote)).is_success

    assert (await client.delete(f"{V1}/{ada.id}", headers=headers)).status_code == 403
    await client.post(f"{V1}/{ada.id}/action", headers=headers, data={"type": "suspend"})
    assert (await client.delete(f"{V1}/{ada.id}", headers=headers)).json() == {}
    await run_jobs()
    await database.fetch(
        "UPDATE jobs.pgqueuer SET status = 'queued' WHERE entrypoint = 'erase_account'"
    )
    await run_jobs()

    assert (await client.get(f"/api/v1/accounts/{ada.id}")).status_code == 404
    shown = (await client.get(f"/api/v1/statuses/{bobs}", headers=as_bob)).json()
    counts = ("favourites_count", "reblogs_count", "replies_count", "quotes_count")
    assert {shown[name] for name in counts} == {0}
    assert shown["reactions"] == []
    [kept] = await database.fetch("SELECT bookmarks_count FROM statuses WHERE id = $1", bobs)
    assert kept["bookmarks_count"] == 0
    account = (await client.get(f"/api/v1/accounts/{bob.id}")).json()
    assert (account["followers_count"], account["following_count"]) == (0, 0)
    assert account["statuses_count"] == 2
    orphan = (await client.get(f"/api/v1/statuses/{reply}")).json()
    assert (orphan["in_reply_to_id"], orphan["in_reply_to_account_id"]) == (None, None)
    assert orphan["mentions"] == []
    assert str(reply) not in ids((await client.get("/api/v1/timelines/public")).json())
    rows = await database.fetch("SELECT id FROM erased_accounts")
    assert [row["id"] for row in rows] == [ada.id]


async def test_the_name_of_the_erased_is_not_given_again(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    ada = await make_account(database, "Ada", suspended_at=clock.now())
    _, headers = await make_moderator(database, Role.ADMIN)
    await client.delete(f"{V1}/{ada.id}", headers=headers)
    await run_jobs()
    app_token = (
        await client.post(
            "/api/v1/apps",
            data={"client_name": "x", "redirect_uris": "https://x.example/", "scopes": "write"},
        )
    ).json()
    token = (
        await client.post(
            "/oauth/token",
            data={
                "grant_type": "client_credentials",
                "client_id": app_token["client_id"],
                "client_secret": app_token["client_secret"],
                "scope": "write",
            },
        )
    ).json()["access_token"]

    answer = await client.post(
        "/api/v1/accounts",
        headers={"Authorization": f"Bearer {token}"},
        data={
            "username": "ada",
            "email": "new@example.org",
            "password": "quite long enough",
            "agreement": "true",
        },
    )

    assert answer.status_code == 422
    assert answer.json()["details"]["username"][0]["error"] == "ERR_TAKEN"
