"""`hardop demo`: an organisation to look around in."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from app import clock
from app.cli import demo_story
from app.database import Database
from app.errors import Unprocessable
from app.settings import Settings
from tests.api.expertise.asking import ask
from tests.api.identity.people import log_in
from tests.cli.commands import Hardop, make_hardop
from tests.factories import as_account, make_account

pytestmark = pytest.mark.anyio

# What colleagues would ask, in their words, and who should come first.
QUESTIONS = {
    "wie weet iets van gemalen": "joost",
    "who knows kafka": "fatima",
    "blauwalg in zwemplassen": "hanna",
    "SCADA alarmen": "pieter",
    "peat dikes inspection": "tomasz",
    "working out loud": "sanne",
    "sensor data": "fatima",
    "vismigratie": "ingrid",
    "QGIS hoogte": "emeka",
    "how do I report phishing": "priya",
    "begrijpelijke brieven schrijven": "lotte",
}

PEOPLE = """
joined_days_ago = 20

[[people]]
username = "ada"
display_name = "Ada"
unit = "Mills"
location = "Here"
note = "Mills."
skills = ["mills"]

[[people]]
username = "bob"
display_name = "Bob"
unit = "Mills"
location = "There"
manager = "ada"
joined_days_ago = 10
note = "New."
follows = ["ada"]
"""
STATUSES = """
[[statuses]]
key = "first"
who = "ada"
days_ago = 9.5
language = "en"
text = "Oiled the cap. #mills"
then = ["bob favourite", "bob used_it", "bob 🎉"]

[[statuses]]
reply_to = "first"
who = "bob"
days_ago = 9.4
language = "nl"
text = "@ada En nu?"
"""
ENDORSEMENTS = """
[[endorsements]]
who = "bob"
whom = "ada"
days_ago = 2
topic = "mills"
shown_by = "first"
statement = "She oils what squeaks, and it is quiet."
"""


def read(folder: Path, people: str, statuses: str, endorsements: str) -> demo_story.Story:
    (folder / "people.toml").write_text(people)
    (folder / "mills.toml").write_text(statuses)
    (folder / "endorsements.toml").write_text(endorsements)
    return demo_story.read(folder)


@pytest.fixture
def short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A story that takes no time to tell."""
    told = read(tmp_path, PEOPLE, STATUSES, ENDORSEMENTS)
    monkeypatch.setattr(demo_story, "story", lambda: told)


@pytest.fixture
def hardop(settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch) -> Hardop:
    return make_hardop(settings, monkeypatch)


def test_the_organisation_has_the_size_that_was_promised() -> None:
    told = demo_story.story()

    english = sum(status.language == "en" for status in told.statuses)
    answers = [status for status in told.statuses if status.reply_to]
    assert len(told.colleagues) == 60
    assert len({colleague.unit for colleague in told.colleagues}) == 5
    assert len({colleague.location for colleague in told.colleagues}) == 4
    assert 450 <= len(told.statuses) <= 600
    assert 0.3 < english / len(told.statuses) < 0.4
    assert max(status.days_ago for status in told.statuses) > 720
    assert min(status.days_ago for status in told.statuses) < 1
    # Everybody takes part, their managers too, and many answer somebody of another unit.
    assert {status.who for status in told.statuses} == {one.username for one in told.colleagues}
    unit = {colleague.username: colleague.unit for colleague in told.colleagues}
    asked = {status.key: status.who for status in told.statuses}
    across = [each for each in answers if unit[each.who] != unit[asked[each.reply_to]]]
    assert len(across) > 30
    assert len({status.text for status in told.statuses}) == len(told.statuses)


async def test_they_talked_for_years_and_are_found_by_what_they_know(
    client: httpx.AsyncClient, database: Database, hardop: Hardop
) -> None:
    done = await hardop("demo")

    assert done.code == 0, done.err
    public = (await client.get("/api/v1/timelines/public?limit=40")).json()
    moments = [datetime.fromisoformat(status["created_at"]) for status in public]
    assert moments == sorted(moments, reverse=True)
    assert clock.now() - timedelta(days=1) < moments[0] < clock.now()
    assert {status["language"] for status in public} == {"nl", "en"}
    assert any(status["reactions"] for status in public)
    assert any(status["replies_count"] for status in public)
    found = (await client.get("/api/v2/search?q=gemalen")).json()
    assert "joost" in [account["username"] for account in found["accounts"]]
    assert [tag["name"] for tag in found["hashtags"]] == ["gemalen"]
    # The words were counted, without waiting for the worker.
    headers = await as_account(database, await make_account(database, "visitor"))
    first = {q: (await ask(client, headers, q))[0] for q in QUESTIONS}
    assert {q: one["account"]["username"] for q, one in first.items()} == QUESTIONS
    joost = first["wie weet iets van gemalen"]
    assert joost["unit"] == "Operations"
    assert {"status", "endorsement"} <= {each["kind"] for each in joost["reasons"]}
    # Where the best ten are not all taken, skills show.
    (thijs, *_) = await ask(client, headers, "KLIC")
    assert {"status", "skill"} <= {each["kind"] for each in thijs["reasons"]}
    facets = await client.get(
        "/api/hardop/v1/experts/facets", params={"q": "sensors"}, headers=headers
    )
    assert "Data & IT" in [each["value"] for each in facets.json()["unit"]]
    # What concerned somebody was told at the time.
    rows = await database.fetch(
        "SELECT type, min(created_at) AS first, max(created_at) AS last"
        " FROM notifications GROUP BY type"
    )
    told = {row["type"] for row in rows}
    assert told == {"follow", "favourite", "reaction", "reblog", "mention", "endorsement"}
    assert all(row["first"] < clock.now() - timedelta(days=300) for row in rows)
    assert all(row["last"] < clock.now() for row in rows)


async def test_one_of_them_can_log_in(
    client: httpx.AsyncClient, database: Database, hardop: Hardop, short: None
) -> None:
    done = await hardop("demo")

    [email] = re.findall(r"E-mail: +(\S+)", done.out)
    [password] = re.findall(r"Password: +(\S+)", done.out)
    assert (await log_in(client, email, password)).status_code == 303
    with_password = await database.fetch("SELECT FROM users WHERE password_hash IS NOT NULL")
    assert len(with_password) == 1


async def test_reactions_that_the_organisation_does_not_offer_are_left_out(
    database: Database, hardop: Hardop, short: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARDOP_REACTIONS", "thanks")

    done = await hardop("demo")

    assert done.code == 0, done.err
    rows = await database.fetch("SELECT name FROM reactions")
    assert [row["name"] for row in rows] == ["🎉"]


async def test_a_second_time_changes_nothing(
    database: Database, hardop: Hardop, short: None
) -> None:
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


def test_another_story_can_be_told(tmp_path: Path) -> None:
    told = read(tmp_path, PEOPLE, STATUSES, ENDORSEMENTS)

    assert told.joined() == {"ada": 20, "bob": 10}
    assert list(told.statuses[0].marks()) == [("bob", w) for w in ("favourite", "used_it", "🎉")]


@pytest.mark.parametrize(
    ("right", "wrong", "complaint"),
    [
        ('manager = "ada"', 'manager = "ado"', "bob: nobody is called 'ado'"),
        ('follows = ["ada"]', 'follows = ["ado"]', "bob: nobody is called 'ado'"),
        ('"bob favourite"', '"bop favourite"', "nobody is called 'bop'"),
        ("@ada En nu?", "@ado En nu?", "bob, '@ado En nu?': nobody is called 'ado'"),
        ('whom = "ada"', 'whom = "ado"', "bob of ado: nobody is called 'ado'"),
        ('username = "bob"', 'username = "ada"', "'ada' is the user name of two"),
        ('reply_to = "first"', 'key = "first"', "'first' is the key of two"),
        ('reply_to = "first"', 'reply_to = "frist"', "no status has the key 'frist'"),
        ('shown_by = "first"', 'shown_by = "frist"', "no status has the key 'frist'"),
        ("days_ago = 9.4", "days_ago = 9.6", "first was said later"),
        ("days_ago = 9.4", "days_ago = 10.1", "before they joined"),
        ('whom = "ada"', 'whom = "bob"', "bob of bob: first is by ada"),
        ('skills = ["mills"]', 'skills = ["mils"]', "ada: no status has the hashtag 'mils'"),
        ('topic = "mills"', 'topic = "mils"', "bob of ada: no status has the hashtag 'mils'"),
        ('"bob used_it"', '"bob usedit"', "nobody can do 'usedit' with a status"),
        ('language = "nl"', 'language = "fy"', "mills.toml: 1 language: Input should be"),
        ('unit = "Mills"', 'unti = "Mills"', "people.toml: 0 unit: Field required"),
        ('text = "', 'txet = "', "mills.toml: 0 txet: Unexpected"),
        ("joined_days_ago = 20", "joined_days_ago =", "people.toml: Invalid value"),
        ("[[endorsements]]", "[[praise]]", "endorsements.toml: : Input should be a valid tuple"),
    ],
)
def test_what_does_not_fit_is_refused(
    tmp_path: Path, right: str, wrong: str, complaint: str
) -> None:
    files = (PEOPLE, STATUSES, ENDORSEMENTS)
    assert any(right in file for file in files)

    with pytest.raises(Unprocessable) as refused:
        read(tmp_path, *(file.replace(right, wrong) for file in files))

    assert refused.value.message.startswith("The story of the demo does not fit: ")
    assert complaint in refused.value.message
