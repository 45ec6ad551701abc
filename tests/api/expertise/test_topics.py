"""What people here know about."""

from typing import Any

import httpx
import pytest

from app.database import Database
from app.models.accounts.accounts import Account
from app.models.expertise.contested_evidence import ContestedEvidence
from app.models.expertise.hidden_topics import HiddenTopic
from app.models.statuses.statuses import Visibility
from tests.factories import (
    as_account,
    make_account,
    make_skill,
    make_status,
    make_topic_endorsement,
)

pytestmark = pytest.mark.anyio


@pytest.fixture
async def people(database: Database) -> list[Account]:
    """Five who know about kafka, each in another way, and one who says nothing."""
    six = [await make_account(database, f"person{number}") for number in range(6)]
    await make_status(database, six[0], "#Kafka #Kubernetes")
    await make_status(database, six[1], "#kafka #kubernetes and #kafka again")
    await make_skill(database, six[2], "kafka")
    await make_topic_endorsement(database, six[0], six[3], "kafka")
    await make_status(database, six[4], "#kafka")
    await make_status(database, six[4], "#kafka")
    return six


async def topics(client: httpx.AsyncClient, headers: dict[str, str], **sent: str) -> Any:
    response = await client.get("/api/hardop/v1/topics", params=sent, headers=headers)
    assert response.status_code == 200, response.text
    return [(each["name"], each["people"]) for each in response.json()]


async def test_topics_are_those_that_enough_people_know_about(
    client: httpx.AsyncClient, database: Database, people: list[Account]
) -> None:
    headers = await as_account(database, people[5])

    assert await topics(client, headers) == [("Kafka", 5)]
    for q in ("k", "KAF", "#kafka"):
        assert await topics(client, headers, q=q) == [("Kafka", 5)]
    for q in ("afka", "kubernetes", "?!"):
        assert await topics(client, headers, q=q) == []
    await make_status(database, people[5], "#kafka #tea")
    assert await topics(client, headers, q="kafka") == [("Kafka", 6)]
    assert await topics(client, headers, offset="1") == []
    (one,) = (await client.get("/api/hardop/v1/topics", headers=headers)).json()
    assert one["url"].endswith("/tags/kafka")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE accounts SET discoverable = false WHERE id = $1",
        "UPDATE accounts SET bot = true WHERE id = $1",
        "UPDATE accounts SET expertise_paused = true WHERE id = $1",
        "UPDATE statuses SET visibility = 'private' WHERE account_id = $1",
    ],
)
async def test_who_is_not_found_is_not_counted(
    client: httpx.AsyncClient, database: Database, people: list[Account], change: str
) -> None:
    headers = await as_account(database, people[5])

    await database.fetch(change, people[4].id)

    assert await topics(client, headers) == []


async def test_who_hides_or_contests_it_is_not_counted(
    client: httpx.AsyncClient, database: Database, people: list[Account]
) -> None:
    headers = await as_account(database, people[5])
    await make_status(database, people[5], "#kafka")
    assert await topics(client, headers) == [("Kafka", 6)]
    (tag,) = await database.fetch("SELECT id FROM tags WHERE name = 'kafka'")
    (said,) = await database.fetch("SELECT id FROM topic_endorsements")

    async with database.session() as session:
        session.add(HiddenTopic(account_id=people[0].id, tag_id=tag["id"]))
        await session.commit()
    assert await topics(client, headers) == [("Kafka", 5)]

    async with database.session() as session:
        session.add(ContestedEvidence(account_id=people[3].id, topic_endorsement_id=said["id"]))
        await session.commit()
    assert await topics(client, headers) == []


async def test_what_is_not_public_is_no_topic(
    client: httpx.AsyncClient, database: Database
) -> None:
    for _ in range(6):
        account = await make_account(database)
        await make_status(database, account, "#secret", visibility=Visibility.PRIVATE)

    assert await topics(client, await as_account(database, account)) == []
