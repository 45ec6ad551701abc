"""Telling people: what it costs."""

import pytest

from app.database import Database
from app.domain.statuses import statuses
from app.domain.statuses.drafts import Draft
from app.models.accounts.accounts import Account
from app.models.notifications.policies import NotificationPolicy
from app.models.notifications.push_subscriptions import PushSubscription
from app.workers import notifications
from tests.conftest import Statements
from tests.factories import RULES, as_account, make_account, make_reblog, make_status

pytestmark = pytest.mark.anyio


async def make_recipients(database: Database, count: int) -> list[Account]:
    """People of whom half keep strangers aside, and all want to be told on their telephones."""
    people = [await make_account(database) for _ in range(2 * count)]
    for person in people:
        await as_account(database, person)
        rows = await database.fetch(
            "SELECT t.id FROM access_tokens t JOIN users u ON u.id = t.user_id "
            "WHERE u.account_id = $1",
            person.id,
        )
        async with database.session() as session:
            session.add(
                PushSubscription(
                    access_token_id=rows[0]["id"],
                    account_id=person.id,
                    token=b"",
                    endpoint="https://push.example.org",
                    p256dh=b"",
                    auth=b"",
                    alerts={"mention": True, "status": True, "update": True},
                )
            )
            if person in people[:count]:
                session.add(NotificationPolicy(account_id=person.id, for_not_following="filter"))
            await session.commit()
    return people


async def cost(
    database: Database, database_url: str, statements: Statements, event: dict[str, object]
) -> int:
    """How many statements it takes to tell of an event."""
    async with Database(database_url, worker=True, log_statement=statements.sent.append) as counted:
        statements.take()
        await notifications.notify(counted, event)
        return len(statements.take())


async def told(database: Database) -> tuple[int, int, int]:
    """How many notifications, requests and pushes there are; none are left."""
    counts = [
        (
            await database.fetch(
                f"WITH gone AS (DELETE FROM {table} RETURNING 1) SELECT count(*) AS n FROM gone"
            )
        )[0]["n"]
        for table in (
            "notifications",
            "notification_requests",
            "jobs.pgqueuer WHERE entrypoint = 'push'",
        )
    ]
    return counts[0], counts[1], counts[2]


@pytest.mark.parametrize("what", ["mention", "edit"])
async def test_the_number_of_statements_does_not_grow_with_the_recipients(
    database: Database, database_url: str, statements: Statements, what: str
) -> None:
    costs = []
    for count in (1, 8):
        author = await make_account(database)
        people = await make_recipients(database, count)
        if what == "mention":
            names = " ".join(f"@{person.username}" for person in people)
            status_id = await make_status(database, author, names)
            event: dict[str, object] = {"event": "status.created", "status_id": status_id}
        else:
            status_id = await make_status(database, author)
            for person in people:
                await make_reblog(database, person, status_id)
            async with database.session() as session:
                who = await session.get_one(Account, author.id)
                await statuses.edit(session, who, status_id, Draft(text="Else"), RULES)
                await session.commit()
            event = {"event": "status.updated", "status_id": status_id, "mentioned": []}

        costs.append(await cost(database, database_url, statements, event))

        aside = count if what == "mention" else 0
        assert await told(database) == (2 * count, aside, 2 * count - aside)

    assert costs[0] == costs[1]
