"""How somebody likes to read and post."""

import httpx
import pytest

from app.database import Database
from tests.factories import as_account, make_account

pytestmark = pytest.mark.anyio


async def test_what_was_chosen_shows(client: httpx.AsyncClient, database: Database) -> None:
    chosen = await as_account(
        database, await make_account(database, posting_defaults={"privacy": "private"})
    )
    unchosen = await as_account(database, await make_account(database))

    mine = (await client.get("/api/v1/preferences", headers=chosen)).json()
    others = (await client.get("/api/v1/preferences", headers=unchosen)).json()

    assert mine == {
        "posting:default:visibility": "private",
        "posting:default:sensitive": False,
        "posting:default:language": None,
        "posting:default:quote_policy": "public",
        "reading:expand:media": "default",
        "reading:expand:spoilers": False,
        "reading:autoplay:gifs": False,
    }
    assert others["posting:default:visibility"] == "public"
