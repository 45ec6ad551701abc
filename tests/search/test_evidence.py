"""What a text states, and what it only asks."""

import pytest

from app.database import Database

pytestmark = pytest.mark.anyio

_HOLDS = "SELECT stated_words($1) @@ to_tsquery('simple', 'kafka') AS holds"


@pytest.mark.parametrize(
    "text",
    [
        "Moved the queues to Kafka",
        "Kafka. What do you think?",
        "Slow? Kafka compacts its logs now.",
        "Which broker could we miss? I stopped each in turn, and Kafka went on.",
        'My question of the week: "who owns it?" Kafka answers that.',
        "Every start costs a peak. Do you need them all? #kafka",
        "https://example.org/?q=kafka explains it",
        "See https://example.org/?q=queues for Kafka",
        "Kafka (really?) is a queue",
        "Who has seen this?\nKafka forgets nothing",
        "Kafka, behind a warning\nWho can help?",
        "Wer weiß das? Ich: Kafka!",
    ],
)
async def test_what_is_said_counts(database: Database, text: str) -> None:
    assert (await database.fetch(_HOLDS, text))[0]["holds"]


@pytest.mark.parametrize(
    "text",
    [
        "Who knows Kafka?",
        "wie weet iets van kafka??",
        "Kennt jemand Kafka ?!",
        "Does anybody use queues? #kafka #question",
        "@ada Does it work? @kafka https://example.org/kafka",
        "Does version 2.4 of Kafka forget things?",
        'They asked: "does Kafka forget?"',
        "We are stuck. Who knows Kafka, e.g. its logs?",
        "wij lopen vast! wie kent kafka? alvast dank",
        "(Who knows Kafka?)",
    ],
)
async def test_what_is_asked_does_not(database: Database, text: str) -> None:
    assert not (await database.fetch(_HOLDS, text))[0]["holds"]
