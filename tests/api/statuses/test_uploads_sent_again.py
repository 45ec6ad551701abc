"""Uploads with an `Idempotency-Key` (ID-1, ID-2)."""

import asyncio
from base64 import b64encode
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.database import Database
from app.media_store import FolderStore
from app.models.statuses.media_attachments import MediaKind
from tests.factories import as_account, make_account, make_status
from tests.media import make_media, upload
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


@pytest.fixture
def idle(app: FastAPI, database: Database, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many transactions were open each time a file was stored.

    One that is idle for ten seconds is ended; a bucket may take longer.
    """
    store = app.state.services.media
    found: list[int] = []

    async def put(*given: Any) -> str:
        rows = await database.fetch(_IDLE)
        found.append(rows[0]["sessions"])
        return await FolderStore.put(store, *given)

    monkeypatch.setattr(store, "put", put)
    return found


async def test_uploads_with_a_key_hold_nothing_while_they_are_stored(
    client: httpx.AsyncClient, database: Database, idle: list[int]
) -> None:
    headers = await me(database) | {"Idempotency-Key": "a-key"}

    assert (await upload(client, headers, PDF)).status_code == 200
    assert idle == [0]


@pytest.mark.parametrize("path", ["/api/v1/accounts/update_credentials", "/api/v1/profile"])
async def test_pictures_of_profiles_hold_nothing_while_they_are_stored(
    client: httpx.AsyncClient, database: Database, idle: list[int], path: str
) -> None:
    files = {name: ("me.png", picture()) for name in ("avatar", "header")}

    assert (await client.patch(path, headers=await me(database), files=files)).status_code == 200
    assert idle == [0, 0]


async def test_thumbnails_of_an_edit_hold_nothing_while_they_are_stored(
    client: httpx.AsyncClient, database: Database, idle: list[int]
) -> None:
    ada = await make_account(database)
    headers = await as_account(database, ada)
    status_id = await make_status(database, ada)
    film = await make_media(database, ada, MediaKind.VIDEO)
    thumbnail = "data:image/png;base64," + b64encode(picture()).decode()
    sent = {
        "status": "Seen",
        "media_ids": [str(film.id)],
        "media_attributes": [{"id": str(film.id), "thumbnail": thumbnail}],
    }

    edited = await client.put(f"/api/v1/statuses/{status_id}", headers=headers, json=sent)

    assert edited.status_code == 200, edited.text
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
