"""Who here knows about something: who is found, by what, and in which order."""

from datetime import timedelta

import httpx
import pytest

from app import clock
from app.database import Database
from app.models.accounts.accounts import Account
from app.models.statuses.statuses import Status, Visibility
from app.workers import vocabulary
from search import formula
from tests.api.expertise.asking import ask, names
from tests.conftest import Statements
from tests.factories import as_account, make_account, make_follow, make_reblog, make_status

pytestmark = pytest.mark.anyio


@pytest.fixture
async def headers(database: Database) -> dict[str, str]:
    return await as_account(database, await make_account(database, "asks"))


async def said(database: Database, account: Account, text: str, years_ago: float) -> None:
    async with database.session() as session:
        moment = clock.now() - timedelta(days=365.25 * years_ago)
        session.add(
            Status(
                account_id=account.id,
                text=text,
                visibility=Visibility.PUBLIC,
                created_at=moment,
            )
        )
        await session.commit()


async def test_colleagues_are_found_by_what_they_said_with_the_reasons(
    client: httpx.AsyncClient, database: Database, headers: dict[str, str]
) -> None:
    ada, bob = await make_account(database, "ada"), await make_account(database, "bob")
    await make_account(database, "kafka")
    full = await make_status(database, ada, "Moved the <billing> queues to Kafka #queues")
    half = await make_status(database, ada, "Reading about kafka all day #queues #books")
    await make_status(database, bob, "Our queues are long at lunch time today")

    first, second = await ask(client, headers, "Kafka queues")

    assert names([first, second]) == ["ada", "bob"]
    assert [reason["status_id"] for reason in first["reasons"]] == [str(full), str(half)]
    assert first["topics"] == ["queues", "books"]
    assert first["formula_version"] == formula.VERSION
    assert first["score"] == pytest.approx(sum(each["points"] for each in first["reasons"]))
    assert first["score"] > second["score"] > 0
    reason = first["reasons"][0]
    assert reason["kind"] == "status"
    assert reason["url"].endswith(f"/@ada/{full}")
    assert reason["highlight"] == (
        "Moved the &lt;billing&gt; <strong>queues</strong> to <strong>Kafka</strong> "
        "#<strong>queues</strong>"
    )


async def test_what_never_counts(
    client: httpx.AsyncClient, database: Database, headers: dict[str, str]
) -> None:
    author = await make_account(database, "author")
    status = await make_status(database, author, "Kafka")
    reader = await make_account(database, "reader")
    await make_reblog(database, reader, status)
    await make_status(database, await make_account(database, "a_bot", bot=True), "Kafka")
    await make_status(
        database, await make_account(database, "gone", suspended_at=clock.now()), "Kafka"
    )
    for visibility in (Visibility.UNLISTED, Visibility.PRIVATE, Visibility.DIRECT):
        quiet = await make_account(database, f"said_it_{visibility}")
        await make_status(database, quiet, "Kafka @asks", visibility=visibility)

    wonders = await make_account(database, "wonders")
    await make_status(database, wonders, "Who knows about Kafka? #kafka")

    assert names(await ask(client, headers, "kafka")) == ["author"]
    known_for = await client.get(f"/api/hardop/v1/accounts/{wonders.id}/expertise", headers=headers)
    assert known_for.json() == []


async def test_edits_and_deletions_count_at_once(
    client: httpx.AsyncClient, database: Database, headers: dict[str, str]
) -> None:
    ada = await make_account(database, "ada")
    own = await as_account(database, ada)
    posted = await client.post("/api/v1/statuses", json={"status": "Kafka"}, headers=own)
    url = f"/api/v1/statuses/{posted.json()['id']}"
    assert names(await ask(client, headers, "kafka")) == ["ada"]

    await client.put(url, json={"status": "Pulsar"}, headers=own)
    assert names(await ask(client, headers, "kafka")) == []
    assert names(await ask(client, headers, "pulsar")) == ["ada"]

    await client.delete(url, headers=own)
    assert names(await ask(client, headers, "pulsar")) == []


async def test_who_blocks_the_searcher_is_not_found(
    client: httpx.AsyncClient, database: Database, headers: dict[str, str]
) -> None:
    ada, bob = await make_account(database, "ada"), await make_account(database, "bob")
    for account in (ada, bob):
        await make_status(database, account, "Kafka")
    asker = (await ask(client, await as_account(database, ada), "kafka"))[0]
    (me,) = await database.fetch("SELECT id FROM accounts WHERE username = 'asks'")

    await client.post(f"/api/v1/accounts/{me['id']}/block", headers=await as_account(database, ada))

    assert names(await ask(client, headers, "kafka")) == ["bob"]
    assert asker["score"] > 0


@pytest.mark.parametrize(
    ("said_so", "typed"),
    [
        ("New nitrate sensors", "sensor"),
        ("De waterpompen draaien", "waterpomp"),
        ("Prices from alphavantage", "alpha vantage"),
        ("The alpha vantage feed", "alphavantage"),
        ("Everything about waqi", "World Air Quality Index"),
        ("Clusters with kubernetes", "kubernets"),
        ("Clusters with kubernetes", "kubrenets"),
        ("Clusters with kubernetes", "kuber"),
        ("Fire drill", "fier drill"),
        ("Café Zoë", "cafe zoe"),
        ("Kafka", "who knows about kafka?"),
        ("Kafka", "wie weet iets van kafka"),
        ("What is this", "what is"),
    ],
)
async def test_words_are_found_in_other_spellings(
    client: httpx.AsyncClient,
    database: Database,
    headers: dict[str, str],
    said_so: str,
    typed: str,
) -> None:
    ada = await make_account(database, "ada")
    await make_status(database, ada, said_so)
    await make_status(database, await make_account(database, "bob"), "Lunch at noon")
    await vocabulary.count(database)

    assert names(await ask(client, headers, typed)) == ["ada"]


@pytest.mark.parametrize("typed", ["xylophone", "@@@", "zzz qqq", "kafla", "12"])
async def test_nobody_knows_about_it(
    client: httpx.AsyncClient, database: Database, headers: dict[str, str], typed: str
) -> None:
    await make_status(database, await make_account(database), "Fire drill at noon 123")
    await vocabulary.count(database)

    assert await ask(client, headers, typed) == []


async def test_only_the_best_few_count(
    client: httpx.AsyncClient, database: Database, headers: dict[str, str]
) -> None:
    prolific = await make_account(database, "prolific")
    for number in range(formula.Weights().max_items + 3):
        await make_status(database, prolific, f"Kafka again, and more of it: {number}")

    (found,) = await ask(client, headers, "kafka")

    assert len(found["reasons"]) == formula.Weights().max_items
    points = [each["points"] for each in found["reasons"]]
    assert points == sorted(points, reverse=True)


async def test_rare_words_short_texts_and_recent_ones_count_more(
    client: httpx.AsyncClient, database: Database, headers: dict[str, str]
) -> None:
    people = [await make_account(database, f"person{number}") for number in range(6)]
    for person in people[:4]:
        await said(database, person, "The meeting was about budgets this morning", 0)
    await said(database, people[4], "The meeting on nitrate was rather long", 0)
    await said(database, people[5], "Nitrate sensors are in the water now", 9)
    await vocabulary.count(database)

    assert names(await ask(client, headers, "nitrate"))[0] == "person4"
    assert names(await ask(client, headers, "meeting sensors"))[0] == "person5"

    brief = await make_account(database, "brief")
    await said(database, brief, "Budgets, a meeting", 0)
    assert names(await ask(client, headers, "budgets meeting"))[0] == "brief"


async def test_pages_and_following(
    client: httpx.AsyncClient, database: Database, headers: dict[str, str]
) -> None:
    for number in range(12):
        await make_status(database, await make_account(database, f"p{number:02}"), "Kafka")
    friend = await make_account(database, "friend")
    await make_status(database, friend, "Long talk about kafka with half of the team")
    (me,) = await database.fetch("SELECT id FROM accounts WHERE username = 'asks'")
    async with database.session() as session:
        await make_follow(database, await session.get_one(Account, me["id"]), friend)

    everybody = names(await ask(client, headers, "kafka", limit=40))
    assert everybody == [*(f"p{number:02}" for number in range(12)), "friend"]
    assert names(await ask(client, headers, "kafka")) == everybody[:10]
    assert names(await ask(client, headers, "kafka", limit=5, offset=10)) == everybody[10:]

    # Who is hidden takes no place on a page.
    hidden = await database.fetch("SELECT id FROM accounts WHERE username = $1", everybody[1])
    await client.post(f"/api/v1/accounts/{hidden[0]['id']}/mute", headers=headers)
    shown = [everybody[0], *everybody[2:]]
    assert names(await ask(client, headers, "kafka", limit=5)) == shown[:5]
    assert names(await ask(client, headers, "kafka", limit=5, offset=5)) == shown[5:10]
    assert names(await ask(client, headers, "kafka", following="true")) == ["friend"]


@pytest.fixture
async def people(database: Database) -> None:
    """Three who know about kafka, and where they work."""
    for name, unit, location, text, language in (
        ("ada", "Pumps", "Almere", "Kafka #Queues", "en"),
        ("bob", "Pumps", "Lelystad", "Kafka is an alternative #queues #books", "nl"),
        ("cas", None, "Lelystad", "Kafka in a dozen words or a few more #books", "nl"),
    ):
        account = await make_account(database, name, unit=unit, location=location)
        await make_status(database, account, text, language=language)


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"unit": "pumps"}, ["ada", "bob"]),
        ({"unit": "Dikes"}, []),
        ({"location": "Lelystad"}, ["bob", "cas"]),
        ({"language": "nl-BE"}, ["bob", "cas"]),
        ({"language": "??"}, []),
        ({"topic": "Queues"}, ["ada", "bob"]),
        ({"topic": "#books"}, ["bob", "cas"]),
        ({"topic": "no such!"}, []),
        ({"unit": "Pumps", "location": "Lelystad", "language": "nl", "topic": "queues"}, ["bob"]),
        ({"unit": "", "location": ""}, ["ada", "bob", "cas"]),
    ],
)
@pytest.mark.usefixtures("people")
async def test_filters_choose_and_change_nobody(
    client: httpx.AsyncClient, headers: dict[str, str], params: dict[str, str], found: list[str]
) -> None:
    everybody = await ask(client, headers, "kafka")

    chosen = await ask(client, headers, "kafka", **params)

    assert names(chosen) == found
    assert chosen == [one for one in everybody if one["account"]["username"] in found]


@pytest.mark.usefixtures("people")
async def test_facets_count_what_filters_leave(
    client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    url = "/api/hardop/v1/experts/facets"
    facets = (await client.get(url, params={"q": "kafka"}, headers=headers)).json()

    assert facets == {
        "unit": [{"value": "Pumps", "count": 2}],
        "location": [{"value": "Lelystad", "count": 2}, {"value": "Almere", "count": 1}],
        "language": [{"value": "nl", "count": 2}, {"value": "en", "count": 1}],
        "topic": [{"value": "books", "count": 2}, {"value": "Queues", "count": 2}],
    }
    for name, counts in facets.items():
        for each in counts:
            left = await ask(client, headers, "kafka", **{name: each["value"]})
            assert len(left) == each["count"]

    narrowed = await client.get(url, params={"q": "kafka", "unit": "Pumps"}, headers=headers)
    assert narrowed.json()["location"] == [
        {"value": "Almere", "count": 1},
        {"value": "Lelystad", "count": 1},
    ]
    nobody = await client.get(url, params={"q": "xylophone"}, headers=headers)
    assert nobody.json() == {"unit": [], "location": [], "language": [], "topic": []}


@pytest.mark.usefixtures("people")
async def test_where_they_work_is_told(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    found = await ask(client, headers, "kafka")

    assert [(one["unit"], one["location"]) for one in found] == [
        ("Pumps", "Almere"),
        ("Pumps", "Lelystad"),
        (None, "Lelystad"),
    ]


@pytest.mark.parametrize(
    ("params", "status"), [({}, 400), ({"q": ""}, 400), ({"q": "x", "unheard": "of"}, 422)]
)
async def test_wrong_parameters_are_refused(
    client: httpx.AsyncClient, headers: dict[str, str], params: dict[str, str], status: int
) -> None:
    response = await client.get("/api/hardop/v1/experts", params=params, headers=headers)

    assert response.status_code == status


async def test_a_content_warning_stays_in_front(
    client: httpx.AsyncClient, database: Database, headers: dict[str, str]
) -> None:
    ada = await make_account(database, "ada")
    await make_status(database, ada, "The secret of kafka", spoiler_text="About queues")

    (found,) = await ask(client, headers, "kafka")

    assert found["reasons"][0]["highlight"] == "About queues"


async def test_many_people_cost_as_many_statements_as_one(
    client: httpx.AsyncClient,
    database: Database,
    headers: dict[str, str],
    statements: Statements,
) -> None:
    for _ in range(12):
        await make_status(database, await make_account(database), "Kafka")
    await vocabulary.count(database)
    await ask(client, headers, "kafka", limit=40)  # everybody is rendered once
    counts = []
    for limit in (1, 10):
        statements.take()
        await ask(client, headers, "kafka", limit=limit)
        counts.append(len(statements.take()))

    assert counts == [5, 5]


async def test_what_one_person_said_about_a_topic(
    client: httpx.AsyncClient, database: Database, headers: dict[str, str]
) -> None:
    ada, bob = await make_account(database, "ada"), await make_account(database, "bob")
    for account in (ada, bob):
        await make_status(database, account, "Kafka queues")
    found = await ask(client, headers, "kafka queues")

    async def about(account: Account, topic: str) -> httpx.Response:
        url = f"/api/hardop/v1/accounts/{account.id}/expertise/{topic}"
        return await client.get(url, headers=headers)

    for account in (ada, bob):
        response = await about(account, "Kafka%20queues")
        assert response.status_code == 200, response.text
        assert response.json() in found
    assert (await about(ada, "tea")).status_code == 404
    assert (await about(ada, "%2F")).status_code == 404
    await database.fetch("UPDATE accounts SET discoverable = false WHERE id = $1", ada.id)
    assert (await about(ada, "kafka")).status_code == 404


async def test_in_the_search_box_they_follow_those_so_named_page_by_page(
    client: httpx.AsyncClient, database: Database, headers: dict[str, str]
) -> None:
    named = await make_account(database, "kafka")
    await make_status(database, named, "Kafka, my namesake")
    for number, text in enumerate(("Kafka", "Kafka is one of a great many things", "Tea")):
        await make_status(database, await make_account(database, f"knows{number}"), text)
    shy = await make_account(database, "shy", discoverable=False)
    await make_status(database, shy, "Kafka")

    async def found(q: str, **params: object) -> list[str]:
        sent = {"q": q, "type": "accounts", **{name: str(v) for name, v in params.items()}}
        response = await client.get("/api/v2/search", params=sent, headers=headers)
        return [account["username"] for account in response.json()["accounts"]]

    assert await found("kafka -tea") == ["kafka", "knows0", "knows1"]
    pages = [await found("kafka", limit=1, offset=offset) for offset in range(4)]
    assert pages == [["kafka"], ["knows0"], ["knows1"], []]
