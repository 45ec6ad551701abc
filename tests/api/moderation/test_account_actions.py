"""Deciding about accounts, and undoing it."""

from typing import Any

import httpx
import pytest

from app import clock
from app.database import Database
from app.models.accounts.accounts import Account
from app.models.identity.users import Role
from tests.api.moderation.people import audited, make_moderator
from tests.factories import as_account, make_account, make_status

pytestmark = pytest.mark.anyio

URL = "/api/v1/admin/accounts"


async def act(
    client: httpx.AsyncClient, headers: dict[str, str], account: Account, **data: object
) -> httpx.Response:
    return await client.post(f"{URL}/{account.id}/action", headers=headers, json=data)


async def state(database: Database, account: Account) -> dict[str, Any]:
    (row,) = await database.fetch(
        "SELECT silenced_at IS NOT NULL AS silenced, suspended_at IS NOT NULL AS suspended, "
        "sensitized_at IS NOT NULL AS sensitized, u.disabled, a.version "
        "FROM accounts a JOIN users u ON u.account_id = a.id WHERE a.id = $1",
        account.id,
    )
    return dict(row)


@pytest.mark.parametrize(
    ("type_", "name", "undo"),
    [
        ("silence", "silenced", "unsilence"),
        ("suspend", "suspended", "unsuspend"),
        ("sensitive", "sensitized", "unsensitive"),
        ("disable", "disabled", "enable"),
    ],
)
async def test_what_is_decided_can_be_undone(
    client: httpx.AsyncClient, database: Database, type_: str, name: str, undo: str
) -> None:
    ada = await make_account(database)
    moderator, headers = await make_moderator(database)
    before = await state(database, ada)

    for _ in range(2):
        done = await act(client, headers, ada, type=type_, text=" Too loud ")
        assert done.json() == {}
    after = await state(database, ada)
    for _ in range(2):
        undone = await client.post(f"{URL}/{ada.id}/{undo}", headers=headers)
        assert undone.json()[name] is False

    assert {key for key, value in after.items() if value is True} == {name}
    assert (await state(database, ada)) | {"version": 0} == before | {"version": 0}
    if name != "disabled":
        assert before["version"] < after["version"] < (await state(database, ada))["version"]
    warnings = await database.fetch("SELECT action, text, account_id FROM account_warnings")
    assert [tuple(row) for row in warnings] == [(type_, "Too loud", moderator.id)] * 2
    # Undoing what is not so does nothing.
    assert [action for action, _, _ in await audited(database)] == [type_, type_, undo]


async def test_a_word_of_warning_changes_nothing(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_account(database)
    _, headers = await make_moderator(database)
    before = await state(database, ada)

    await act(client, headers, ada, type="none", text="Careful")

    assert await state(database, ada) == before
    (row,) = await database.fetch(
        "SELECT payload ->> 'action' AS action FROM events WHERE name = 'account.moderated'"
    )
    assert row["action"] == "none"


@pytest.mark.parametrize("type_", ["disable", "suspend"])
async def test_what_ends_a_login_ends_its_tokens(
    client: httpx.AsyncClient, database: Database, type_: str
) -> None:
    ada = await make_account(database)
    as_ada = await as_account(database, ada)
    _, headers = await make_moderator(database)
    assert (await client.get("/api/v1/preferences", headers=as_ada)).status_code == 200

    await act(client, headers, ada, type=type_)
    assert (await client.get("/api/v1/preferences", headers=as_ada)).status_code == 401
    undo = "enable" if type_ == "disable" else "unsuspend"
    await client.post(f"{URL}/{ada.id}/{undo}", headers=headers)

    # Also afterwards: its owner logs in anew.
    assert (await client.get("/api/v1/preferences", headers=as_ada)).status_code == 401


async def test_who_has_no_login_can_be_acted_on_all_the_same(
    client: httpx.AsyncClient, database: Database
) -> None:
    imported = Account(username="imported")
    async with database.session() as session:
        session.add(imported)
        await session.commit()
    _, headers = await make_moderator(database)

    for type_ in ("disable", "suspend"):
        assert (await act(client, headers, imported, type=type_)).status_code == 200
    for undo in ("enable", "unsuspend"):
        shown = (await client.post(f"{URL}/{imported.id}/{undo}", headers=headers)).json()
    assert (shown["disabled"], shown["suspended"]) == (False, False)


@pytest.mark.parametrize(
    ("own", "other", "status"),
    [
        (Role.MODERATOR, Role.MEMBER, 200),
        (Role.MODERATOR, Role.MODERATOR, 403),
        (Role.MODERATOR, Role.OWNER, 403),
        (Role.ADMIN, Role.MODERATOR, 200),
        (Role.ADMIN, Role.ADMIN, 403),
        (Role.OWNER, Role.ADMIN, 200),
        (Role.OWNER, Role.OWNER, 403),
    ],
)
async def test_nobody_acts_on_their_own_rank_or_above(
    client: httpx.AsyncClient, database: Database, own: Role, other: Role, status: int
) -> None:
    target = await make_account(database, role=other)
    _, headers = await make_moderator(database, own)

    assert (await act(client, headers, target, type="silence")).status_code == status
    undone = await client.post(f"{URL}/{target.id}/unsilence", headers=headers)
    assert undone.status_code == status


async def test_nobody_acts_on_themselves(client: httpx.AsyncClient, database: Database) -> None:
    owner, headers = await make_moderator(database, Role.OWNER)

    assert (await act(client, headers, owner, type="none")).status_code == 403


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({}, 400),
        ({"type": "shame"}, 400),
        ({"type": "none", "text": "x" * 2001}, 422),
        ({"type": "none", "report_id": "1"}, 404),
    ],
)
async def test_what_cannot_be_leaves_nothing(
    client: httpx.AsyncClient, database: Database, sent: dict[str, str], status: int
) -> None:
    ada = await make_account(database)
    _, headers = await make_moderator(database)

    assert (await act(client, headers, ada, **sent)).status_code == status
    assert await database.fetch("SELECT 1 FROM account_warnings") == []
    assert await audited(database) == []


async def test_nobody_is_not_found(client: httpx.AsyncClient, database: Database) -> None:
    _, headers = await make_moderator(database)

    for verb in ("approve", "reject", "enable", "unsilence", "unsuspend", "unsensitive"):
        assert (await client.post(f"{URL}/1/{verb}", headers=headers)).status_code == 404
    response = await client.post(f"{URL}/1/action", headers=headers, json={"type": "none"})
    assert response.status_code == 404


async def test_newcomers_are_accepted(client: httpx.AsyncClient, database: Database) -> None:
    ada = await make_account(database, approved=False)
    as_ada = await as_account(database, ada)
    _, headers = await make_moderator(database)
    assert (await client.get("/api/v1/preferences", headers=as_ada)).status_code == 403

    shown = (await client.post(f"{URL}/{ada.id}/approve", headers=headers)).json()

    assert shown["approved"] is True
    assert (await client.get("/api/v1/preferences", headers=as_ada)).status_code == 200
    assert (await client.post(f"{URL}/{ada.id}/approve", headers=headers)).status_code == 403
    assert (await client.post(f"{URL}/{ada.id}/reject", headers=headers)).status_code == 403
    assert await audited(database) == [("approve", "account", ada.id)]


async def test_newcomers_are_refused_and_forgotten(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_account(database, approved=False)
    _, headers = await make_moderator(database)

    assert (await client.post(f"{URL}/{ada.id}/reject", headers=headers)).json() == {}

    assert await database.fetch("SELECT 1 FROM accounts WHERE id = $1", ada.id) == []
    assert await audited(database) == [("reject", "account", ada.id)]


@pytest.mark.parametrize(("type_", "left"), [("none", 1), ("silence", 0)])
async def test_a_report_is_dealt_with_thereby(
    client: httpx.AsyncClient, database: Database, type_: str, left: int
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    as_bob = await as_account(database, bob)
    status_id = await make_status(database, ada)
    moderator, headers = await make_moderator(database)
    reports = [
        (
            await client.post(
                "/api/v1/reports",
                headers=as_bob,
                json={"account_id": ada.id, "status_ids": [status_id]},
            )
        ).json()["id"]
        for _ in range(2)
    ]

    response = await act(client, headers, ada, type=type_, report_id=reports[0])

    assert response.status_code == 200
    open_ = await database.fetch("SELECT id FROM reports WHERE action_taken_at IS NULL")
    assert len(open_) == left
    (warning,) = await database.fetch("SELECT report_id, status_ids FROM account_warnings")
    assert (warning["report_id"], warning["status_ids"]) == (int(reports[0]), [status_id])
    # Without naming one, what is harder than a word deals with all of them.
    await act(client, headers, ada, type=type_)
    open_ = await database.fetch("SELECT id FROM reports WHERE action_taken_at IS NULL")
    assert len(open_) == left
    await act(client, headers, ada, type="silence")
    assert await database.fetch("SELECT 1 FROM reports WHERE action_taken_at IS NULL") == []
    # A report of somebody else does not belong to it.
    wrong = await act(client, headers, bob, type="none", report_id=reports[0])
    assert wrong.status_code == 404
    assert (
        clock.now()
        > (
            await database.fetch(
                "SELECT action_taken_at AS at FROM reports WHERE action_taken_by_account_id = $1",
                moderator.id,
            )
        )[0]["at"]
    )
