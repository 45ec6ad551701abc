"""`hardop import`: people and statuses from elsewhere, all of them or nothing."""

import gzip
import json
import os
from collections.abc import Sequence
from itertools import repeat
from pathlib import Path

import httpx
import pytest

from app import ids as app_ids
from app.database import Database
from app.settings import Settings
from tests.cli.commands import Hardop, make_hardop
from tests.factories import as_account, ids, make_account

pytestmark = pytest.mark.anyio

ADA = {"id": "ada", "name": "Ada Byron", "statuses": 2, "first": "2013-09-17T07:00:00Z"}
BOB = {"id": "bob", "display_name": "Bob", "name": "ignored", "note": "Pumps", "bot": True}
FIRST = {
    "id": "s1",
    "person_id": "ada",
    "created_at": "2013-09-17T07:32:51Z",
    "text": "Hello @Bob, see #Café",
    "area_chars": 0,
}
SECOND = {
    "id": "s2",
    "person_id": "bob",
    "created_at": "2015-01-02T03:04:05+01:00",
    "text": "Indeed",
    "in_reply_to": "s1",
    "language": "nl",
    "visibility": "unlisted",
}


@pytest.fixture
def hardop(settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch) -> Hardop:
    return make_hardop(settings, monkeypatch)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "colleagues"


def write(
    folder: Path,
    people: Sequence[object] = (ADA, BOB),
    statuses: Sequence[object] = (FIRST, SECOND),
) -> Path:
    """The two files; a text instead of an object stands for a line as it is."""
    folder.mkdir(exist_ok=True)
    for name, lines in (("people", people), ("statuses", statuses)):
        written = (line if isinstance(line, str) else json.dumps(line) for line in lines)
        (folder / f"{name}.jsonl").write_text("\n".join(written) + "\n")
    return folder


async def counts(database: Database) -> tuple[int, int, int]:
    rows = await database.fetch(
        "SELECT (SELECT count(*) FROM accounts), (SELECT count(*) FROM statuses), "
        "(SELECT count(*) FROM imported_records)"
    )
    return tuple(rows[0])


async def test_what_is_imported_is_found_everywhere_at_its_date(
    client: httpx.AsyncClient, database: Database, hardop: Hardop, folder: Path
) -> None:
    done = await hardop("import", str(write(folder)))

    assert done.out == "Imported 2 people and 2 statuses from colleagues.\n"
    assert done.code == 0
    ada = (await client.get("/api/v1/accounts/lookup", params={"acct": "ada"})).json()
    bob = (await client.get("/api/v1/accounts/lookup", params={"acct": "bob"})).json()
    assert (ada["display_name"], ada["statuses_count"]) == ("Ada Byron", 1)
    assert ada["created_at"] == "2013-09-17T00:00:00.000Z"
    assert ada["last_status_at"] == "2013-09-17"
    assert (bob["display_name"], bob["note"], bob["bot"]) == ("Bob", "<p>Pumps</p>", True)

    [status] = (await client.get(f"/api/v1/accounts/{ada['id']}/statuses")).json()
    assert status["created_at"] == "2013-09-17T07:32:51.000Z"
    assert [mention["acct"] for mention in status["mentions"]] == ["bob"]
    assert status["replies_count"] == 1
    [reply] = (await client.get(f"/api/v1/statuses/{status['id']}/context")).json()["descendants"]
    assert (reply["in_reply_to_account_id"], reply["language"]) == (ada["id"], "nl")
    assert (reply["visibility"], reply["created_at"]) == ("unlisted", "2015-01-02T02:04:05.000Z")
    for timeline in ("public", "tag/cafe"):
        assert ids((await client.get(f"/api/v1/timelines/{timeline}")).json()) == [status["id"]]
    reader = await as_account(database, await make_account(database))
    found = (await client.get("/api/v2/search?q=hello", headers=reader)).json()
    assert (ids(found["statuses"]), ids(found["accounts"])) == ([status["id"]], [ada["id"]])
    users = await database.fetch("SELECT FROM users u WHERE u.account_id = $1", int(ada["id"]))
    assert list(users) == []


async def test_a_second_time_adds_only_what_is_new(
    database: Database, hardop: Hardop, folder: Path, tmp_path: Path
) -> None:
    write(folder)
    (folder / "meta.json").write_text('{"set": "water"}')
    await hardop("import", str(folder))
    before = await counts(database)

    moved = tmp_path / "elsewhere"
    os.rename(folder, moved)
    again = await hardop("import", str(moved))

    assert await counts(database) == before == (2, 2, 4)
    assert "Imported 0 people and 0 statuses from water." in again.out
    assert "2 people and 2 statuses were there already." in again.out

    eve = {"id": "eve"}
    third = {**FIRST, "id": "s3", "in_reply_to": "s2", "created_at": "2016-01-01T00:00:00Z"}
    fourth = {**third, "id": "s4", "person_id": "eve", "in_reply_to": "s3"}
    await hardop("import", str(write(moved, [ADA, BOB, eve], [FIRST, SECOND, third, fourth])))

    assert await counts(database) == (3, 4, 7)
    rows = await database.fetch(
        "SELECT username, statuses_count, last_status_on::text FROM accounts ORDER BY username"
    )
    assert [tuple(row) for row in rows] == [
        ("ada", 2, "2016-01-01"),
        ("bob", 1, "2015-01-02"),
        ("eve", 1, "2016-01-01"),
    ]


async def test_what_was_said_among_a_few_is_a_conversation(
    client: httpx.AsyncClient, database: Database, hardop: Hardop, folder: Path
) -> None:
    asked = {**FIRST, "text": "@bob Are you there?", "visibility": "direct"}
    answered = {**SECOND, "text": "@ada I am", "visibility": "direct"}

    await hardop("import", str(write(folder, statuses=[asked, answered])))

    rows = await database.fetch(
        "SELECT a.username, s.text, c.unread FROM conversations c "
        "JOIN accounts a ON a.id = c.account_id JOIN statuses s ON s.id = c.last_status_id "
        "ORDER BY a.username"
    )
    # Long ago: it is not news.
    assert [tuple(row) for row in rows] == [
        ("ada", "@ada I am", False),
        ("bob", "@ada I am", False),
    ]
    assert await database.fetch("SELECT FROM events WHERE name = 'conversation.updated'") == []


async def test_what_was_deleted_since_does_not_come_back(
    database: Database, hardop: Hardop, folder: Path
) -> None:
    await hardop("import", str(write(folder)))
    await database.fetch("DELETE FROM accounts WHERE username = 'bob'")

    third = {**FIRST, "id": "s3", "in_reply_to": "s2"}
    by_bob = {**SECOND, "id": "s4"}
    done = await hardop("import", str(write(folder, statuses=[FIRST, SECOND, third, by_bob])))

    assert done.code == 0, done.err
    assert done.out.startswith("Imported 0 people and 1 statuses from colleagues.")
    rows = await database.fetch("SELECT in_reply_to_id FROM statuses ORDER BY id")
    assert [row["in_reply_to_id"] for row in rows] == [None, None]


async def test_many_are_written_in_several_batches(
    database: Database, hardop: Hardop, folder: Path
) -> None:
    statuses = [{**FIRST, "id": f"s{number}"} for number in range(5001)]

    done = await hardop("import", str(write(folder, statuses=statuses)))

    assert "Checking" in done.err
    assert "5001/5001" in done.err
    assert await counts(database) == (2, 5001, 5003)
    rows = await database.fetch(
        "SELECT (SELECT count(*) FROM mentions), (SELECT count(*) FROM status_tags), "
        "(SELECT count(*) FROM tags), (SELECT max(statuses_count) FROM accounts)"
    )
    assert tuple(rows[0]) == (5001, 5001, 1, 5001)


async def test_any_number_may_have_the_same_date(
    client: httpx.AsyncClient,
    database: Database,
    hardop: Hardop,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Days without a time: there are fewer ids in a millisecond than an archive has lines."""
    monkeypatch.setattr(app_ids, "_sequence", repeat(0))
    day = "2015-03-01T00:00:00Z"

    for name in ("one", "two"):
        people = [{"id": f"{name}{n}", "first": day} for n in range(3)]
        statuses = [
            {"id": f"s{n}", "person_id": f"{name}0", "created_at": day, "text": f"{name} {n}"}
            for n in range(3)
        ]
        assert (await hardop("import", str(write(tmp_path / name, people, statuses)))).code == 0

    # In the order of their lines.
    rows = await database.fetch("SELECT text FROM statuses ORDER BY id")
    assert [row["text"] for row in rows] == [
        f"{name} {n}" for name in ("one", "two") for n in "012"
    ]


@pytest.mark.parametrize(
    ("people", "statuses", "problem"),
    [
        ([ADA, "{"], [], "people.jsonl:2: not JSON: EOF while parsing an object at column 1"),
        ([ADA, "[1]"], [], "people.jsonl:2: not an object"),
        ([{"id": "a b"}], [], "people.jsonl:1: id "),
        ([{"id": "x" * 65}], [], "people.jsonl:1: id "),
        ([ADA, BOB, {"id": "ADA"}], [], "people.jsonl:3: id 'ada' is on line 1 too"),
        ([{**ADA, "note": "\x00"}], [], "people.jsonl:1: note "),
        ([{**ADA, "first": "1066-01-01T00:00:00Z"}], [], "people.jsonl:1: first must be between"),
        ([{**ADA, "name": "\u200b"}], [], "people.jsonl:1: name "),
        ([{"name": "Nobody"}], [], "people.jsonl:1: id field required"),
        ([ADA], [{"id": "s1"}], "statuses.jsonl:1: person_id field required; created_at field"),
        ([ADA], [{**FIRST, "text": " \n"}], "statuses.jsonl:1: text must not be empty"),
        ([ADA], [{**FIRST, "text": "x" * 50_001}], "statuses.jsonl:1: text must have 50000"),
        ([ADA], [{**FIRST, "text": "a\x00b"}], "statuses.jsonl:1: text Validation failed"),
        ([ADA], [{**FIRST, "created_at": "soon"}], "statuses.jsonl:1: created_at "),
        ([ADA], [{**FIRST, "created_at": "2099-01-01"}], "statuses.jsonl:1: created_at must be be"),
        ([ADA], [{**FIRST, "visibility": "secret"}], "statuses.jsonl:1: visibility "),
        ([ADA], [FIRST, "", FIRST], "statuses.jsonl:3: id 's1' is on line 1 too"),
        ([BOB], [FIRST], "statuses.jsonl:1: person_id 'ada' is nobody in people.jsonl"),
        ([ADA, BOB], [SECOND, FIRST], "statuses.jsonl:1: in_reply_to 's1' is not on a line before"),
    ],
)
async def test_a_broken_line_is_named_and_nothing_is_kept(
    database: Database,
    hardop: Hardop,
    folder: Path,
    people: list[object],
    statuses: list[object],
    problem: str,
) -> None:
    done = await hardop("import", str(write(folder, people, statuses)))

    assert done.code == 1
    first = next(line for line in done.err.splitlines() if ".jsonl:" in line)
    assert first.lower().startswith(problem.lower()), done.err
    assert "Nothing was imported." in done.err
    assert done.err.count(".jsonl:") == 1
    assert await counts(database) == (0, 0, 0)


async def test_of_many_problems_the_first_are_named(
    database: Database, hardop: Hardop, folder: Path
) -> None:
    done = await hardop("import", str(write(folder, [ADA], ["?"] * 25)))

    assert done.err.count("statuses.jsonl:") == 20
    assert "... and 5 more." in done.err


async def test_a_name_that_somebody_has_is_a_problem(
    database: Database, hardop: Hardop, folder: Path
) -> None:
    await make_account(database, "Bob")

    done = await hardop("import", str(write(folder)))

    assert "people.jsonl:2: user name 'bob' belongs to somebody else" in done.err
    assert await counts(database) == (1, 0, 0)


async def test_files_may_be_compressed(database: Database, hardop: Hardop, folder: Path) -> None:
    write(folder)
    for name in ("people", "statuses"):
        plain = folder / f"{name}.jsonl"
        (folder / f"{name}.jsonl.gz").write_bytes(gzip.compress(plain.read_bytes()))
        plain.unlink()

    assert (await hardop("import", str(folder))).code == 0
    assert await counts(database) == (2, 2, 4)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("statuses.jsonl.gz", gzip.compress(b'{"id": 1}\n', mtime=0)[:-9], "statuses.jsonl.gz:"),
        ("statuses.jsonl.gz", b"no archive", "statuses.jsonl.gz:1: cannot be read"),
        ("statuses.jsonl", None, "has no statuses.jsonl or statuses.jsonl.gz"),
        ("people.jsonl", None, "has no people.jsonl or people.jsonl.gz"),
        ("meta.json", b"{", "meta.json is not readable as JSON"),
        ("statuses.jsonl", b'{"id": "\xff"}\n', "statuses.jsonl:1: not JSON"),
    ],
)
async def test_a_file_that_cannot_be_read_is_named(
    database: Database,
    hardop: Hardop,
    folder: Path,
    name: str,
    content: bytes | None,
    message: str,
) -> None:
    write(folder)
    if name.endswith(".gz"):
        (folder / name.removesuffix(".gz")).unlink()
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(content)

    done = await hardop("import", str(folder))

    assert done.code == 1
    assert message in done.err
    assert await counts(database) == (0, 0, 0)


async def test_there_must_be_a_folder(hardop: Hardop, tmp_path: Path) -> None:
    done = await hardop("import", str(tmp_path / "nowhere"))

    assert (done.code, done.out) == (1, "")
    assert done.err == f"hardop: {tmp_path / 'nowhere'} is not a folder"


async def test_an_empty_import_changes_nothing(
    database: Database, hardop: Hardop, folder: Path
) -> None:
    (folder.parent / "colleagues").mkdir()
    (folder / "meta.json").write_text("[]")

    done = await hardop("import", str(write(folder, [], [])))

    assert done.out == "Imported 0 people and 0 statuses from colleagues.\n"
    assert await counts(database) == (0, 0, 0)


async def test_where_people_work_is_imported_too(
    database: Database, hardop: Hardop, folder: Path
) -> None:
    ada = {**ADA, "unit": "Pumps", "location": "Almere", "manager": "bob"}
    write(folder, people=(ada, BOB))

    assert (await hardop("import", str(folder))).code == 0

    rows = await database.fetch(
        "SELECT a.username, a.unit, a.location, m.username AS manager "
        "FROM accounts a LEFT JOIN accounts m ON m.id = a.manager_id ORDER BY a.username"
    )
    assert [tuple(row) for row in rows] == [
        ("ada", "Pumps", "Almere", "bob"),
        ("bob", None, None, None),
    ]


@pytest.mark.parametrize(
    ("manager", "why"),
    [("ada", "nobody is their own manager"), ("zoe", "manager 'zoe' is nobody in people.jsonl")],
)
async def test_a_manager_is_somebody_else_of_the_set(
    hardop: Hardop, folder: Path, manager: str, why: str
) -> None:
    write(folder, people=({**ADA, "manager": manager}, BOB))

    done = await hardop("import", str(folder))

    assert done.code == 1
    assert f"people.jsonl:1: {why}" in done.err
