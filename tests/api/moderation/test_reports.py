"""Asking the moderators to look at something."""

import json
from typing import Any

import httpx
import pytest

from app import clock
from app.database import Database
from app.models.instance.rules import Rule
from app.models.statuses.statuses import Visibility
from tests.factories import as_account, make_account, make_status

pytestmark = pytest.mark.anyio

URL = "/api/v1/reports"


async def make_rule(database: Database, **columns: Any) -> int:
    rule = Rule(**{"text": "Be kind", **columns})
    async with database.session() as session:
        session.add(rule)
        await session.commit()
    return rule.id


async def kept(database: Database) -> list[dict[str, Any]]:
    """The reported statuses as they were kept."""
    rows = await database.fetch("SELECT entity::text AS entity FROM reported_statuses")
    return [json.loads(row["entity"]) for row in rows]


async def test_a_report_keeps_what_was_said(client: httpx.AsyncClient, database: Database) -> None:
    ada, bob = await make_account(database), await make_account(database)
    as_ada, as_bob = await as_account(database, ada), await as_account(database, bob)
    status_id = await make_status(database, bob, "Awful")

    response = await client.post(
        f"{URL}/",
        headers=as_ada,
        json={"account_id": bob.id, "status_ids": [str(status_id)], "comment": " Look "},
    )
    await client.delete(f"/api/v1/statuses/{status_id}", headers=as_bob)

    report = response.json()
    assert report["target_account"]["id"] == str(bob.id)
    assert report | {"target_account": {}, "id": "", "created_at": ""} == {
        "id": "",
        "action_taken": False,
        "action_taken_at": None,
        "category": "other",
        "comment": "Look",
        "forwarded": False,
        "created_at": "",
        "status_ids": [str(status_id)],
        "rule_ids": [],
        "collection_ids": [],
        "target_account": {},
    }
    (status,) = await kept(database)
    assert status["content"] == "<p>Awful</p>"
    assert "favourited" not in status
    (event,) = await database.fetch(
        "SELECT payload::text AS payload FROM events WHERE name = 'report.created'"
    )
    assert json.loads(event["payload"]) == {
        "report_id": int(report["id"]),
        "account_id": ada.id,
        "target_account_id": bob.id,
    }


async def test_only_what_one_may_read_is_reported(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob, cleo = [await make_account(database) for _ in range(3)]
    statuses = [
        await make_status(database, bob, visibility=Visibility.PRIVATE),
        await make_status(database, bob, f"@{ada.username} x", visibility=Visibility.DIRECT),
        await make_status(database, cleo),
    ]

    response = await client.post(
        URL,
        headers=await as_account(database, ada),
        json={"account_id": bob.id, "status_ids": [*statuses, 1]},
    )

    assert response.json()["status_ids"] == [str(statuses[1])]


@pytest.mark.parametrize("category", ["spam", "legal", "violation", "other"])
async def test_what_is_wrong(client: httpx.AsyncClient, database: Database, category: str) -> None:
    ada, bob = await make_account(database), await make_account(database)
    headers = await as_account(database, ada)

    plain = await client.post(
        URL, headers=headers, data={"account_id": bob.id, "category": category}
    )

    assert plain.json()["category"] == category


async def test_naming_a_rule_is_reporting_a_violation(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    rules = [await make_rule(database), await make_rule(database, retired_at=clock.now())]

    response = await client.post(
        URL,
        headers=await as_account(database, ada),
        json={"account_id": bob.id, "category": "spam", "rule_ids": [*rules, rules[0]]},
    )

    assert response.json()["category"] == "violation"
    assert response.json()["rule_ids"] == [str(id_) for id_ in rules]


@pytest.mark.parametrize(
    ("sent", "status", "error"),
    [
        ({"account_id": None}, 400, "param is missing or the value is empty: account_id"),
        ({"account_id": 1}, 404, "Record not found"),
        ({"category": "annoying"}, 400, "category must be one of"),
        (
            {"comment": "x" * 1001},
            422,
            "Validation failed: Comment is too long (maximum is 1000 characters)",
        ),
        ({"rule_ids": [1]}, 422, "Validation failed: Rule ids does not reference valid rules"),
    ],
)
async def test_what_cannot_be_is_said_and_nothing_is_kept(
    client: httpx.AsyncClient,
    database: Database,
    sent: dict[str, object],
    status: int,
    error: str,
) -> None:
    ada, bob = await make_account(database), await make_account(database)

    response = await client.post(
        URL, headers=await as_account(database, ada), json={"account_id": bob.id, **sent}
    )

    assert response.status_code == status
    assert response.json()["error"].startswith(error)
    assert await database.fetch("SELECT 1 FROM reports") == []
