"""The evaluation of who is found works, on a very small set; nothing is timed."""

import gzip
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.database import Database
from app.settings import Settings
from benchmarks import ablation, fairness, judged_sets, search_speed
from benchmarks.search_speed import Speed, Times
from tests.conftest import ORIGIN

pytestmark = pytest.mark.anyio

# Ada knows about kafka and wrote more than Cas, who knows about it too; Bob knows about libraries.
SAID = [
    *(("ada", f"202{year}-03-01T09:00:00Z", "Kafka queues") for year in range(4)),
    ("bob", "2025-03-01T09:00:00Z", "A library in the old mill"),
    ("cas", "2025-06-01T09:00:00Z", "A first look at how kafka and other such things work"),
]
TOPICS = {"t1": "kafka", "t2": "libraries", "t3": "xylophones"}
RIGHT = [("t1", "ada", 2), ("t1", "cas", 2), ("t2", "bob", 2), ("t3", "cas", 2), ("t2", "ada", 1)]
FOUND = {"t1": ["ada", "cas"], "t2": ["bob"], "t3": []}

# As the one beside the sets: arguments, and JSON.
EVALUATE = """
import json, sys
people = [line.split()[1] for line in open(sys.argv[2])]
judged = {"MAP": float(people == ["ada", "cas", "bob"])}
if sys.argv[4:5] == ["--against"]:
    judged["against"] = {"MAP": {"was": 1.0, "change": judged["MAP"] - 1, "p": 1.0}}
print(json.dumps(judged))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A set, with its evaluator beside it."""
    (tmp_path / "evaluate.py").write_text(EVALUATE)
    folder = tmp_path / "tiny"
    folder.mkdir()

    def write(name: str, rows: list[dict[str, Any]]) -> None:
        with gzip.open(folder / f"{name}.jsonl.gz", "wt") as written:
            written.writelines(json.dumps(row) + "\n" for row in rows)

    people: dict[str, list[str]] = {}
    for person, moment, _ in SAID:
        people.setdefault(person, []).append(moment)
    write(
        "people",
        [
            {"id": id_, "name": id_, "statuses": len(said), "first": min(said), "last": max(said)}
            for id_, said in people.items()
        ],
    )
    write(
        "statuses",
        [
            {"id": f"s{number}", "person_id": person, "created_at": moment, "text": text}
            for number, (person, moment, text) in enumerate(SAID)
        ],
    )
    write("topics", [{"id": id_, "query": query} for id_, query in TOPICS.items()])
    write("qrels", [{"topic_id": t, "person_id": p, "grade": grade} for t, p, grade in RIGHT])
    return folder


async def test_a_set_is_filled_in_asked_and_judged(
    client: httpx.AsyncClient, database: Database, folder: Path, tmp_path: Path, settings: Settings
) -> None:
    headers = await judged_sets.fill(database, [search_speed.renamed(folder, tmp_path / "copies")])
    (named,) = await database.fetch("SELECT username FROM accounts WHERE username LIKE '%ada'")
    assert named["username"] == "tiny_ada"
    await database.fetch("UPDATE accounts SET username = replace(username, 'tiny_', '')")

    asked = await judged_sets.ask(client, headers, folder)
    run = tmp_path / "runs" / "tiny.run"
    judged_sets.write(run, asked.ranked)

    assert asked.ranked == FOUND
    assert len(asked.milliseconds) == len(TOPICS)
    assert judged_sets.evaluate(folder, run) == {"MAP": 1.0}

    assert settings.database_url is not None
    judged = await ablation.run(settings.database_url, folder, tmp_path)
    table = ablation.table({"tiny": judged})
    assert "| as it is | 1.000 |  |  |" in table
    assert "| no word forms | 0.000 | -1.000 | 1.000 |" in table

    async with httpx.AsyncClient(
        transport=client._transport, base_url=ORIGIN, headers=headers
    ) as asker:
        queries = judged_sets.queries(folder)
        times = await search_speed.latency(search_speed.asking(asker), queries, 2)
        lags = await search_speed.lags(asker, 1)
    assert times.p95 >= times.p50 > 0
    assert set(lags) == {"post", "edit", "delete", "hide"}
    assert len(await database.fetch(search_speed._BARE, search_speed.any_word("Kafka, tea"))) == 5
    report = search_speed.report(Speed({1: (Times(2, 8), Times(1, 2))}, {"post": Times(3, 4)}))
    assert "| 1 | 2.0 | 8.0 | 1.0 | 2.0 | 2.0 | 4.0 |" in report
    assert "| post | 3 | 4 |" in report


def test_who_is_favoured_is_told(folder: Path) -> None:
    found = fairness.slices(folder, FOUND)

    assert found.who["1-9 statuses"] == fairness.Slice(4, 2.5 / 4, 3 / 4)
    assert found.who["200 or more"] == fairness.Slice(0, 0, 0)
    assert found.who["first seen in the last two years"].judgements == 3
    assert found.who["silent for more than two years"] == fairness.Slice(1, 1, 1)
    # Ada wrote four times as much as Cas.
    assert (found.less_first, found.pairs) == (0, 1)
    table = fairness.table({"tiny": found})
    assert "| 1-9 statuses | 4 | 0.62 | 0.75 |" in table
    assert "0 of 1 pairs" in table
