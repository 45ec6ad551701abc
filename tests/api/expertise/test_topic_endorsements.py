"""Saying what a colleague knows about, and what the colleague makes of it."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from app import clock
from app.database import Database
from app.models.accounts.accounts import Account
from app.models.statuses.statuses import Visibility
from tests.api.expertise.asking import ask, names
from tests.factories import (
    as_account,
    ids,
    make_account,
    make_status,
    make_topic_endorsement,
)

pytestmark = pytest.mark.anyio

URL = "/api/hardop/v1/endorsements"
STATEMENT = "Ada moved all our queues in a week."


class People:
    """Ada, whom Bob and others endorse; Zoe looks on."""

    def __init__(self, client: httpx.AsyncClient, database: Database) -> None:
        self.client, self.database = client, database

    async def meet(self) -> None:
        self.ada, self.bob, self.zoe = [
            await make_account(self.database, name) for name in ("ada", "bob", "zoe")
        ]
        self.as_ada, self.as_bob, self.as_zoe = [
            await as_account(self.database, one) for one in (self.ada, self.bob, self.zoe)
        ]

    async def endorse(
        self, headers: dict[str, str] | None = None, **given: object
    ) -> httpx.Response:
        sent = {"account_id": str(self.ada.id), "topic": "kafka", "statement": STATEMENT, **given}
        sent = {name: value for name, value in sent.items() if value is not None}
        return await self.client.post(URL, json=sent, headers=headers or self.as_bob)

    async def read(self, path: str, headers: dict[str, str]) -> Any:
        response = await self.client.get(f"/api/hardop/v1/{path}", headers=headers)
        assert response.status_code == 200, response.text
        return response.json()

    async def score(self, q: str = "kafka") -> float:
        """Of Ada, as Zoe finds her."""
        found = await ask(self.client, self.as_zoe, q)
        return next(
            (float(one["score"]) for one in found if one["account"]["username"] == "ada"), 0
        )


@pytest.fixture
async def people(client: httpx.AsyncClient, database: Database) -> People:
    met = People(client, database)
    await met.meet()
    return met


async def test_who_is_endorsed_is_found_by_the_topic(people: People, database: Database) -> None:
    status = await make_status(database, people.ada, "It runs now")
    assert await ask(people.client, people.as_zoe, "kafka") == []

    response = await people.endorse(status_id=str(status))

    assert response.status_code == 200, response.text
    said = response.json()
    assert (said["topic"], said["statement"], said["state"]) == ("kafka", STATEMENT, "shown")
    assert (said["status_id"], said["account"]["username"]) == (str(status), "bob")
    assert said["target_account"]["username"] == "ada"
    (found,) = await ask(people.client, people.as_zoe, "kafka")
    (reason,) = found["reasons"]
    assert reason["kind"] == "endorsement"
    assert reason["points"] == found["score"] == pytest.approx(100, abs=0.1)
    assert reason["account"]["username"] == "bob"
    assert (reason["topic"], reason["highlight"]) == ("kafka", STATEMENT)
    assert (reason["status_id"], reason["url"][-4:]) == (str(status), str(status)[-4:])
    assert found["topics"] == ["kafka"]


@pytest.mark.parametrize("topic", ["Water quality", "#WaterQuality", "waterquality"])
async def test_topics_of_several_words_are_one_tag(people: People, topic: str) -> None:
    said = (await people.endorse(topic=topic)).json()

    assert said["topic"].lower() == "waterquality"
    assert await people.score("water quality") > 0
    assert await people.score("water") == 0


async def test_saying_it_again_replaces_it_and_counts_from_now(
    people: People, database: Database
) -> None:
    old = await make_topic_endorsement(
        database, people.bob, people.ada, created_at=clock.now() - timedelta(days=600)
    )
    before = await people.score()

    said = (await people.endorse(topic="KAFKA", statement="And she did it once more.")).json()

    assert said["id"] == str(old.id)
    assert said["statement"] == "And she did it once more."
    assert await people.score() > before
    assert ids(await people.read("endorsements/given", people.as_bob)) == [said["id"]]


@pytest.mark.parametrize(
    ("given", "status", "error"),
    [
        ({"statement": "Too short"}, 422, "Statement is too short (minimum is 20 characters)"),
        ({"statement": "x" * 501}, 422, "Statement is too long (maximum is 500 characters)"),
        ({"topic": "?!"}, 422, "Topic is invalid"),
        ({"topic": "1234"}, 422, "Topic is invalid"),
        ({"topic": None}, 400, "topic"),
        ({"statement": None}, 400, "statement"),
        ({"status_id": "1"}, 404, "Record not found"),
        ({"account_id": "1"}, 404, "Record not found"),
    ],
)
async def test_what_cannot_be_said(
    people: People, given: dict[str, Any], status: int, error: str
) -> None:
    response = await people.endorse(**given)

    assert response.status_code == status
    assert error in response.json()["error"]
    assert await people.read("endorsements/received", people.as_ada) == []


async def test_nobody_endorses_themselves_and_bots_are_left_out(
    people: People, database: Database
) -> None:
    bot = await make_account(database, "bot", bot=True)

    for response in (
        await people.endorse(people.as_ada),
        await people.endorse(await as_account(database, bot)),
        await people.endorse(account_id=str(bot.id)),
    ):
        assert response.status_code == 422
    assert await database.fetch("SELECT FROM topic_endorsements") == []


async def test_evidence_is_public_and_of_somebody_else(people: People, database: Database) -> None:
    own = await make_status(database, people.bob, "I saw it")
    hidden = await make_status(database, people.ada, "Quietly, @bob", visibility=Visibility.DIRECT)
    unreadable = await make_status(database, people.ada, "Hush", visibility=Visibility.DIRECT)

    for status, refusal in ((own, 422), (hidden, 422), (unreadable, 404)):
        assert (await people.endorse(status_id=str(status))).status_code == refusal


async def test_blocks_end_it(people: People) -> None:
    await people.endorse()
    url = f"/api/v1/accounts/{people.bob.id}/block"
    await people.client.post(url, headers=people.as_ada)

    assert (await people.endorse()).status_code == 403
    assert await people.read("endorsements/given", people.as_bob) == []


@pytest.mark.parametrize("decision", ["decline", "hide"])
async def test_the_receiver_decides_and_changes_their_mind(people: People, decision: str) -> None:
    id_ = (await people.endorse()).json()["id"]
    before = await people.score()
    state = {"decline": "declined", "hide": "hidden"}[decision]

    async def decide(what: str, headers: dict[str, str]) -> httpx.Response:
        return await people.client.post(f"{URL}/{id_}/{what}", headers=headers)

    assert (await decide(decision, people.as_bob)).status_code == 404
    for _ in range(2):
        assert (await decide(decision, people.as_ada)).json()["state"] == state
    assert await people.score() == 0
    of_ada = f"accounts/{people.ada.id}/endorsements"
    assert await people.read(of_ada, people.as_zoe) == []
    assert (await people.client.get(f"{URL}/{id_}", headers=people.as_zoe)).status_code == 404
    (given,) = await people.read("endorsements/given", people.as_bob)
    assert given["state"] == {"decline": "declined", "hide": "shown"}[decision]
    # Saying it again changes nothing about that.
    await people.endorse()
    assert await people.score() == 0

    assert (await decide("show", people.as_ada)).json()["state"] == "shown"
    assert await people.score() == pytest.approx(before, abs=0.1)
    assert ids(await people.read(of_ada, people.as_zoe)) == [id_]


async def test_what_was_said_can_be_taken_back(people: People) -> None:
    id_ = (await people.endorse()).json()["id"]
    url = f"{URL}/{id_}"

    assert (await people.client.delete(url, headers=people.as_ada)).status_code == 404
    assert (await people.client.delete(url, headers=people.as_bob)).json() == {}
    assert (await people.client.delete(url, headers=people.as_bob)).status_code == 404

    assert await people.score() == 0
    assert await people.read("endorsements/received", people.as_ada) == []


@pytest.mark.parametrize("decision", ["decline", "hide", "contest"])
async def test_taking_it_back_and_saying_it_anew_is_no_way_around(
    people: People, decision: str
) -> None:
    id_ = (await people.endorse()).json()["id"]
    if decision == "contest":
        url, sent = "/api/hardop/v1/me/expertise/contested", {"endorsement_id": id_}
    else:
        url, sent = f"{URL}/{id_}/{decision}", {}
    response = await people.client.post(url, json=sent, headers=people.as_ada)
    assert response.status_code == 200, response.text

    for expected in (200, 404):
        response = await people.client.delete(f"{URL}/{id_}", headers=people.as_bob)
        assert response.status_code == expected
    for path, headers in (
        ("endorsements/received", people.as_ada),
        ("endorsements/given", people.as_bob),
        (f"accounts/{people.ada.id}/endorsements", people.as_zoe),
    ):
        assert await people.read(path, headers) == []
    response = await people.client.post(f"{URL}/{id_}/show", headers=people.as_ada)
    assert response.status_code == 404
    again = (await people.endorse()).json()
    assert (again["id"], again["statement"]) == (id_, STATEMENT)
    assert await people.score() == 0


async def test_the_managers_is_shown_and_weighs_nothing(people: People, database: Database) -> None:
    await make_status(database, people.ada, "Kafka")
    before = await people.score()
    await database.fetch(
        "UPDATE accounts SET manager_id = $1 WHERE id = $2", people.bob.id, people.ada.id
    )

    await people.endorse()

    assert await people.score() == pytest.approx(before, abs=0.1)
    (found,) = await ask(people.client, people.as_zoe, "kafka")
    assert [(each["kind"], each["points"] > 0) for each in found["reasons"]] == [
        ("status", True),
        ("endorsement", False),
    ]
    await database.fetch("DELETE FROM statuses")
    assert await ask(people.client, people.as_zoe, "kafka") == []


async def weight_of(people: People, *, kind: str = "endorsement") -> list[float]:
    found = await ask(people.client, people.as_zoe, "kafka")
    ada = next(one for one in found if one["account"]["username"] == "ada")
    return [each["points"] for each in ada["reasons"] if each["kind"] == kind]


async def test_what_weighs_less(people: People, database: Database) -> None:
    """Uncited by half, mutual by a quarter, the second of one pair by half, and age."""
    now = clock.now()

    async def only(**columns: Any) -> float:
        await database.fetch("DELETE FROM topic_endorsements WHERE tag_id = $1", kafka)
        await make_topic_endorsement(database, people.bob, people.ada, **columns)
        (points,) = await weight_of(people)
        return points

    status = await make_status(database, people.ada, "It runs")
    first = await make_topic_endorsement(database, people.bob, people.ada)
    kafka = first.tag_id
    full = await only(status_id=status)
    assert full == pytest.approx(100, abs=0.1)
    assert await only() == pytest.approx(50, abs=0.1)
    year = timedelta(days=365.25)
    assert await only(status_id=status, created_at=now - year) == pytest.approx(50, abs=0.1)

    await make_topic_endorsement(
        database, people.bob, people.ada, "tea", created_at=now - timedelta(days=1)
    )
    assert await only(status_id=status) == pytest.approx(50, abs=0.1)
    await database.fetch("UPDATE topic_endorsements SET state = 'declined'")
    assert await only(status_id=status) == pytest.approx(100, abs=0.1)

    await make_topic_endorsement(database, people.ada, people.bob, "coffee")
    assert await only(status_id=status) == pytest.approx(25, abs=0.1)


async def test_after_two_years_it_lapses(people: People, database: Database) -> None:
    await make_topic_endorsement(
        database, people.bob, people.ada, created_at=clock.now() - timedelta(days=731)
    )

    assert await people.score() == 0
    assert await people.read(f"accounts/{people.ada.id}/endorsements", people.as_zoe) == []
    (kept,) = await people.read("endorsements/received", people.as_ada)
    assert kept["expires_at"] < clock.iso(clock.now())


async def test_who_may_not_see_the_endorser_or_the_evidence_finds_nothing(
    people: People, database: Database
) -> None:
    carl: Account = await make_account(database, "carl")
    status = await make_status(database, carl, "Ada fixed it")
    await people.endorse(status_id=str(status))
    assert await people.score() > 0

    for blocker in (carl, people.bob):
        headers = await as_account(database, blocker)
        url = f"/api/v1/accounts/{people.zoe.id}"
        await people.client.post(f"{url}/block", headers=headers)
        assert await people.score() == 0
        assert names(await ask(people.client, people.as_ada, "kafka")) == ["ada"]
        await people.client.post(f"{url}/unblock", headers=headers)
        assert await people.score() > 0

    await database.fetch("UPDATE accounts SET suspended_at = now() WHERE id = $1", carl.id)
    assert await people.score() == 0


async def test_a_deleted_status_leaves_the_statement(people: People, database: Database) -> None:
    status = await make_status(database, people.ada, "It runs")
    await people.endorse(status_id=str(status))
    before = await people.score()

    await people.client.delete(f"/api/v1/statuses/{status}", headers=people.as_ada)

    assert await people.score() == pytest.approx(before / 2, abs=0.1)
    (said,) = await people.read("endorsements/received", people.as_ada)
    assert (said["status_id"], said["url"]) == (None, None)
