"""The search engine inside the database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.database import Database
from app.models.accounts.accounts import Account
from app.models.statuses.statuses import Status, Visibility
from search import spellings, words
from search.engines import ExpertQuery, PeopleQuery, StatusQuery
from search.postgres import PostgresEngine
from tests.factories import make_account, make_status

pytestmark = pytest.mark.anyio


class Explained:
    """A reader that keeps the plans of what it is asked, by bitmaps wherever that can be."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.plan = ""

    async def fetch(self, sql: str, *arguments: object) -> list[object]:
        connection = await self._database.connect()
        try:
            # Without knowing the values, as a prepared statement is planned after a while.
            await connection.execute("SET plan_cache_mode = force_generic_plan")
            # What the tables hold when the test runs is chance. Words are only found by bitmap, so
            # with nothing else to choose from the plan says which indexes can serve the query.
            for other_way in ("seqscan", "indexscan", "indexonlyscan"):
                await connection.execute(f"SET enable_{other_way} = off")
            rows = await connection.fetch(f"EXPLAIN {sql}", *arguments)
        finally:
            connection.terminate()
        self.plan = "\n".join(row[0] for row in rows)
        return []


@pytest.mark.parametrize(
    "text",
    [
        "Zoë Bruïne",
        "net/ena: x",
        "Ærø ÅNGSTRÖM",
        "(C++) don't",
        "日本語 ｆｕｌｌ",
        "ﬁne ①",
        "İ ß ẞ",
        "łódź",
    ],
)
async def test_the_database_folds_words_as_we_do(database: Database, text: str) -> None:
    rows = await database.fetch("SELECT fold($1) AS folded", text)

    assert rows[0]["folded"] == words.fold(text)


@given(st.text())
def test_folding_leaves_nothing_that_a_query_could_stumble_over(text: str) -> None:
    for word in words.words(text):
        assert not set(word) & set("'\\\"&|!():*<> \t\n")
        assert len(word) <= words.MAX_WORD_LENGTH
    assert len(words.words(text)) <= words.MAX_WORDS


async def test_people_are_looked_for_in_indexes(database: Database) -> None:
    reader = Explained(database)

    await PostgresEngine(reader).search_people(PeopleQuery(1, "ada", (("ada",),)))

    for index in (
        "uq_accounts_username",
        "ix_accounts_display_name",
        "ix_accounts_words",
    ):
        assert index in reader.plan, reader.plan
    assert "Seq Scan on statuses" not in reader.plan


async def test_statuses_are_looked_for_in_the_index_of_their_words(database: Database) -> None:
    reader = Explained(database)

    await PostgresEngine(reader).search_statuses(StatusQuery(1, (("home", "assistant"),)))

    assert "ix_statuses_words" in reader.plan, reader.plan


async def test_what_is_written_is_found_at_once(database: Database) -> None:
    engine = PostgresEngine(database)
    account = Account(username="ada")
    status = Status(account_id=account.id, text="pumps", visibility=Visibility.PUBLIC)
    async with database.session() as session:
        session.add(account)
        await session.flush()
        session.add(status)
        await session.commit()

    found = await engine.search_statuses(StatusQuery(0, (("pumps",),)))

    assert found == [status.id]
    assert engine.answers_by == "postgresql"
    await engine.close()


async def test_what_has_several_names_is_found_by_each(database: Database) -> None:
    ada = await make_account(database, "ada")
    await make_status(database, ada, "Toxic blue-green algae in the pool")
    engine = PostgresEngine(
        database, synonyms=spellings.synonyms(["blauwalg = blue-green algae", "sla = lettuce"])
    )

    async def found(q: str) -> list[int]:
        experts = await engine.search_experts(ExpertQuery(viewer=0, text=q))
        return [each.account_id for each in experts.found]

    assert await found("wie weet iets van blauwalg?") == [ada.id]
    assert await found("sla") == []
    await make_status(database, await make_account(database, "bob"), "Blauwalg")
    assert len(await found("blue-green algae")) == 2
