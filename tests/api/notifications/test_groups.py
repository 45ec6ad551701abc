"""Grouped notifications: what is shown as one, page by page."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from app import clock
from app.database import Database
from app.domain.notifications import telling
from app.models.accounts.accounts import Account
from app.models.notifications.notifications import Notification
from tests.conftest import RunJobs, Statements
from tests.factories import as_account, make_account, make_status

pytestmark = pytest.mark.anyio

URL = "/api/v2/notifications"


async def make_notifications(
    database: Database, account: Account, *kinds: tuple[str, int | None, str | None]
) -> list[Notification]:
    """One for each (type, status, group key), the oldest first, each by somebody else."""
    made = []
    for type_, status_id, group_key in kinds:
        by = await make_account(database)
        async with database.session() as session:
            told = Notification(
                account_id=account.id,
                from_account_id=by.id,
                type=type_,
                status_id=status_id,
                group_key=group_key,
            )
            session.add(told)
            await session.commit()
        made.append(told)
    return made


class Reader:
    """Somebody who reads their groups."""

    def __init__(self, client: httpx.AsyncClient, headers: dict[str, str]) -> None:
        self._client, self._headers = client, headers

    async def get(self, path: str = "", **params: Any) -> httpx.Response:
        response = await self._client.get(f"{URL}{path}", params=params, headers=self._headers)
        assert response.status_code == 200, response.text
        return response

    async def groups(self, **params: Any) -> list[tuple[str, int]]:
        found = (await self.get(**params)).json()["notification_groups"]
        return [(group["group_key"], group["notifications_count"]) for group in found]


async def reader(client: httpx.AsyncClient, database: Database, account: Account) -> Reader:
    return Reader(client, await as_account(database, account))


async def test_what_can_be_shown_as_one_is(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    ada = await make_account(database)
    status_id = await make_status(database, ada)
    fans = [await make_account(database) for _ in range(10)]
    for fan in fans:
        headers = await as_account(database, fan)
        for path in (
            f"statuses/{status_id}/favourite",
            f"statuses/{status_id}/reblog",
            f"statuses/{status_id}/react/🧠",
            f"accounts/{ada.id}/follow",
        ):
            assert (await client.post(f"/api/v1/{path}", headers=headers)).status_code == 200
    await run_jobs()

    body = (await (await reader(client, database, ada)).get()).json()

    groups = {group["type"]: group for group in body["notification_groups"]}
    sizes = [(group["type"], group["notifications_count"]) for group in body["notification_groups"]]
    assert sorted(sizes) == sorted(
        [("favourite", 10), ("reblog", 10), ("follow", 10), *[("reaction", 1)] * 10]
    )
    hour = int(clock.now().timestamp()) // 3600
    for type_, key in (
        ("favourite", f"favourite-{status_id}"),
        ("reblog", f"reblog-{status_id}"),
        ("follow", "follow"),
    ):
        group = groups[type_]
        # The clock may have struck in the meantime.
        assert group["group_key"] in (f"{key}-{hour}", f"{key}-{hour - 1}")
        assert len(group["sample_account_ids"]) == 8
    assert groups["favourite"]["status_id"] == str(status_id)
    assert "status_id" not in groups["follow"]
    assert groups["reaction"]["emoji"] == "🧠"
    assert [status["id"] for status in body["statuses"]] == [str(status_id)]
    named = {account["id"] for account in body["accounts"]}
    assert named == {str(fan.id) for fan in fans}
    recent = [group["most_recent_notification_id"] for group in body["notification_groups"]]
    assert recent == sorted(recent, reverse=True)


async def test_a_group_goes_on_for_twelve_hours(database: Database) -> None:
    ada = await make_account(database)
    noon = datetime(2026, 2, 12, 12, 30, tzinfo=UTC)
    first = int(noon.timestamp()) // 3600

    keys = []
    for hours in (0, 1, 11, 12, 23, 24):
        fan = await make_account(database)
        about = {"account_id": fan.id, "target_account_id": ada.id}
        await database.fetch(
            "INSERT INTO follows (id, created_at, account_id, target_account_id, accepted, "
            "show_reblogs, notify) VALUES ($1, now(), $2, $3, true, true, false)",
            hours + 1,
            fan.id,
            ada.id,
        )
        with clock.at(noon + timedelta(hours=hours)):
            async with database.session() as session:
                await telling.tell(session, "follow.created", about)
                await session.commit()
        told = await database.fetch(
            "SELECT group_key FROM notifications WHERE from_account_id = $1", fan.id
        )
        keys.append(told[0]["group_key"])

    second, third = first + 12, first + 24
    assert keys == [f"follow-{hour}" for hour in (first, first, first, second, second, third)]


async def test_a_page_tells_what_it_holds_of_a_group(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_account(database)
    status_id = await make_status(database, ada)
    liked, shared = ("favourite", status_id, "favourite-1-1"), ("reblog", status_id, "reblog-1-1")
    alone = ("mention", status_id, None)
    made = await make_notifications(database, ada, liked, alone, liked, shared, liked, alone, liked)
    id_ = [told.id for told in made]
    as_ada = await reader(client, database, ada)

    async def page(**params: Any) -> list[tuple[Any, ...]]:
        found = (await as_ada.get(**params)).json()["notification_groups"]
        return [
            (
                group["type"],
                group["notifications_count"],
                group["most_recent_notification_id"],
                int(group["page_min_id"]),
                int(group["page_max_id"]),
            )
            for group in found
        ]

    # Complete: it reaches down to the beginning.
    assert await page() == [
        ("favourite", 4, id_[6], id_[0], id_[6]),
        ("mention", 1, id_[5], id_[5], id_[5]),
        ("reblog", 1, id_[3], id_[3], id_[3]),
        ("mention", 1, id_[1], id_[1], id_[1]),
    ]
    # Full: what is older is on the next page.
    first = await as_ada.get(limit=3)
    assert await page(limit=3) == [
        ("favourite", 4, id_[6], id_[4], id_[6]),
        ("mention", 1, id_[5], id_[5], id_[5]),
        ("reblog", 1, id_[3], id_[3], id_[3]),
    ]
    assert f"max_id={id_[3]}>" in first.links["next"]["url"] + ">"
    assert f"min_id={id_[6]}>" in first.links["prev"]["url"] + ">"
    assert await page(limit=3, max_id=id_[3]) == [
        ("favourite", 2, id_[2], id_[0], id_[2]),
        ("mention", 1, id_[1], id_[1], id_[1]),
    ]
    # Upwards from the beginning.
    assert await page(limit=2, min_id=id_[0]) == [
        ("favourite", 2, id_[2], id_[2], id_[2]),
        ("mention", 1, id_[1], id_[1], id_[1]),
    ]
    assert await page(limit=9, min_id=id_[4], max_id=id_[6]) == [
        ("mention", 1, id_[5], id_[5], id_[5])
    ]
    assert await page(since_id=id_[3]) == [
        ("favourite", 4, id_[6], id_[4], id_[6]),
        ("mention", 1, id_[5], id_[5], id_[5]),
    ]


async def test_only_the_types_asked_for_are_grouped(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_account(database)
    status_id = await make_status(database, ada)
    made = await make_notifications(
        database,
        ada,
        *[("favourite", status_id, "favourite-1-1")] * 2,
        *[("reblog", status_id, "reblog-1-1")] * 2,
    )
    as_ada = await reader(client, database, ada)
    alone = [(f"ungrouped-{told.id}", 1) for told in reversed(made)]

    assert await as_ada.groups() == [("reblog-1-1", 2), ("favourite-1-1", 2)]
    assert await as_ada.groups(**{"grouped_types[]": "reblog"}) == [("reblog-1-1", 2), *alone[2:]]
    assert await as_ada.groups(**{"grouped_types[]": "mention"}) == alone
    assert await as_ada.groups(**{"types[]": "favourite"}) == [("favourite-1-1", 2)]
    assert await as_ada.groups(**{"exclude_types[]": ["favourite", "reblog"]}) == []
    assert await as_ada.groups(account_id=made[0].from_account_id) == [("favourite-1-1", 1)]


async def test_accounts_as_pictures(client: httpx.AsyncClient, database: Database) -> None:
    ada = await make_account(database)
    made = await make_notifications(database, ada, *[("follow", None, "follow-1")] * 3)
    as_ada = await reader(client, database, ada)

    body = (await as_ada.get(expand_accounts="partial_avatars")).json()

    newest, *others = [str(told.from_account_id) for told in reversed(made)]
    assert [account["id"] for account in body["accounts"]] == [newest]
    assert [account["id"] for account in body["partial_accounts"]] == others
    assert set(body["partial_accounts"][0]) == {
        *("id", "acct", "url", "avatar", "avatar_static", "locked", "bot")
    }
    assert "partial_accounts" not in (await as_ada.get(expand_accounts="full")).json()
    wrong = await client.get(f"{URL}?expand_accounts=all", headers=await as_account(database, ada))
    assert wrong.status_code == 400


async def test_one_group(client: httpx.AsyncClient, database: Database) -> None:
    ada, bob = await make_account(database), await make_account(database)
    made = await make_notifications(
        database, ada, *[("follow", None, "follow-1")] * 3, ("mention", None, None)
    )
    as_ada = await reader(client, database, ada)
    headers = await as_account(database, ada)

    [group] = (await as_ada.get("/follow-1")).json()["notification_groups"]
    assert (group["group_key"], group["notifications_count"]) == ("follow-1", 3)
    assert "page_min_id" not in group
    alone = f"ungrouped-{made[3].id}"
    [one] = (await as_ada.get(f"/{alone}")).json()["notification_groups"]
    assert (one["group_key"], one["notifications_count"]) == (alone, 1)
    accounts = [account["id"] for account in (await as_ada.get("/follow-1/accounts")).json()]
    assert accounts == [str(told.from_account_id) for told in reversed(made[:3])]

    as_bob = await as_account(database, bob)
    for key in ("follow-1", alone, "follow-2", "ungrouped-x", "ungrouped-" + "9" * 30):
        assert (await client.get(f"{URL}/{key}", headers=as_bob)).status_code == 404
        assert (await client.post(f"{URL}/{key}/dismiss", headers=as_bob)).json() == {}
    assert len(await as_ada.groups()) == 2

    assert (await client.post(f"{URL}/follow-1/dismiss", headers=headers)).json() == {}
    assert await as_ada.groups() == [(alone, 1)]
    assert (await client.post(f"{URL}/clear", headers=headers)).json() == {}
    assert await as_ada.groups() == []


async def test_groups_are_counted(client: httpx.AsyncClient, database: Database) -> None:
    ada = await make_account(database)
    made = await make_notifications(
        database,
        ada,
        ("mention", None, None),
        *[("follow", None, "follow-1")] * 3,
        ("mention", None, None),
    )
    as_ada = await reader(client, database, ada)
    headers = await as_account(database, ada)

    async def unread(**params: Any) -> int:
        count: int = (await as_ada.get("/unread_count", **params)).json()["count"]
        return count

    assert await unread() == 3
    assert await unread(limit=2) == 2
    assert await unread(**{"grouped_types[]": "reblog"}) == 5
    assert await unread(**{"types[]": "mention"}) == 2
    marker = {"notifications": {"last_read_id": str(made[1].id)}}
    await client.post("/api/v1/markers", json=marker, headers=headers)
    assert await unread() == 2


async def test_a_type_that_a_client_does_not_know_is_explained(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_account(database)
    await make_notifications(database, ada, ("admin.sign_up", None, "admin.sign_up-1"))
    headers = await as_account(database, ada)

    for url in ("/api/v1/notifications", URL):
        bodies = []
        for known in ("mention", "admin.sign_up"):
            response = await client.get(url, params={"supported_types[]": known}, headers=headers)
            body = response.json()
            bodies.append((body["notification_groups"] if url == URL else body)[0])
        assert bodies[0]["fallback"]["summary"] == "Somebody signed up."
        assert "fallback" not in bodies[1]


async def test_a_group_whose_status_is_gone_is_left_out(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    status_id = await make_status(database, bob)
    await make_notifications(database, ada, ("mention", status_id, None))
    as_ada = await reader(client, database, ada)
    assert len(await as_ada.groups()) == 1

    await database.fetch("UPDATE accounts SET suspended_at = now() WHERE id = $1", bob.id)

    assert await as_ada.groups() == []


async def test_the_number_of_statements_does_not_grow(
    client: httpx.AsyncClient, database: Database, statements: Statements
) -> None:
    ada = await make_account(database)
    as_ada = await reader(client, database, ada)

    async def cost(favourites: int) -> int:
        for _ in range(favourites):
            status_id = await make_status(database, ada)
            await make_notifications(
                database, ada, *[("favourite", status_id, f"favourite-{status_id}-1")] * 2
            )
        await as_ada.get()
        statements.take()
        await as_ada.get()
        return len(statements.take())

    assert await cost(1) == await cost(10)
