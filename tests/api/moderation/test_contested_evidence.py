"""What moderators make of evidence that people contest."""

from typing import Any

import httpx
import pytest

from app.database import Database
from app.models.accounts.accounts import Account
from app.models.expertise.contested_evidence import ContestedEvidence
from app.models.identity.users import Role
from tests.api.expertise.asking import ask, names
from tests.factories import as_account, ids, make_account, make_status

pytestmark = pytest.mark.anyio

URL = "/api/hardop/v1/admin/contested_evidence"
ADMIN = "read admin:read admin:write"


@pytest.fixture
async def moderator(database: Database) -> Account:
    return await make_account(database, "mod", role=Role.MODERATOR)


@pytest.fixture
async def headers(database: Database, moderator: Account) -> dict[str, str]:
    return await as_account(database, moderator, ADMIN)


async def contested(database: Database, account: Account) -> int:
    status = await make_status(database, account, "Kafka")
    async with database.session() as session:
        made = ContestedEvidence(account_id=account.id, status_id=status, comment="A joke")
        session.add(made)
        await session.commit()
    return made.id


async def test_moderators_decide_and_change_their_minds(
    client: httpx.AsyncClient, database: Database, headers: dict[str, str]
) -> None:
    ada = await make_account(database, "ada")
    id_ = await contested(database, ada)

    async def decide(what: str) -> Any:
        response = await client.post(f"{URL}/{id_}/{what}", headers=headers)
        assert response.status_code == 200, response.text
        return response.json()

    async def listed(state: str) -> list[str]:
        return ids((await client.get(URL, params={"state": state}, headers=headers)).json())

    async def is_found() -> bool:
        return names(await ask(client, headers, "kafka")) == ["ada"]

    assert await listed("open") == [str(id_)]
    assert not await is_found()
    for verb, state, counts in (
        ("reject", "rejected", True),
        ("uphold", "upheld", False),
        ("reject", "rejected", True),
        ("reopen", "open", False),
    ):
        decided = await decide(verb)
        assert decided["state"] == state
        assert (decided["decided_at"] is None) == (state == "open")
        assert await is_found() == counts
        assert await listed(state) == [str(id_)]
    entries = await database.fetch("SELECT action FROM audit_entries ORDER BY position")
    assert [entry["action"] for entry in entries] == [
        "contest_rejected",
        "contest_upheld",
        "contest_rejected",
        "contest_open",
    ]
    everything = (await client.get(URL, headers=headers)).json()
    assert [(each["comment"], each["account"]["username"]) for each in everything] == [
        ("A joke", "ada")
    ]


async def test_nobody_decides_about_themselves_or_about_nothing(
    client: httpx.AsyncClient, database: Database, headers: dict[str, str], moderator: Account
) -> None:
    id_ = await contested(database, moderator)

    assert (await client.post(f"{URL}/{id_}/reject", headers=headers)).status_code == 403
    assert (await client.post(f"{URL}/1/reject", headers=headers)).status_code == 404
    assert (await client.get(URL, params={"state": "odd"}, headers=headers)).status_code == 400
