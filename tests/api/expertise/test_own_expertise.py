"""What others see of what somebody knows, and what that somebody decides about it."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from app import clock
from app.database import Database
from app.models.statuses.statuses import Visibility
from tests.api.expertise.asking import ask, names
from tests.factories import (
    as_account,
    ids,
    make_account,
    make_reaction,
    make_reblog,
    make_skill,
    make_status,
    make_topic_endorsement,
)

pytestmark = pytest.mark.anyio

OWN = "/api/hardop/v1/me/expertise"


class Ada:
    """Ada, who is known for something, and Zoe, who asks."""

    def __init__(self, client: httpx.AsyncClient, database: Database) -> None:
        self.client, self.database = client, database

    async def come(self) -> None:
        self.account = await make_account(self.database, "ada")
        self.headers = await as_account(self.database, self.account)
        self.zoe = await as_account(self.database, await make_account(self.database, "zoe"))

    async def do(self, path: str, **sent: object) -> Any:
        response = await self.client.post(f"{OWN}/{path}", json=sent, headers=self.headers)
        assert response.status_code == 200, response.text
        return response.json()

    async def own(self) -> Any:
        return (await self.client.get(OWN, headers=self.headers)).json()

    async def known_for(self) -> httpx.Response:
        url = f"/api/hardop/v1/accounts/{self.account.id}/expertise"
        return await self.client.get(url, headers=self.zoe)

    async def is_found(self, q: str = "kafka") -> bool:
        return "ada" in names(await ask(self.client, self.zoe, q))


@pytest.fixture
async def ada(client: httpx.AsyncClient, database: Database) -> Ada:
    came = Ada(client, database)
    await came.come()
    return came


async def test_what_somebody_is_known_for(ada: Ada, database: Database) -> None:
    said = await make_status(database, ada.account, "It runs #Kafka #queues")
    await make_status(database, ada.account, "Tea #tea", visibility=Visibility.UNLISTED)
    await make_reblog(database, ada.account, await make_status(database, ada.account, "No topic"))
    await make_reaction(database, await make_account(database), said)
    await make_skill(database, ada.account, "knitting")
    await make_topic_endorsement(
        database, await make_account(database, "bob"), ada.account, "kafka", status_id=said
    )

    known = (await ada.known_for()).json()

    assert [each["topic"] for each in known] == ["Kafka", "queues", "knitting"]
    kinds = [[reason["kind"] for reason in each["reasons"]] for each in known]
    assert sorted(kinds[0]) == ["endorsement", "reaction", "status"]
    assert kinds[1:] == [["status", "reaction"], ["skill"]]
    for each in known:
        assert each["score"] == pytest.approx(sum(one["points"] for one in each["reasons"]))
    # As many points as when just that is asked for.
    (found,) = await ask(ada.client, ada.zoe, "kafka")
    assert (found["score"], found["reasons"][0]["points"]) == pytest.approx(
        (known[0]["score"], known[0]["reasons"][0]["points"]), abs=0.01
    )
    assert (await ada.own())["topics"] == known


async def test_nobody_is_known_for_nothing(ada: Ada) -> None:
    assert (await ada.known_for()).json() == []
    assert await ada.own() == {
        "found": True,
        "paused": False,
        "topics": [],
        "skills": [],
        "hidden_topics": [],
    }


@pytest.mark.parametrize("wish", ["discoverable", "indexable"])
async def test_who_does_not_want_to_be_found_is_known_for_nothing(
    ada: Ada, database: Database, wish: str
) -> None:
    await make_status(database, ada.account, "#kafka")

    await ada.client.patch(
        "/api/v1/accounts/update_credentials", data={wish: "false"}, headers=ada.headers
    )

    assert (await ada.known_for()).status_code == 404
    own = await ada.own()
    assert (own["found"], own["paused"], own["topics"]) == (False, False, [])


async def test_pausing_and_resuming(ada: Ada, database: Database) -> None:
    await make_status(database, ada.account, "#kafka")
    await make_skill(database, ada.account, "tea")
    before = await ada.own()
    url = f"/api/hardop/v1/accounts/{ada.account.id}/expertise"

    for _ in range(2):
        paused = await ada.do("pause")
        assert (paused["found"], paused["paused"], paused["topics"]) == (False, True, [])
        assert not await ada.is_found()
        assert not await ada.is_found("tea")
        assert (await ada.known_for()).status_code == 404
        assert (await ada.client.get(f"{url}/kafka", headers=ada.zoe)).status_code == 404
    # It is about what she knows, and about nothing else.
    searched = await ada.client.get(
        "/api/v2/search", params={"q": "ada", "type": "accounts"}, headers=ada.zoe
    )
    assert [each["username"] for each in searched.json()["accounts"]] == ["ada"]

    assert [topic["topic"] for topic in (await ada.do("resume"))["topics"]] == [
        topic["topic"] for topic in before["topics"]
    ]
    assert await ada.is_found()


async def test_a_skill_is_confirmed_before_it_is_forgotten(ada: Ada, database: Database) -> None:
    place = await make_skill(database, ada.account, "Kafka")
    await make_skill(database, ada.account, "Tea")
    await database.fetch(
        "UPDATE featured_tags SET confirmed_at = $1 WHERE id = $2",
        clock.now() - timedelta(days=181),
        place,
    )

    first, second = (await ada.own())["skills"]
    assert (first["id"], first["topic"], first["expired"]) == (str(place), "Kafka", True)
    assert (second["topic"], second["expired"]) == ("Tea", False)
    assert first["expires_at"] < clock.iso(clock.now()) < second["expires_at"]
    assert not await ada.is_found()

    confirmed = await ada.do(f"skills/{place}/confirm")

    assert [each["expired"] for each in confirmed["skills"]] == [False, False]
    assert await ada.is_found()
    url = f"{OWN}/skills/{place}/confirm"
    assert (await ada.client.post(url, headers=ada.zoe)).status_code == 404


@pytest.mark.parametrize("topic", ["kafka", "%23Kafka"])
async def test_a_hidden_topic_finds_nobody_whatever_speaks_for_them(
    ada: Ada, database: Database, topic: str
) -> None:
    bob = await make_account(database, "bob")
    for account in (ada.account, bob):
        await make_status(database, account, "Kafka queues #kafka #queues")
        await make_skill(database, account, "kafka")
    await make_topic_endorsement(database, bob, ada.account, "kafka")
    await make_topic_endorsement(database, ada.account, bob, "kafka")
    (before,) = [
        one
        for one in await ask(ada.client, ada.zoe, "queues")
        if one["account"]["username"] == "ada"
    ]

    for _ in range(2):
        assert (await ada.do(f"topics/{topic}/hide"))["hidden_topics"] == ["kafka"]

    assert names(await ask(ada.client, ada.zoe, "kafka")) == ["bob"]
    assert names(await ask(ada.client, ada.zoe, "queues", topic="kafka")) == ["bob"]
    assert [each["topic"] for each in (await ada.known_for()).json()] == ["queues"]
    assert (await ada.own())["topics"] == (await ada.known_for()).json()
    facets = await ada.client.get(
        "/api/hardop/v1/experts/facets", params={"q": "queues"}, headers=ada.zoe
    )
    assert facets.json()["topic"] == [
        {"value": "queues", "count": 2},
        {"value": "kafka", "count": 1},
    ]
    # What else the same status says still counts, and the hidden word adds nothing to it.
    (still,) = [
        one
        for one in await ask(ada.client, ada.zoe, "queues")
        if one["account"]["username"] == "ada"
    ]
    assert still["score"] == pytest.approx(before["score"], abs=0.01)
    assert still["topics"] == ["queues"]
    both = {
        one["account"]["username"]: one["score"]
        for one in await ask(ada.client, ada.zoe, "kafka queues")
    }
    assert both["ada"] < both["bob"] / 2

    assert (await ada.do(f"topics/{topic}/unhide"))["hidden_topics"] == []
    assert await ada.is_found()


async def test_a_topic_of_several_words_is_hidden_too(ada: Ada, database: Database) -> None:
    await make_status(database, ada.account, "About water quality")
    assert await ada.is_found("water quality")

    assert (await ada.do("topics/water quality/hide"))["hidden_topics"] == ["WaterQuality"]

    assert not await ada.is_found("water quality")
    assert await ada.is_found("water")
    url = f"{OWN}/topics/%3F/hide"
    assert (await ada.client.post(url, headers=ada.headers)).status_code == 404


async def test_a_contested_status_counts_no_more(ada: Ada, database: Database) -> None:
    status = await make_status(database, ada.account, "Kafka #kafka")
    await make_reaction(database, await make_account(database), status)

    made = await ada.do("contested", status_id=str(status), comment="A joke")

    assert (made["state"], made["comment"], made["decided_at"]) == ("open", "A joke", None)
    assert (made["status_id"], made["endorsement_id"]) == (str(status), None)
    assert made["account"]["username"] == "ada"
    assert not await ada.is_found()
    assert (await ada.known_for()).json() == []
    again = await ada.do("contested", status_id=str(status), comment="Really")
    assert again == made
    listed = await ada.client.get(f"{OWN}/contested", headers=ada.headers)
    assert ids(listed.json()) == [made["id"]]

    url = f"{OWN}/contested/{made['id']}"
    assert (await ada.client.delete(url, headers=ada.zoe)).status_code == 404
    assert (await ada.client.delete(url, headers=ada.headers)).json() == {}
    assert (await ada.client.delete(url, headers=ada.headers)).status_code == 404
    assert await ada.is_found()


async def test_a_contested_endorsement_counts_no_more(ada: Ada, database: Database) -> None:
    bob = await make_account(database, "bob")
    said = await make_topic_endorsement(database, bob, ada.account)
    assert await ada.is_found()

    made = await ada.do("contested", endorsement_id=str(said.id))

    assert (made["status_id"], made["endorsement_id"]) == (None, str(said.id))
    assert not await ada.is_found()
    assert (await ada.known_for()).json() == []


async def test_what_cannot_be_contested(ada: Ada, database: Database) -> None:
    bob = await make_account(database, "bob")
    own = str(await make_status(database, ada.account, "Kafka"))
    quiet = str(await make_status(database, ada.account, "Kafka", visibility=Visibility.PRIVATE))
    others = str(await make_status(database, bob, "Kafka"))
    given = str((await make_topic_endorsement(database, ada.account, bob)).id)

    async def refused(**sent: str) -> int:
        response = await ada.client.post(f"{OWN}/contested", json=sent, headers=ada.headers)
        return response.status_code

    assert await refused() == 422
    assert await refused(status_id=own, endorsement_id=given) == 422
    assert await refused(status_id=own, comment="x" * 1001) == 422
    for thing in ({"status_id": others}, {"status_id": quiet}, {"endorsement_id": given}):
        assert await refused(**thing) == 404
    assert await ada.is_found()


@pytest.mark.parametrize("wish", ["discoverable", "indexable"])
async def test_people_who_do_not_want_to_be_found_are_not_at_once(
    client: httpx.AsyncClient, database: Database, wish: str
) -> None:
    ada = await make_account(database, "ada")
    headers = await as_account(database, await make_account(database, "zoe"))
    await make_status(database, ada, "Kafka queues", language="en")
    asked = {"q": "kafka queues"}
    known = f"/api/hardop/v1/accounts/{ada.id}/expertise"

    async def searched() -> list[object]:
        """What every search says that knows her by what she knows."""
        box, names_, facets, one, every = [
            await client.get(url, params=params, headers=headers)
            for url, params in (
                ("/api/v2/search", {**asked, "type": "accounts"}),
                ("/api/v1/accounts/search", asked),
                ("/api/hardop/v1/experts/facets", asked),
                (f"{known}/kafka", {}),
                (known, {}),
            )
        ]
        return [
            names(await ask(client, headers, "kafka queues")),
            [account["username"] for account in box.json()["accounts"]],
            [account["username"] for account in names_.json()],
            [each["count"] for each in facets.json()["language"]],
            one.status_code,
            every.status_code,
        ]

    found = await searched()
    assert found == [["ada"], ["ada"], ["ada"], [1], 200, 200]
    for value, expected in (("false", [[], [], [], [], 404, 404]), ("true", found)):
        response = await client.patch(
            "/api/v1/accounts/update_credentials",
            data={wish: value},
            headers=await as_account(database, ada),
        )
        assert response.status_code == 200
        assert await searched() == expected
