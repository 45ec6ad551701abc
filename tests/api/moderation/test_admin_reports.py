"""Reports, for moderators."""

from typing import Any

import httpx
import pytest

from app.database import Database
from app.models.identity.users import Role
from tests.api.moderation.people import audited, make_moderator
from tests.api.moderation.test_reports import make_rule
from tests.factories import as_account, ids, make_account, make_status

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
    client: httpx.AsyncClient, database: Database, case: Case
) -> None:
    """Nor does whom it is about hear of it."""
    _, headers = await make_moderator(database)
    await client.post(f"{URL}/{case.id}/resolve", headers=headers)

    assert await database.fetch("SELECT 1 FROM notifications WHERE account_id = $1", case.bob) == []
