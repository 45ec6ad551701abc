"""What speaks for somebody beside what they wrote."""

from datetime import timedelta

import httpx
import pytest

from app import clock
from app.database import Database
from app.workers import vocabulary
from tests.api.expertise.asking import ask, names
from tests.conftest import Statements
from tests.factories import (
    as_account,
    make_account,
    make_reaction,
    make_skill,
    make_status,
    make_topic_endorsement,
)

pytestmark = pytest.mark.anyio


@pytest.fixture
async def headers(database: Database) -> dict[str, str]:
    return await as_account(database, await make_account(database, "asks"))


async def test_a_skill_counts_until_it_is_forgotten(
    client: httpx.AsyncClient, database: Database, headers: dict[str, str]
) -> None:
    ada = await make_account(database, "ada")
    own = await as_account(database, ada)
    tag = {"name": "Kafka"}
    place = (await client.post("/api/v1/featured_tags", json=tag, headers=own)).json()["id"]

    (found,) = await ask(client, headers, "kafka")
    (reason,) = found["reasons"]
    assert (reason["kind"], reason["topic"]) == ("skill", "Kafka")
    assert reason["points"] == found["score"] == pytest.approx(25, abs=0.1)
    assert reason["highlight"] == "#<strong>Kafka</strong>"
    assert (reason["status_id"], reason["url"], reason["account"]) == (None, None, None)
    assert names(await ask(client, headers, "kafka", topic="kafka")) == ["ada"]
    assert await ask(client, headers, "kafka", language="en") == []

    for days, points in ((179, 25 * 0.5 ** (179 / 182.625)), (181, 0)):
        await database.fetch(
            "UPDATE featured_tags SET confirmed_at = $1", clock.now() - timedelta(days=days)
        )
        scores = [one["score"] for one in await ask(client, headers, "kafka")]
        assert sum(scores) == pytest.approx(points, abs=0.1)

    await client.post("/api/v1/featured_tags", json=tag, headers=own)
    (again,) = await ask(client, headers, "kafka")
    assert again["score"] == pytest.approx(25, abs=0.1)
    await client.delete(f"/api/v1/featured_tags/{place}", headers=own)
    assert await ask(client, headers, "kafka") == []


@pytest.mark.parametrize(("people", "added"), [(1, 1 / 6), (2, 1 / 4), (4, 1 / 3)])
async def test_reactions_of_colleagues_add_to_a_status(
    client: httpx.AsyncClient,
    database: Database,
    headers: dict[str, str],
    people: int,
    added: float,
) -> None:
    ada = await make_account(database, "ada")
    status = await make_status(database, ada, "Kafka")
    for _ in range(people):
        one = await make_account(database)
        await make_reaction(database, one, status)
        await make_reaction(database, one, status, "used_it")

    (found,) = await ask(client, headers, "kafka")

    said, reaction = found["reasons"]
    assert (said["kind"], reaction["kind"]) == ("status", "reaction")
    assert (said["people"], reaction["people"]) == (1, people)
    assert reaction["points"] == pytest.approx(said["points"] * added, abs=0.01)
    assert reaction["status_id"] == said["status_id"] == str(status)
    assert found["score"] == pytest.approx(said["points"] + reaction["points"])


async def test_which_reactions_never_count(
    client: httpx.AsyncClient, database: Database, headers: dict[str, str]
) -> None:
    ada = await make_account(database, "ada")
    status = await make_status(database, ada, "Kafka")
    await make_reaction(database, ada, status)
    await make_reaction(database, await make_account(database, bot=True), status)
    await make_reaction(database, await make_account(database, suspended_at=clock.now()), status)
    await make_reaction(database, await make_account(database), status, "tell_me_more")
    await make_reaction(database, await make_account(database), status, "👍")

    (found,) = await ask(client, headers, "kafka")

    assert [each["kind"] for each in found["reasons"]] == ["status"]


async def test_who_never_earns_anything(
    client: httpx.AsyncClient, database: Database, headers: dict[str, str]
) -> None:
    bob = await make_account(database, "bob")
    for columns in (
        {"bot": True},
        {"discoverable": False},
        {"indexable": False},
        {"suspended_at": clock.now()},
    ):
        one = await make_account(database, **columns)
        await make_skill(database, one)
        await make_topic_endorsement(database, bob, one)

    assert await ask(client, headers, "kafka") == []


async def test_the_best_of_all_kinds_count_and_explain_the_score(
    client: httpx.AsyncClient, database: Database, headers: dict[str, str]
) -> None:
    ada = await make_account(database, "ada")
    await make_skill(database, ada)
    for number in range(10):
        await make_status(database, ada, f"Kafka and a dozen of other words for the day {number}")
    for _ in range(3):
        await make_topic_endorsement(database, await make_account(database), ada)

    (found,) = await ask(client, headers, "kafka")

    kinds = [each["kind"] for each in found["reasons"]]
    assert len(kinds) == 12
    assert kinds.count("endorsement") == 3
    assert found["score"] == pytest.approx(sum(each["points"] for each in found["reasons"]))
    url = f"/api/hardop/v1/accounts/{ada.id}/expertise/kafka"
    assert (await client.get(url, headers=headers)).json() == found


async def test_facets_know_the_topics_of_every_kind(
    client: httpx.AsyncClient, database: Database, headers: dict[str, str]
) -> None:
    await make_skill(database, await make_account(database), "Kafka")
    await make_topic_endorsement(
        database, await make_account(database, "bob"), await make_account(database)
    )

    response = await client.get(
        "/api/hardop/v1/experts/facets", params={"q": "kafka"}, headers=headers
    )

    assert response.json()["topic"] == [{"value": "Kafka", "count": 2}]


async def test_people_known_in_every_way_cost_a_fixed_number_of_statements(
    client: httpx.AsyncClient,
    database: Database,
    headers: dict[str, str],
    statements: Statements,
) -> None:
    for _ in range(12):
        one = await make_account(database)
        await make_skill(database, one)
        await make_topic_endorsement(database, await make_account(database), one)
        await make_status(database, one, "Kafka")
    await vocabulary.count(database)
    await ask(client, headers, "kafka", limit=40)  # everybody is rendered once
    counts = []
    for limit in (1, 12):
        statements.take()
        await ask(client, headers, "kafka", limit=limit)
        counts.append(len(statements.take()))

    assert counts == [7, 7]
