"""Who can load the files of statuses (MD-5, docs/decisions/0012)."""

import io
import os
import re
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app import clock
from app.database import Database
from app.domain.accounts import erasure
from app.media_store import FolderStore
from app.models.accounts.accounts import Account
from app.workers import media as workers
from tests.factories import as_account, make_account
from tests.media import V1, upload
from tests.pictures import picture

pytestmark = pytest.mark.anyio

STATUSES = "/api/v1/statuses"
FOR_EVER = "public, max-age=31536000, immutable"
FOR_A_WHILE = "private, max-age=900"


@pytest.fixture
async def ada(database: Database) -> Account:
    return await make_account(database, "ada")


@pytest.fixture
async def headers(database: Database, ada: Account) -> dict[str, str]:
    return await as_account(database, ada)


async def post(
    client: httpx.AsyncClient, headers: dict[str, str], **fields: object
) -> dict[str, Any]:
    """A status with a picture."""
    media = (await upload(client, headers, picture(), path=V1)).json()
    sent = {"status": "Look", "media_ids": [media["id"]], **fields}
    response = await client.post(STATUSES, headers=headers, json=sent)
    assert response.status_code == 200, response.text
    status: dict[str, Any] = response.json()
    return status


def addresses(status: dict[str, Any]) -> list[str]:
    [media] = status["media_attachments"]
    return [media["url"], media["preview_url"]]


async def test_names_cannot_be_guessed(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    """Nothing follows from what was uploaded, by whom, or from another name."""
    found = [
        url for _ in range(2) for url in addresses(await post(client, headers, visibility="direct"))
    ]

    names = [re.fullmatch(r".*/media/([0-9a-f]{32})\.[a-z0-9]+", url) for url in found]
    assert all(names), found
    # 128 bits that share nothing: of each two, the halves differ too.
    halves = {name[1][start : start + 16] for name in names if name for start in (0, 16)}
    assert len(halves) == 8


@pytest.mark.parametrize(
    ("visibility", "kept"),
    [
        ("public", FOR_EVER),
        ("unlisted", FOR_EVER),
        ("private", FOR_A_WHILE),
        ("direct", FOR_A_WHILE),
    ],
)
async def test_public_caches_keep_what_is_public(
    client: httpx.AsyncClient, headers: dict[str, str], visibility: str, kept: str
) -> None:
    status = await post(client, headers, visibility=visibility)

    for url in addresses(status):
        # Clients load it without a token.
        response = await client.get(url)
        assert response.status_code == 200
        assert response.headers["cache-control"] == kept
        again = await client.get(url, headers={"If-None-Match": response.headers["etag"]})
        assert (again.status_code, again.headers["cache-control"]) == (304, kept)


async def test_what_is_not_posted_yet_is_not_public(
    client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    waiting = (await upload(client, headers, picture(), path=V1)).json()
    at = (clock.now() + timedelta(hours=1)).isoformat()
    scheduled = await post(client, headers, scheduled_at=at)

    for url in (waiting["url"], *addresses(scheduled)):
        response = await client.get(url)
        assert (response.status_code, response.headers["cache-control"]) == (200, FOR_A_WHILE)


async def test_what_is_deleted_is_gone_at_once(
    client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    status = await post(client, headers, visibility="private")
    tag = (await client.get(addresses(status)[0])).headers["etag"]

    await client.delete(
        f"{STATUSES}/{status['id']}", headers=headers, params={"delete_media": "true"}
    )

    for url in addresses(status):
        for sent in ({}, {"If-None-Match": tag}, {"Range": "bytes=0-3"}):
            assert (await client.get(url, headers=sent)).status_code == 404


async def test_what_is_deleted_to_be_written_anew_is_gone_after_a_day(
    client: httpx.AsyncClient, headers: dict[str, str], database: Database, app: FastAPI
) -> None:
    status = await post(client, headers)
    await client.delete(f"{STATUSES}/{status['id']}", headers=headers)
    for url in addresses(status):
        response = await client.get(url)
        assert (response.status_code, response.headers["cache-control"]) == (200, FOR_A_WHILE)

    earlier = clock.now() - timedelta(hours=25)
    await database.fetch("UPDATE media_attachments SET unattached_since = $1", earlier)
    store = app.state.services.media
    assert isinstance(store, FolderStore)
    for file in store._folder.iterdir():
        os.utime(file, (earlier.timestamp(), earlier.timestamp()))
    await workers.sweep(database, store)

    for url in addresses(status):
        assert (await client.get(url)).status_code == 404
        assert url.rpartition("/")[2] not in os.listdir(store._folder)


async def test_files_of_suspended_people_are_not_given_out(
    client: httpx.AsyncClient, headers: dict[str, str], database: Database, ada: Account
) -> None:
    """As what they wrote (AZ-7), and only for as long as they are suspended."""
    status = await post(client, headers)
    profile = await client.patch(
        "/api/v1/accounts/update_credentials",
        headers=headers,
        files={
            name: ("a.png", io.BytesIO(picture()), "image/png") for name in ("avatar", "header")
        },
    )
    urls = [*addresses(status), profile.json()["avatar"], profile.json()["header"]]
    suspend = "UPDATE accounts SET suspended_at = $2 WHERE id = $1"
    found = {}

    for state, moment in (("suspended", clock.now()), ("let back in", None)):
        await database.fetch(suspend, ada.id, moment)
        found[state] = {(await client.get(url)).status_code for url in urls}

    assert found == {"suspended": {404}, "let back in": {200}}


async def test_files_of_erased_people_are_removed(
    client: httpx.AsyncClient,
    headers: dict[str, str],
    database: Database,
    ada: Account,
    app: FastAPI,
) -> None:
    """GD-2, GD-3."""
    urls = addresses(await post(client, headers))
    async with database.session() as session:
        await erasure.erase(session, ada.id)
        await session.commit()
    gone = {(await client.get(url)).status_code for url in urls}
    store = app.state.services.media
    assert isinstance(store, FolderStore)
    earlier = (clock.now() - timedelta(hours=2)).timestamp()
    for file in store._folder.iterdir():
        os.utime(file, (earlier, earlier))
    await workers.sweep(database, store)

    assert gone == {404}
    assert not {url.rpartition("/")[2] for url in urls} & {*os.listdir(store._folder)}


async def test_a_picture_that_was_replaced_is_gone(
    client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    avatars = []
    for _ in range(2):
        response = await client.patch(
            "/api/v1/accounts/update_credentials",
            headers=headers,
            files={"avatar": ("me.png", io.BytesIO(picture()), "image/png")},
        )
        avatars.append(response.json()["avatar"])

    assert [(await client.get(url)).status_code for url in avatars] == [404, 200]


@pytest.mark.parametrize(
    "path", ["/media", "/media/", "/media/.", "/media/%2e%2e/", "/media/?list"]
)
async def test_files_are_not_listed(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 404


async def test_what_nothing_shows_is_not_given_out(
    client: httpx.AsyncClient, app: FastAPI, database: Database
) -> None:
    name = await app.state.services.media.put(picture(), "png")

    assert (await client.get(f"/media/{name}")).status_code == 404
