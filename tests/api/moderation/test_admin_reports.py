"""Reports, for moderators."""

import os
from typing import Any

import httpx
import pytest

from app.database import Database
from app.domain.moderation import audit
from app.media_store import FolderStore
from app.models.accounts.accounts import Account
from app.models.identity.users import Role
from app.settings import Settings
from app.workers.media import sweep
from tests.api.moderation.people import SCOPES, audited, make_moderator
from tests.api.moderation.test_reports import make_rule
from tests.conftest import RunJobs
from tests.factories import as_account, ids, make_account, make_status
from tests.media import V1, upload
from tests.pictures import picture

pytestmark = pytest.mark.anyio

URL = "/api/v1/admin/reports"


class Case:
    """Ada reported Bob."""

    def __init__(self, ada: int, bob: int, report: dict[str, Any], rule: int) -> None:
        self.ada, self.bob, self.rule = ada, bob, rule
        self.id = report["id"]


@pytest.fixture
async def case(client: httpx.AsyncClient, database: Database) -> Case:
    ada, bob = await make_account(database), await make_account(database)
    said = await make_status(database, bob, "Awful")
    rule = await make_rule(database)
    sent = {
        "account_id": bob.id,
        "status_ids": [said],
        "comment": "Look",
        "rule_ids": [rule],
    }
    headers = await as_account(database, ada)
    response = await client.post("/api/v1/reports", headers=headers, json=sent)
    await client.delete(f"/api/v1/statuses/{said}", headers=await as_account(database, bob))
    return Case(ada.id, bob.id, response.json(), rule)


async def test_moderators_see_all_that_was_reported(
    client: httpx.AsyncClient, database: Database, case: Case
) -> None:
    _, headers = await make_moderator(database)

    (shown,) = (await client.get(URL, headers=headers)).json()

    assert shown == (await client.get(f"{URL}/{case.id}", headers=headers)).json()
    assert (shown["category"], shown["comment"]) == ("violation", "Look")
    assert shown["account"]["id"] == str(case.ada)
    assert shown["target_account"]["account"]["id"] == str(case.bob)
    # Also after its author deleted it.
    assert [status["content"] for status in shown["statuses"]] == ["<p>Awful</p>"]
    assert [rule["id"] for rule in shown["rules"]] == [str(case.rule)]
    assert shown["assigned_account"] is shown["action_taken_by_account"] is None
    assert (await client.get(f"{URL}/1", headers=headers)).status_code == 404


async def test_reports_are_found_by_what_became_of_them(
    client: httpx.AsyncClient, database: Database, case: Case
) -> None:
    _, headers = await make_moderator(database)

    async def found(query: str) -> bool:
        return ids((await client.get(f"{URL}?{query}", headers=headers)).json()) == [case.id]

    assert await found("")
    assert await found("unresolved=true")
    assert await found(f"account_id={case.ada}&target_account_id={case.bob}")
    assert not await found(f"account_id={case.bob}")
    assert not await found("resolved=true")
    await client.post(f"{URL}/{case.id}/resolve", headers=headers)
    assert await found("resolved=true")
    assert await found("resolved=true&unresolved=true")
    assert not await found("")


async def test_a_report_is_taken_on_and_dealt_with(
    client: httpx.AsyncClient, database: Database, case: Case
) -> None:
    moderator, headers = await make_moderator(database)
    other, as_other = await make_moderator(database, Role.ADMIN)

    async def act(verb: str, who: dict[str, str] = headers) -> dict[str, Any]:
        response = await client.post(f"{URL}/{case.id}/{verb}", headers=who)
        assert response.status_code == 200
        shown: dict[str, Any] = response.json()
        return shown

    assert (await act("assign_to_self"))["assigned_account"]["id"] == str(moderator.id)
    assert (await act("unassign"))["assigned_account"] is None
    resolved = await act("resolve", as_other)
    assert resolved["action_taken_by_account"]["id"] == str(other.id)
    # Who dealt with it first did.
    assert (await act("resolve"))["action_taken_at"] == resolved["action_taken_at"]
    reopened = await act("reopen")
    assert (reopened["action_taken"], reopened["action_taken_at"]) == (False, None)
    assert reopened["action_taken_by_account"] is None
    assert [action for action, _, _ in await audited(database)] == [
        "assigned_to_self",
        "unassigned",
        "resolve",
        "resolve",
        "reopen",
    ]


async def test_a_report_is_called_something_else(
    client: httpx.AsyncClient, database: Database, case: Case
) -> None:
    _, headers = await make_moderator(database)
    url = f"{URL}/{case.id}"

    changed = await client.put(url, headers=headers, json={"category": "spam", "rule_ids": [""]})
    assert (changed.json()["category"], changed.json()["rules"]) == ("spam", [])
    again = await client.patch(url, headers=headers, json={"rule_ids": [str(case.rule)]})
    assert (again.json()["category"], len(again.json()["rules"])) == ("spam", 1)
    assert (await client.put(url, headers=headers, json={"rule_ids": [1]})).status_code == 422
    assert (await client.put(f"{URL}/1", headers=headers)).status_code == 404


async def test_the_reporter_hears_what_became_of_it_of_nobody(
    client: httpx.AsyncClient, database: Database, case: Case, run_jobs: RunJobs
) -> None:
    """Nor does whom it is about hear of it."""
    moderator, headers = await make_moderator(database)
    await client.post(f"{URL}/{case.id}/resolve", headers=headers)
    await run_jobs()

    told = await database.fetch("SELECT account_id FROM notifications")
    assert [row["account_id"] for row in told] == [moderator.id]


async def test_moderators_see_nothing_of_reports_about_themselves(
    client: httpx.AsyncClient, database: Database, case: Case
) -> None:
    """AZ-3: nobody judges their own case, or learns who brought it."""
    await database.fetch("UPDATE users SET role = 'admin' WHERE account_id = $1", case.bob)
    async with database.session() as session:
        bob = await as_account(database, await session.get_one(Account, case.bob), SCOPES)

    assert (await client.get(URL, headers=bob)).json() == []
    assert (await client.get(f"{URL}/{case.id}", headers=bob)).status_code == 404
    for verb in ("assign_to_self", "unassign", "resolve", "reopen"):
        assert (await client.post(f"{URL}/{case.id}/{verb}", headers=bob)).status_code == 404
    changed = await client.put(f"{URL}/{case.id}", headers=bob, json={"category": "spam"})
    assert changed.status_code == 404
    assert await audited(database) == []


async def test_that_somebody_looked_is_written_down(
    client: httpx.AsyncClient, database: Database, case: Case
) -> None:
    """AU-2: reports show addresses of both sides."""
    _, headers = await make_moderator(database)

    await client.get(f"{URL}/{case.id}", headers=headers)
    await client.get(URL, headers=headers)
    await client.get(f"{URL}?resolved=true", headers=headers)

    assert await audited(database) == [("view", "report", int(case.id)), ("list", "report", None)]
    (_, listed) = [entry async for entry in audit.entries(database)]
    assert listed["details"] == {"ids": [int(case.id)]}


async def test_a_reported_picture_stays_when_its_author_deletes_it(
    client: httpx.AsyncClient, database: Database, settings: Settings
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    as_ada, as_bob = await as_account(database, ada), await as_account(database, bob)
    media = (await upload(client, as_bob, picture("JPEG"), path=V1)).json()
    other = (await upload(client, as_bob, picture("PNG"), path=V1)).json()
    said, unreported = [
        (await client.post("/api/v1/statuses", headers=as_bob, json={"media_ids": [id_]})).json()
        for id_ in (media["id"], other["id"])
    ]
    sent = {"account_id": bob.id, "status_ids": [said["id"]]}
    await client.post("/api/v1/reports", headers=as_ada, json=sent)

    for status in (said, unreported):
        gone = await client.delete(
            f"/api/v1/statuses/{status['id']}?delete_media=true", headers=as_bob
        )
        assert gone.status_code == 200
    for file in settings.media_dir.iterdir():
        os.utime(file, (0, 0))
    await sweep(database, FolderStore(settings.media_dir))

    _, headers = await make_moderator(database)
    (report,) = (await client.get(URL, headers=headers)).json()
    (shown,) = report["statuses"][0]["media_attachments"]
    for url in (shown["url"], shown["preview_url"]):
        assert (await client.get(url)).status_code == 200
    assert (await client.get(other["url"])).status_code == 404
