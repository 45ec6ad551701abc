"""Announcements, for those who write them."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from app import clock
from app.database import Database
from app.models.identity.users import Role
from app.settings import Settings
from app.workers import announcements as worker
from tests.cli.commands import Hardop, make_hardop
from tests.factories import as_account, ids, make_account

pytestmark = pytest.mark.anyio

URL = "/api/hardop/v1/admin/announcements"
SHOWN = "/api/v1/announcements"


@pytest.fixture
def hardop(settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch) -> Hardop:
    return make_hardop(settings, monkeypatch)


@pytest.fixture
async def admin(database: Database) -> dict[str, str]:
    account = await make_account(database, role=Role.ADMIN)
    return await as_account(database, account, "read admin:read admin:write")


async def events(database: Database) -> list[str]:
    rows = await database.fetch(
        "SELECT name FROM events WHERE name LIKE 'announcement%' ORDER BY created_at, id"
    )
    return [row["name"].removeprefix("announcement.") for row in rows]


async def shown(client: httpx.AsyncClient, headers: dict[str, str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await client.get(SHOWN, headers=headers)).json()
    return found


async def test_something_is_told_changed_and_taken_back(
    client: httpx.AsyncClient, database: Database, admin: dict[str, str]
) -> None:
    made = (await client.post(URL, headers=admin, json={"text": " News\x07 "})).json()
    assert made["text"] == "News"
    assert [one["content"] for one in await shown(client, admin)] == ["<p>News</p>"]

    ends_at = clock.iso(clock.now() + timedelta(days=1))
    changed = await client.put(
        f"{URL}/{made['id']}", headers=admin, json={"text": "Old", "ends_at": ends_at}
    )
    assert (changed.json()["text"], changed.json()["ends_at"]) == ("Old", ends_at)
    again = await client.patch(f"{URL}/{made['id']}", headers=admin, json={"ends_at": None})
    assert (again.json()["text"], again.json()["ends_at"]) == ("Old", None)
    assert ids((await client.get(URL, headers=admin)).json()) == [made["id"]]

    assert (await client.delete(f"{URL}/{made['id']}", headers=admin)).json() == {}
    assert await shown(client, admin) == []
    assert await events(database) == ["published", "published", "published", "deleted"]
    log = await database.fetch("SELECT action, object_type FROM audit_entries ORDER BY position")
    assert [row["action"] for row in log] == ["create", "update", "update", "destroy"]


async def test_what_comes_later_is_told_later_and_once(
    client: httpx.AsyncClient, database: Database, admin: dict[str, str]
) -> None:
    later = clock.now() + timedelta(hours=1)
    made = await client.post(
        URL, headers=admin, json={"text": "Soon", "published_at": clock.iso(later)}
    )

    await worker.publish_due(database)
    await client.put(f"{URL}/{made.json()['id']}", headers=admin, json={"text": "Soon, really"})
    assert await shown(client, admin) == []
    assert await events(database) == []

    with clock.at(later):
        for _ in range(2):
            await worker.publish_due(database)
    await database.fetch("UPDATE announcements SET published_at = now()")
    assert ids(await shown(client, admin)) == [made.json()["id"]]
    assert await events(database) == ["published"]


async def test_what_is_out_can_be_put_off(
    client: httpx.AsyncClient, database: Database, admin: dict[str, str]
) -> None:
    made = (await client.post(URL, headers=admin, json={"text": "Now"})).json()
    later = clock.iso(clock.now() + timedelta(hours=1))

    await client.put(f"{URL}/{made['id']}", headers=admin, json={"published_at": later})

    assert await shown(client, admin) == []
    # Streams are told that it is gone, and nobody answers what nobody can read (AZ-5).
    assert await events(database) == ["published", "deleted"]
    reader = await as_account(database, await make_account(database))
    for method, path in (
        ("POST", "dismiss"),
        ("PUT", "reactions/💡"),
        ("DELETE", "reactions/💡"),
    ):
        response = await client.request(method, f"{SHOWN}/{made['id']}/{path}", headers=reader)
        assert response.status_code == 404


async def test_what_is_out_can_be_ended(
    client: httpx.AsyncClient, database: Database, admin: dict[str, str]
) -> None:
    made = (await client.post(URL, headers=admin, json={"text": "Now"})).json()

    ended = {"ends_at": clock.iso(clock.now())}
    await client.put(f"{URL}/{made['id']}", headers=admin, json=ended)

    assert await shown(client, admin) == []
    assert await events(database) == ["published", "deleted"]


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        ({"text": " "}, "Text can't be blank"),
        ({"text": "x" * 5001}, "Text is too long (maximum is 5000 characters)"),
        (
            {"text": "x", "starts_at": "2026-01-02", "ends_at": "2026-01-01"},
            "Ends at must be after it starts",
        ),
        ({"text": "x", "colour": "red"}, "Colour is not a parameter of this method"),
    ],
)
async def test_what_cannot_be_is_said(
    client: httpx.AsyncClient,
    database: Database,
    admin: dict[str, str],
    sent: dict[str, str],
    problem: str,
) -> None:
    response = await client.post(URL, headers=admin, json=sent)

    assert response.status_code == 422
    assert response.json()["error"] == f"Validation failed: {problem}"
    assert await database.fetch("SELECT 1 FROM announcements") == []
    assert await database.fetch("SELECT 1 FROM audit_entries") == []


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
async def test_what_is_not_there_is_not_found(
    client: httpx.AsyncClient, admin: dict[str, str], method: str
) -> None:
    assert (await client.request(method, f"{URL}/1", headers=admin)).status_code == 404


async def test_streams_hear_of_reactions_that_change_something(
    client: httpx.AsyncClient, database: Database, admin: dict[str, str]
) -> None:
    made = (await client.post(URL, headers=admin, json={"text": "News"})).json()
    writer = await as_account(database, await make_account(database), "write")
    for method in ("PUT", "PUT", "DELETE", "DELETE"):
        await client.request(method, f"{SHOWN}/{made['id']}/reactions/💡", headers=writer)

    assert await events(database) == ["published", "reacted", "reacted"]


async def test_the_commands(client: httpx.AsyncClient, database: Database, hardop: Hardop) -> None:
    headers = await as_account(database, await make_account(database))
    done = await hardop(
        *("announcement", "add", "News", "--starts", "2026-11-01T10:00:00+0100"),
        *("--ends", "2099-01-01", "--all-day", "--publish-at", "2026-10-01"),
    )
    id_ = done.out.removeprefix("Added announcement ").strip(" .\n")
    (one,) = await shown(client, headers)
    assert (one["id"], one["all_day"], one["starts_at"]) == (id_, True, "2026-11-01T09:00:00.000Z")

    assert (await hardop("announcement", "change", id_, "--text", "Newer")).code == 0
    assert "  Newer\n" in (await hardop("announcement", "list")).out
    assert (await hardop("announcement", "remove", id_)).code == 0
    assert await shown(client, headers) == []
