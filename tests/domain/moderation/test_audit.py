"""The audit log: written once, and chained (AU-1, AU-3)."""

import asyncio

import asyncpg
import pytest

from app.database import Database
from app.domain.moderation import audit
from app.domain.moderation.audit import COMMAND, Actor
from app.settings import Settings
from tests.cli.commands import Hardop, make_hardop

pytestmark = pytest.mark.anyio


@pytest.fixture
def hardop(settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch) -> Hardop:
    return make_hardop(settings, monkeypatch)


async def act(database: Database, action: str, actor: Actor = COMMAND) -> None:
    async with database.session() as session:
        await audit.record(session, actor, action, "account", 7, role=["member", "admin"])
        await session.commit()


async def tamper(database: Database, sql: str) -> None:
    """As somebody with more rights than the server should have."""
    await database.fetch(f"DO $$ BEGIN SET LOCAL session_replication_role = replica; {sql}; END $$")


async def test_entries_follow_from_each_other(database: Database) -> None:
    assert await audit.verify(database) == (0, audit.BEGINNING)
    await act(database, "suspend", Actor("user", 1, 2, 3, "request"))
    await act(database, "unsuspend")

    count, last = await audit.verify(database)

    shown = [entry async for entry in audit.entries(database)]
    assert count == len(shown) == 2
    assert shown[1]["hash"] == last.hex()
    assert shown[0] | {"created_at": "", "hash": ""} == {
        "position": 1,
        "created_at": "",
        "actor_kind": "user",
        "actor_id": 1,
        "application_id": 2,
        "token_id": 3,
        "request_id": "request",
        "action": "suspend",
        "object_type": "account",
        "object_id": 7,
        "details": {"role": ["member", "admin"]},
        "hash": "",
    }


async def test_those_who_act_at_once_take_turns(database: Database) -> None:
    await asyncio.gather(*(act(database, f"act{n}") for n in range(8)))

    assert (await audit.verify(database))[0] == 8


async def test_what_is_rolled_back_was_not_done(database: Database) -> None:
    async with database.session() as session:
        await audit.record(session, COMMAND, "suspend", "account", 7)
    await act(database, "unsuspend")

    assert (await audit.verify(database))[0] == 1


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_entries SET action = 'x'",
        "DELETE FROM audit_entries",
        "TRUNCATE audit_entries",
    ],
)
async def test_nothing_can_be_changed(database: Database, sql: str) -> None:
    await act(database, "suspend")

    with pytest.raises(asyncpg.RaiseError, match="audit_entries is written once"):
        await database.fetch(sql)


@pytest.mark.parametrize(
    ("sql", "position"),
    [
        ("UPDATE audit_entries SET actor_id = 5 WHERE position = 2", 2),
        ("UPDATE audit_entries SET details = '{}' WHERE position = 1", 1),
        ("UPDATE audit_entries SET hash = '' WHERE position = 3", 3),
        ("DELETE FROM audit_entries WHERE position = 1", 1),
        ("DELETE FROM audit_entries WHERE position = 2", 2),
    ],
)
async def test_tampering_is_found(
    database: Database, hardop: Hardop, sql: str, position: int
) -> None:
    for action in ("one", "two", "three"):
        await act(database, action)
    await tamper(database, sql)

    with pytest.raises(audit.Broken) as found:
        await audit.verify(database)

    assert found.value.position == position
    done = await hardop("audit", "verify")
    assert (done.code, f"Entry {position} of the audit log" in done.err) == (1, True)


async def test_the_commands(database: Database, hardop: Hardop) -> None:
    await act(database, "suspend")

    verified, shown = await hardop("audit", "verify"), await hardop("audit", "show")

    count, last = await audit.verify(database)
    assert verified.out == f"{count} entries, all in order. The last is {last.hex()}.\n"
    assert f'"hash":"{last.hex()}"' in shown.out
    assert shown.out.count("\n") == 1
