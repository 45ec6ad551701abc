"""The words of public statuses, counted."""

import pytest

from app.database import Database
from app.domain.expertise import vocabulary as domain
from app.models.statuses.statuses import Visibility
from app.workers import vocabulary
from tests.factories import make_account, make_skill, make_status, make_topic_endorsement

pytestmark = pytest.mark.anyio


async def known(database: Database) -> dict[str, int]:
    rows = await database.fetch("SELECT word, people FROM vocabulary")
    return {row["word"]: row["people"] for row in rows}


async def test_people_who_use_a_word_are_counted(database: Database) -> None:
    ada, bob = await make_account(database), await make_account(database)
    shy = await make_account(database, discoverable=False)
    await make_status(database, ada, "Kafka, kafka and tea")
    await make_status(database, bob, "Kafka")
    await make_status(database, shy, "Kafka and coffee")
    await make_status(database, ada, "Whisper", visibility=Visibility.PRIVATE)

    await vocabulary.count(database)
    await vocabulary.count(database)

    assert await known(database) == {"kafka": 2, "and": 1, "tea": 1}
    (corpus,) = await database.fetch("SELECT people, mean_words FROM corpus")
    assert (corpus["people"], corpus["mean_words"]) == (2, 2)

    await database.fetch("DELETE FROM statuses WHERE account_id = $1", ada.id)
    await vocabulary.count(database)
    assert await known(database) == {"kafka": 1}


async def test_topics_of_skills_and_endorsements_are_words_too(database: Database) -> None:
    ada, bob = await make_account(database), await make_account(database)
    shy = await make_account(database, discoverable=False)
    for account in (ada, shy):
        await make_skill(database, account, "Kafka")
    await make_topic_endorsement(database, ada, bob, "Kafka")
    await make_topic_endorsement(database, ada, bob, "Tea", state="declined")

    await vocabulary.count(database)

    assert await known(database) == {"kafka": 2}


async def test_only_one_counts_at_a_time(database: Database) -> None:
    await make_status(database, await make_account(database), "Kafka")
    first, second = await database.connect(), await database.connect()
    try:
        async with first.transaction():
            await first.execute(f"SELECT pg_advisory_xact_lock({domain._LOCK})")
            await domain.count(second)
            assert await known(database) == {}
        await domain.count(second)
    finally:
        first.terminate()
        second.terminate()

    assert await known(database) == {"kafka": 1}
