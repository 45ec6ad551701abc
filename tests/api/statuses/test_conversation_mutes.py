"""Muting conversations: no more notifications about any of it."""

import httpx
import pytest

from app.database import Database
from tests.conftest import RunJobs
from tests.factories import as_account, make_account, make_status

pytestmark = pytest.mark.anyio

URL = "/api/v1/statuses"


async def test_a_muted_conversation_is_quiet_as_a_whole(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    ada, bob = await make_account(database, "ada"), await make_account(database)
    headers, others = await as_account(database, ada), await as_account(database, bob)
    root = await make_status(database, bob, "What do you think, @ada?")
    answer = await make_status(database, ada, "A lot", in_reply_to_id=root)
    elsewhere = await make_status(database, bob, "Something else")
    await run_jobs()
    await client.post("/api/v1/notifications/clear", headers=headers)

    for _ in range(2):
        muted = await client.post(f"{URL}/{answer}/mute", headers=headers)
        assert muted.json()["muted"] is True, muted.text
    await client.post(f"{URL}/{answer}/favourite", headers=others)
    below = await make_status(database, bob, "@ada Go on", in_reply_to_id=answer)
    await client.post(f"/api/v1/accounts/{ada.id}/follow", headers=others)
    await run_jobs()

    told = (await client.get("/api/v1/notifications", headers=headers)).json()
    assert [notification["type"] for notification in told] == ["follow"]
    for status_id, is_muted in ((root, True), (answer, True), (below, True), (elsewhere, False)):
        status = (await client.get(f"{URL}/{status_id}", headers=headers)).json()
        assert status["muted"] is is_muted
        assert (await client.get(f"{URL}/{status_id}", headers=others)).json()["muted"] is False

    for _ in range(2):
        unmuted = await client.post(f"{URL}/{below}/unmute", headers=headers)
        assert unmuted.json()["muted"] is False
    await make_status(database, bob, "@ada Still there?", in_reply_to_id=below)
    await run_jobs()

    told = (await client.get("/api/v1/notifications", headers=headers)).json()
    assert [notification["type"] for notification in told] == ["mention", "follow"]


async def test_it_stays_muted_when_its_beginning_is_deleted(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    ada, bob = await make_account(database, "ada"), await make_account(database)
    headers, others = await as_account(database, ada), await as_account(database, bob)
    root = await make_status(database, bob, "What do you think?")
    answer = await make_status(database, ada, "A lot", in_reply_to_id=root)
    await client.post(f"{URL}/{root}/mute", headers=headers)

    await client.delete(f"{URL}/{root}", headers=others)
    await client.post(f"{URL}/{answer}/favourite", headers=others)
    await run_jobs()

    assert (await client.get(f"{URL}/{answer}", headers=headers)).json()["muted"] is True
    assert (await client.get("/api/v1/notifications", headers=headers)).json() == []
