"""Other servers: there are none."""

import httpx
import pytest

from app.database import Database
from app.models.identity.users import Role
from tests.api.moderation.people import make_moderator

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("kind", ["domain_blocks", "domain_allows"])
async def test_there_are_no_other_servers(
    client: httpx.AsyncClient, database: Database, kind: str
) -> None:
    _, headers = await make_moderator(database, Role.ADMIN)

    assert (await client.get(f"/api/v1/admin/{kind}", headers=headers)).json() == []
