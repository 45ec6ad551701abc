"""What was found is deleted before something is done with it: the caller hears so, or nothing is
left to do."""

import pytest

from app import ids
from app.database import Database
from app.domain.accounts import erasure
from app.domain.statuses import conversation_mutes, visibility
from app.errors import NotFound
from tests.factories import make_account

pytestmark = pytest.mark.anyio


async def test_a_status(database: Database) -> None:
    account = await make_account(database)

    async with database.session() as session:
        with pytest.raises(NotFound):
            await visibility.still_there(session, ids.new())
        with pytest.raises(NotFound):
            await conversation_mutes.mute(session, account, ids.new())


async def test_an_account_that_is_to_be_erased(database: Database) -> None:
    account = await make_account(database)

    async with database.session() as session:
        await erasure.erase(session, ids.new())
        await session.commit()

    assert [row["id"] for row in await database.fetch("SELECT id FROM accounts")] == [account.id]
