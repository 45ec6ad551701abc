"""Uploads with an `Idempotency-Key` (ID-1, ID-2)."""

import asyncio
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.database import Database
from app.media_store import FolderStore
from tests.factories import as_account, make_account
from tests.media import upload
from tests.pictures import PDF, picture

pytestmark = pytest.mark.anyio

_IDLE = """
SELECT count(*) AS sessions FROM pg_stat_activity
WHERE datname = current_database() AND state = 'idle in transaction'
"""


async def me(database: Database) -> dict[str, str]:
    return await as_account(database, await make_account(database))


async def test_an_upload_that_is_sent_again_is_one_upload(
    client: httpx.AsyncClient, database: Database
) -> None:
    """ID-1: what counts is what is in the file, however large it is."""
    headers = await me(database) | {"Idempotency-Key": "the-same"}
    large = picture("PNG") + bytes(2 * 1024 * 1024)

    first, again = [await upload(client, headers, large, description="Red") for _ in "12"]
    other = await upload(client, headers, large + b"!", description="Red")

    assert (first.status_code, again.status_code, other.status_code) == (202, 202, 422)
    assert again.json() == first.json()
    assert again.headers["idempotent-replayed"] == "true"
    assert len(await database.fetch("SELECT FROM media_attachments")) == 1


async def test_uploads_with_a_key_hold_nothing_while_they_are_stored(
    app: FastAPI,
    client: httpx.AsyncClient,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A transaction that is idle for ten seconds is ended; a bucket may take longer."""
    store = app.state.services.media
    idle: list[int] = []

    async def put(*given: Any) -> str:
        rows = await database.fetch(_IDLE)
        idle.append(rows[0]["sessions"])
        return await FolderStore.put(store, *given)

    monkeypatch.setattr(store, "put", put)
    headers = await me(database) | {"Idempotency-Key": "a-key"}

    assert (await upload(client, headers, PDF)).status_code == 200
    assert idle == [0]


async def test_of_many_uploads_with_one_key_one_is_kept(
    client: httpx.AsyncClient, database: Database
) -> None:
    """ID-2, though each stores its file."""
    headers = await me(database) | {"Idempotency-Key": "at-once"}

    answers = await asyncio.gather(*(upload(client, headers, PDF) for _ in range(3)))

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sum("idempotent-replayed" in answer.headers for answer in answers) == 2
    assert len(await database.fetch("SELECT FROM media_attachments")) == 1
