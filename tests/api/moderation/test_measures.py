"""How much happens on the server (IS-2 to IS-4)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from app import clock
from app.database import Database
from app.domain.moderation.measures import KEYS, MAX_WEEKS, Period
from app.models.accounts.accounts import Account
from app.models.statuses.favourites import Favourite
from app.models.statuses.statuses import Visibility
from tests.api.moderation.people import make_moderator
from tests.factories import make_account, make_report, make_status

pytestmark = pytest.mark.anyio

URL = "/api/v1/admin/measures"
# A Wednesday, and the Monday of its week.
DAY = datetime(2026, 6, 17, 12, tzinfo=UTC)
MONDAY = "2026-06-15T00:00:00.000Z"
WEEK = timedelta(days=7)


async def measured(
    client: httpx.AsyncClient, database: Database, *keys: str, **sent: Any
) -> list[dict[str, Any]]:
    _, headers = await make_moderator(database)
    period = {"start_at": DAY.isoformat(), "end_at": DAY.isoformat()}
    response = await client.post(URL, headers=headers, json={"keys": keys, **period, **sent})
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()
    return found


async def make_people(database: Database, count: int, at: datetime) -> list[Account]:
    with clock.at(at):
        return [await make_account(database) for _ in range(count)]


def told(measure: dict[str, Any]) -> tuple[str, str, list[str]]:
    return (
        measure["total"],
        measure["previous_total"],
        [week["value"] for week in measure["data"]],
    )


async def test_what_people_do_is_told_from_ten_on_and_to_the_nearest_five(
    client: httpx.AsyncClient, database: Database
) -> None:
    people = await make_people(database, 13, DAY)
    before = await make_people(database, 9, DAY - WEEK)
    with clock.at(DAY):
        said = [await make_status(database, one) for one in people]
        # Not among themselves.
        await make_status(database, before[0], visibility=Visibility.PRIVATE)
        async with database.session() as session:
            session.add_all(Favourite(account_id=one.id, status_id=said[0]) for one in people[:12])
            await session.commit()
    with clock.at(DAY - WEEK):
        for one in before:
            await make_status(database, one)

    active, new, interactions = await measured(
        client, database, "active_users", "new_users", "interactions", "active_users"
    )

    assert told(active) == ("15", "0", ["15"])
    assert told(new) == ("15", "0", ["15"])
    assert told(interactions) == ("10", "0", ["10"])
    assert active["data"][0]["date"] == MONDAY
    assert (active["key"], active["unit"]) == ("active_users", None)


async def test_weeks_are_whole_and_people_are_counted_once(
    client: httpx.AsyncClient, database: Database
) -> None:
    people = await make_people(database, 10, DAY)
    for at in (DAY - WEEK, DAY):
        with clock.at(at):
            for one in people:
                await make_status(database, one)

    [both] = await measured(client, database, "active_users", start_at=(DAY - WEEK).isoformat())
    [last] = await measured(client, database, "active_users")

    assert told(both) == ("10", "0", ["10", "10"])
    assert told(last) == ("10", "10", ["10"])


async def test_reports_are_exact(client: httpx.AsyncClient, database: Database) -> None:
    ada, bob = await make_people(database, 2, DAY)
    with clock.at(DAY):
        for _ in range(3):
            report_id = await make_report(database, ada, bob)
    await database.fetch(
        "UPDATE reports SET action_taken_at = $2 WHERE id = $1", report_id, DAY + WEEK
    )

    opened, resolved = await measured(
        client,
        database,
        *("opened_reports", "resolved_reports"),
        end_at=(DAY + WEEK).isoformat(),
    )

    assert told(opened) == ("3", "0", ["3", "0"])
    assert told(resolved) == ("1", "0", ["0", "1"])


async def test_the_use_of_a_hashtag_is_public(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob = await make_people(database, 2, DAY)
    with clock.at(DAY):
        for one in (ada, ada, bob):
            await make_status(database, one, "#loud")
        await make_status(database, ada, "#loud", visibility=Visibility.UNLISTED)
    (tag,) = await database.fetch("SELECT id FROM tags")
    named = {"id": str(tag["id"])}

    accounts, uses = await measured(
        client, database, "tag_accounts", "tag_uses", tag_accounts=named, tag_uses=named
    )

    assert told(accounts) == ("2", "0", ["2"])
    assert told(uses) == ("3", "0", ["3"])


async def test_of_other_servers_there_is_nothing_to_count(
    client: httpx.AsyncClient, database: Database
) -> None:
    found = await measured(
        client, database, *KEYS, "anything", instance_accounts={"domain": "example.org"}
    )

    assert [measure["key"] for measure in found] == list(KEYS)
    elsewhere = [measure for measure in found if measure["key"].startswith("instance_")]
    assert {told(measure)[0] for measure in elsewhere} == {"0"}
    assert await measured(client, database) == []


async def test_a_time_is_needed(client: httpx.AsyncClient, database: Database) -> None:
    _, headers = await make_moderator(database)

    assert (await client.post(URL, headers=headers, json={"keys": ["x"]})).status_code == 400


def test_periods_are_not_without_end() -> None:
    late = DAY + WEEK * 1000

    assert Period.around(late, DAY) == Period.around(DAY, late)
    assert Period.around(DAY, late).last - Period.around(DAY, late).first == MAX_WEEKS - 1
