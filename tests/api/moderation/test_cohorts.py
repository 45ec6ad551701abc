"""How many of those who came still take part (IS-2 to IS-4)."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from app import clock
from app.database import Database
from app.domain.moderation.cohorts import MAX_MONTHS
from app.models.statuses.statuses import Visibility
from tests.api.moderation.people import make_moderator
from tests.factories import make_account, make_status

pytestmark = pytest.mark.anyio

URL = "/api/v1/admin/retention"
MAY, JUNE = datetime(2026, 5, 31, 23, tzinfo=UTC), datetime(2026, 6, 1, 1, tzinfo=UTC)


async def found(client: httpx.AsyncClient, database: Database, **sent: Any) -> list[dict[str, Any]]:
    _, headers = await make_moderator(database)
    asked = {"start_at": "2026-05-10", "end_at": "2026-06-10", "frequency": "day", **sent}
    response = await client.post(URL, headers=headers, data=asked)
    assert response.status_code == 200, response.text
    cohorts: list[dict[str, Any]] = response.json()
    return cohorts


async def test_shares_are_told_from_ten_people_on(
    client: httpx.AsyncClient, database: Database
) -> None:
    with clock.at(MAY):
        early = [await make_account(database) for _ in range(20)]
        for one in early:
            await make_status(database, one)
    with clock.at(JUNE):
        late = [await make_account(database) for _ in range(9)]
        for one in [*early[:11], *late]:
            for _ in range(2):
                await make_status(database, one)
        await make_status(database, early[12], visibility=Visibility.DIRECT)

    may, june = await found(client, database)

    assert may == {
        "period": "2026-05-01T00:00:00.000Z",
        "frequency": "month",
        "data": [
            {"date": "2026-05-01T00:00:00.000Z", "rate": 1.0, "value": "20"},
            {"date": "2026-06-01T00:00:00.000Z", "rate": 0.5, "value": "10"},
        ],
    }
    assert june["data"] == [{"date": "2026-06-01T00:00:00.000Z", "rate": 0.0, "value": "0"}]


async def test_times_are_not_without_end(client: httpx.AsyncClient, database: Database) -> None:
    cohorts = await found(client, database, start_at="1990-01-01", end_at="2026-12-31")

    assert len(cohorts) == MAX_MONTHS
    assert (cohorts[-1]["period"], len(cohorts[-1]["data"])) == ("2026-12-01T00:00:00.000Z", 1)
