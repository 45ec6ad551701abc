"""`hardop demo`: a small organisation to look around in."""

import re
from datetime import datetime, timedelta

import httpx
import pytest

from app import clock
from app.database import Database
from app.settings import Settings
from tests.api.expertise.asking import ask
from tests.api.identity.people import log_in
from tests.cli.commands import Hardop, make_hardop
from tests.factories import as_account, make_account

pytestmark = pytest.mark.anyio


@pytest.fixture
def hardop(settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch) -> Hardop:
    return make_hardop(settings, monkeypatch)


async def test_there_are_colleagues_who_talked_for_weeks(
    client: httpx.AsyncClient, database: Database, hardop: Hardop
) -> None:
    done = await hardop("demo")

    assert done.code == 0, done.err
    public = (await client.get("/api/v1/timelines/public?limit=40")).json()
    moments = [datetime.fromisoformat(status["created_at"]) for status in public]
    assert moments == sorted(moments, reverse=True)
    assert moments[-1] < clock.now() - timedelta(days=40)
    assert clock.now() - timedelta(days=1) < moments[0] < clock.now()
    assert {status["language"] for status in public} == {"nl", "en"}
    assert any(status["reactions"] for status in public)
    assert any(status["replies_count"] for status in public)
    assert any(status["reblogs_count"] for status in public)
    found = (await client.get("/api/v2/search?q=gemalen")).json()
    assert "joost" in [account["username"] for account in found["accounts"]]
    assert [tag["name"] for tag in found["hashtags"]] == ["gemalen"]


async def test_they_are_found_by_what_they_know_and_where_they_work(
    client: httpx.AsyncClient, database: Database, hardop: Hardop
) -> None:
    await hardop("demo")
    headers = await as_account(database, await make_account(database, "visitor"))

    (first, *_) = await ask(client, headers, "wie weet iets van gemalen")
    facets = await client.get(
        "/api/hardop/v1/experts/facets", params={"q": "sensors"}, headers=headers
    )

    assert (first["account"]["username"], first["unit"]) == ("joost", "Operations North")
    assert {"status", "skill", "endorsement"} <= {each["kind"] for each in first["reasons"]}
    assert "Data & IT" in [each["value"] for each in facets.json()["unit"]]


async def test_one_of_them_can_log_in(
    client: httpx.AsyncClient, database: Database, hardop: Hardop
) -> None:
    done = await hardop("demo")

    [email] = re.findall(r"E-mail: +(\S+)", done.out)
    [password] = re.findall(r"Password: +(\S+)", done.out)
    assert (await log_in(client, email, password)).status_code == 303
    with_password = await database.fetch("SELECT FROM users WHERE password_hash IS NOT NULL")
    assert len(with_password) == 1


async def test_what_concerned_somebody_was_told_at_the_time(
    client: httpx.AsyncClient, database: Database, hardop: Hardop
) -> None:
    await hardop("demo")

    rows = await database.fetch(
        "SELECT type, count(*) AS n, min(created_at) AS first FROM notifications GROUP BY type"
    )

    told = {row["type"]: row for row in rows}
    assert set(told) == {"follow", "favourite", "reaction", "reblog", "mention"}
    assert all(row["first"] < clock.now() - timedelta(days=14) for row in rows)


async def test_a_second_time_changes_nothing(database: Database, hardop: Hardop) -> None:
    await hardop("demo")
    before = await database.fetch("SELECT count(*) AS n, max(version) AS last FROM statuses")

    again = await hardop("demo")

    assert again.code == 0
    assert again.out.startswith("The demo is there already; nothing was changed.")
    assert "Password" not in again.out
    after = await database.fetch("SELECT count(*) AS n, max(version) AS last FROM statuses")
    assert tuple(before[0]) == tuple(after[0])


async def test_nobody_is_taken_for_a_colleague_of_the_demo(
    client: httpx.AsyncClient, database: Database, hardop: Hardop
) -> None:
    joost = await make_account(database, "Joost")

    done = await hardop("demo")

    assert (done.code, done.out) == (1, "")
    assert done.err == (
        "hardop: The demo needs names that are in use: joost. Load it into an empty server."
    )
    people = await client.get(
        "/api/v1/accounts/search?q=sanne", headers=await as_account(database, joost)
    )
    assert people.json() == []
