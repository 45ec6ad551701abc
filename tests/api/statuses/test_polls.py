"""Polls: asking, answering once, and what is seen of it."""

import asyncio
from typing import Any

import httpx
import pytest

from app import clock
from app.database import Database
from app.domain.statuses import polls
from app.errors import NotFound
from app.models.statuses.statuses import Visibility
from tests.conftest import RunJobs, Statements
from tests.factories import as_account, make_account, make_follow, make_poll, make_reblog

pytestmark = pytest.mark.anyio

URL = "/api/v1/statuses"
ASKED: dict[str, Any] = {"options": ["Tea", "Coffee", "Water"], "expires_in": 3600}


async def end(database: Database, poll_id: int) -> None:
    """Let the time of a poll have come."""
    await database.fetch("UPDATE polls SET expires_at = now() WHERE id = $1", poll_id)
    await database.fetch(
        "UPDATE jobs.pgqueuer SET execute_after = now() WHERE entrypoint = 'close_poll'"
    )


async def test_a_status_asks(client: httpx.AsyncClient, database: Database) -> None:
    ada = await make_account(database)
    headers = await as_account(database, ada)

    response = await client.post(URL, json={"status": "Well?", "poll": ASKED}, headers=headers)

    assert response.status_code == 200, response.text
    poll = response.json()["poll"]
    assert poll.pop("expires_at") > clock.iso(clock.now())
    assert poll == {
        "id": poll["id"],
        "expired": False,
        "multiple": False,
        "votes_count": 0,
        "voters_count": 0,
        "options": [{"title": title, "votes_count": 0} for title in ASKED["options"]],
        "emojis": [],
        # Clients show the totals to those who voted, and to who asks.
        "voted": True,
        "own_votes": [],
    }
    anonymous = (await client.get(f"/api/v1/polls/{poll['id']}")).json()
    assert "voted" not in anonymous
    assert "own_votes" not in anonymous


async def test_as_forms_send_it(client: httpx.AsyncClient, database: Database) -> None:
    headers = await as_account(database, await make_account(database))
    form = {
        "status": "Well?",
        "poll[options][]": ["Tea", " Coffee ", ""],
        "poll[expires_in]": "300",
        "poll[multiple]": "true",
        "poll[hide_totals]": "1",
    }

    poll = (await client.post(URL, data=form, headers=headers)).json()["poll"]

    assert [option["title"] for option in poll["options"]] == ["Tea", "Coffee"]
    assert [option["votes_count"] for option in poll["options"]] == [None, None]
    assert poll["multiple"] is True
    no_poll = {"status": "No question", "poll[options][]": "", "poll[multiple]": "false"}
    assert (await client.post(URL, data=no_poll, headers=headers)).json()["poll"] is None


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"options": ["Tea"]}, "Poll options must have more than one item"),
        ({"options": ["Tea", " "]}, "Poll options must have more than one item"),
        ({"options": list("abcde")}, "Poll options can't contain more than 4 items"),
        (
            {"options": ["é" * 51, "Tea"]},
            "Poll options cannot be longer than 50 characters each",
        ),
        ({"options": ["Tea", "Tea "]}, "Poll options contain duplicate items"),
        ({"expires_in": 299}, "Poll expires at is too soon"),
        ({"expires_in": 2_629_747}, "Poll expires at is too far into the future"),
        ({"expires_in": None}, "Poll expires at can't be blank"),
    ],
)
async def test_what_cannot_be_asked(
    client: httpx.AsyncClient, database: Database, changed: dict[str, Any], text: str
) -> None:
    headers = await as_account(database, await make_account(database))
    sent = {"status": "Well?", "poll": ASKED | changed}

    response = await client.post(URL, json=sent, headers=headers)

    assert response.status_code == 422
    assert response.json()["error"] == f"Validation failed: {text}"
    assert await database.fetch("SELECT FROM statuses") == []


async def test_votes_are_seen_by_everybody_at_once(
    client: httpx.AsyncClient, database: Database, statements: Statements
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    poll_id = await make_poll(database, ada)
    found = await database.fetch("SELECT status_id FROM polls")
    status_id = found[0]["status_id"]
    wrapper = await make_reblog(database, ada, status_id)
    owner, voter = await as_account(database, ada), await as_account(database, bob)
    places = [f"{URL}/{status_id}", f"{URL}/{wrapper}"]
    for url in places:  # kept from here on
        for headers in (owner, voter, {}):
            await client.get(url, headers=headers)

    voted = await client.post(
        f"/api/v1/polls/{poll_id}/votes", json={"choices": [1]}, headers=voter
    )

    assert voted.status_code == 200, voted.text
    poll = voted.json()
    assert [option["votes_count"] for option in poll["options"]] == [0, 1]
    assert (poll["votes_count"], poll["voters_count"]) == (1, 1)
    assert (poll["voted"], poll["own_votes"]) == (True, [1])
    for url in places:
        assert (await client.get(url, headers=voter)).json()["poll"] == poll
        seen = (await client.get(url, headers=owner)).json()["poll"]
        assert seen == poll | {"own_votes": []}
    public = await client.get("/api/v1/timelines/public", headers=voter)
    assert public.json()[0]["poll"] == poll
    statements.take()
    await client.get("/api/v1/timelines/home", headers=owner)
    # The page, and what is left out of the rows of those that have more.
    assert len(statements.take()) == 2


async def test_several_answers_one_after_the_other(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    poll_id = await make_poll(database, ada, options=("Tea", "Coffee", "Water"), multiple=True)
    headers = await as_account(database, bob)
    url = f"/api/v1/polls/{poll_id}/votes"

    for choices, status, voters, tallies in (
        (["0", "2"], 200, 1, [1, 0, 1]),
        (["2"], 422, 1, [1, 0, 1]),
        (["1", "1"], 422, 1, [1, 0, 1]),
        (["1"], 200, 1, [1, 1, 1]),
        ([], 200, 1, [1, 1, 1]),
    ):
        answer = await client.post(url, json={"choices": choices}, headers=headers)
        assert answer.status_code == status, answer.text
        poll = (await client.get(f"/api/v1/polls/{poll_id}", headers=headers)).json()
        assert poll["voters_count"] == voters
        assert [option["votes_count"] for option in poll["options"]] == tallies
    assert poll["own_votes"] == [0, 1, 2]


async def test_what_cannot_be_chosen(client: httpx.AsyncClient, database: Database) -> None:
    ada, bob = await make_account(database), await make_account(database)
    poll_id = await make_poll(database, ada)
    owner, voter = await as_account(database, ada), await as_account(database, bob)

    async def refused(choices: list[str], headers: dict[str, str]) -> str:
        url = f"/api/v1/polls/{poll_id}/votes"
        answer = await client.post(url, json={"choices": choices}, headers=headers)
        assert answer.status_code == 422, answer.text
        return str(answer.json()["error"]).removeprefix("Validation failed: ")

    assert await refused(["0"], owner) == "You cannot vote in your own polls"
    for choice in ("2", "-1", "tea", "9" * 30, "٣"):
        assert await refused([choice], voter) == "The chosen vote option does not exist"
    assert await refused(["0", "1"], voter) == "You have already voted on this poll"
    await end(database, poll_id)
    assert await refused(["0"], voter) == "The poll has already ended"
    assert await database.fetch("SELECT FROM poll_votes") == []


async def test_eight_simultaneous_votes_count_once(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    poll_id = await make_poll(database, ada)
    headers = await as_account(database, bob)
    url = f"/api/v1/polls/{poll_id}"

    answers = await asyncio.gather(
        *(client.post(f"{url}/votes", json={"choices": [0]}, headers=headers) for _ in range(8))
    )

    assert sorted(answer.status_code for answer in answers) == [200] + [422] * 7
    poll = (await client.get(url, headers=headers)).json()
    assert (poll["votes_count"], poll["voters_count"]) == (1, 1)


async def test_totals_are_hidden_until_the_end(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    owner, voter = await as_account(database, ada), await as_account(database, bob)
    sent = {"status": "Well?", "poll": ASKED | {"hide_totals": True}}
    poll = (await client.post(URL, json=sent, headers=owner)).json()["poll"]
    url = f"/api/v1/polls/{poll['id']}"

    voted = await client.post(f"{url}/votes", json={"choices": ["0"]}, headers=voter)
    assert [option["votes_count"] for option in voted.json()["options"]] == [None] * 3

    await end(database, int(poll["id"]))
    ended = (await client.get(url, headers=voter)).json()
    assert ended["expired"] is True
    assert [option["votes_count"] for option in ended["options"]] == [1, 0, 0]


async def test_other_answers_take_away_the_votes(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    owner, voter = await as_account(database, ada), await as_account(database, bob)
    status = (await client.post(URL, json={"status": "Well?", "poll": ASKED}, headers=owner)).json()
    url, poll_url = f"{URL}/{status['id']}", f"/api/v1/polls/{status['poll']['id']}"
    await client.post(f"{poll_url}/votes", json={"choices": ["0"]}, headers=voter)

    async def edited(poll: dict[str, Any] | None, text: str = "Well?") -> dict[str, Any]:
        sent = {"status": text, "poll": poll} if poll else {"status": text}
        response = await client.put(url, json=sent, headers=owner)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    assert (await edited(ASKED))["edited_at"] is None
    assert (await edited(ASKED, "Well then?"))["poll"]["votes_count"] == 1
    longer = await edited(ASKED | {"expires_in": 7200, "hide_totals": True}, "Well then?")
    assert longer["poll"]["expires_at"] > status["poll"]["expires_at"]
    assert longer["poll"]["votes_count"] == 1
    again = await edited(ASKED | {"multiple": True}, "Well then?")
    assert again["poll"]["id"] == status["poll"]["id"]
    assert (again["poll"]["votes_count"], again["poll"]["voters_count"]) == (0, 0)
    assert (await client.get(poll_url, headers=voter)).json()["own_votes"] == []
    renamed = await edited(ASKED | {"options": ["Milk", "Juice"]}, "Well then?")
    assert [option["title"] for option in renamed["poll"]["options"]] == ["Milk", "Juice"]

    assert (await edited(None, "Well then?"))["poll"] is None
    assert (await client.get(poll_url, headers=voter)).status_code == 404
    anew = await edited(ASKED, "Well then?")
    assert anew["poll"]["id"] != status["poll"]["id"]

    history = (await client.get(f"{url}/history")).json()
    assert [
        [option["title"] for option in entry["poll"]["options"]] if "poll" in entry else None
        for entry in history
    ] == [
        ASKED["options"],
        ASKED["options"],
        ASKED["options"],
        ASKED["options"],
        ["Milk", "Juice"],
        None,
        ASKED["options"],
    ]


async def test_who_may_not_read_it_may_not_vote(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    poll_id = await make_poll(database, ada, visibility=Visibility.PRIVATE)
    headers = await as_account(database, bob)
    url = f"/api/v1/polls/{poll_id}"

    assert (await client.get(url)).status_code == 404
    assert (await client.get("/api/v1/polls/1")).status_code == 404
    vote = {"choices": ["0"]}
    assert (await client.post(f"{url}/votes", json=vote, headers=headers)).status_code == 404
    await make_follow(database, bob, ada)
    assert (await client.post(f"{url}/votes", json=vote, headers=headers)).status_code == 200


async def test_the_end_is_told_once_to_those_who_took_part(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    ada, bob, eve = [await make_account(database) for _ in range(3)]
    poll_id = await make_poll(database, ada)
    who = {account.id: await as_account(database, account) for account in (ada, bob, eve)}
    url = f"/api/v1/polls/{poll_id}/votes"
    await client.post(url, json={"choices": ["0"]}, headers=who[bob.id])

    await database.fetch("UPDATE jobs.pgqueuer SET execute_after = now()")
    await run_jobs()  # too early: it goes on
    assert await database.fetch("SELECT FROM notifications") == []

    await end(database, poll_id)
    await database.fetch(
        "INSERT INTO jobs.pgqueuer (priority, entrypoint, payload, status, execute_after) "
        "SELECT priority, entrypoint, payload, status, execute_after FROM jobs.pgqueuer"
    )
    await run_jobs()

    for account_id, types in ((ada.id, ["poll"]), (bob.id, ["poll"]), (eve.id, [])):
        told = (await client.get("/api/v1/notifications", headers=who[account_id])).json()
        assert [notification["type"] for notification in told] == types
        for notification in told:
            assert notification["account"]["id"] == str(ada.id)
            assert notification["status"]["poll"]["expired"] is True
    named = await database.fetch("SELECT FROM events WHERE name = 'poll.closed'")
    assert len(named) == 1


async def test_a_deleted_poll_is_gone(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    ada = await make_account(database)
    headers = await as_account(database, ada)
    poll_id = await make_poll(database, ada)
    found = await database.fetch("SELECT status_id FROM polls")

    deleted = await client.delete(f"{URL}/{found[0]['status_id']}", headers=headers)

    assert [option["title"] for option in deleted.json()["poll"]["options"]] == ["Tea", "Coffee"]
    assert (await client.get(f"/api/v1/polls/{poll_id}")).status_code == 404
    await database.fetch("UPDATE jobs.pgqueuer SET execute_after = now()")
    await run_jobs()
    assert await database.fetch("SELECT FROM notifications") == []


async def test_polls_can_be_searched_for(client: httpx.AsyncClient, database: Database) -> None:
    ada = await make_account(database)
    headers = await as_account(database, ada)
    await make_poll(database, ada, "Drinks asked about")
    await client.post(URL, json={"status": "Drinks told about"}, headers=headers)

    async def texts(query: str) -> list[str]:
        found = await client.get("/api/v2/search", params={"q": query}, headers=headers)
        return [status["content"] for status in found.json()["statuses"]]

    assert await texts("drinks has:poll") == ["<p>Drinks asked about</p>"]
    assert await texts("drinks -has:poll") == ["<p>Drinks told about</p>"]


async def test_a_vote_for_a_poll_that_is_deleted_just_now(database: Database) -> None:
    account = await make_account(database)

    async with database.session() as session:
        with pytest.raises(NotFound):
            await polls.vote(session, account, 1, [0])
