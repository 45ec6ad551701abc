"""Small pictures that people choose for their films and sound (Mastodon API, media)."""

import io
from base64 import b64encode

import httpx
import pytest
from fastapi import FastAPI
from PIL import Image

from app.database import Database
from app.domain.statuses import media_uploads
from app.models.statuses.media_attachments import MediaKind
from app.settings import Settings
from tests.factories import as_account, make_account
from tests.media import V1, make_media, upload
from tests.pictures import picture

pytestmark = pytest.mark.anyio


async def test_a_picture_has_no_thumbnail_of_its_own(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_account(database)
    headers = await as_account(database, ada)
    media = await make_media(database, ada)
    film_of_hers = await make_media(database, ada, MediaKind.VIDEO)
    uri = "data:image/png;base64," + b64encode(picture(size=(30, 20))).decode()

    response = await client.put(f"{V1}/{media.id}", headers=headers, json={"thumbnail": uri})
    assert response.json()["preview_url"].endswith(f"/{media.preview}")

    response = await client.put(f"{V1}/{film_of_hers.id}", headers=headers, json={"thumbnail": uri})
    preview = await client.get(response.json()["preview_url"])
    assert preview.headers["content-type"] == "image/png"
    assert Image.open(io.BytesIO(preview.content)).size == (30, 20)
    assert response.json()["meta"]["small"]["size"] == "30x20"

    for wrong in (b"no picture", b"x" * (media_uploads.MAX_THUMBNAIL_BYTES + 1)):
        response = await client.put(
            f"{V1}/{film_of_hers.id}", headers=headers, files={"thumbnail": ("x.png", wrong)}
        )
        assert response.status_code == 422, response.text


async def test_nothing_is_drawn_for_what_is_not_taken(
    client: httpx.AsyncClient, database: Database, settings: Settings
) -> None:
    headers = await as_account(database, await make_account(database))
    before = set(settings.media_dir.glob("*"))

    uri = "data:image/png;base64," + b64encode(picture()).decode()
    absent = await client.put(f"{V1}/1", headers=headers, json={"thumbnail": uri})
    refused = await upload(client, headers, b"<html>", thumbnail=picture())

    assert (absent.status_code, refused.status_code) == (404, 422)
    assert set(settings.media_dir.glob("*")) == before


async def test_thumbnails_are_counted_as_uploads(
    client: httpx.AsyncClient,
    database: Database,
    app: FastAPI,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ada = await make_account(database)
    headers = await as_account(database, ada)
    media = await make_media(database, ada)
    counted: list[str] = []

    async def count(rate: str, *_: object) -> dict[str, str]:
        counted.append(rate)
        return {}

    monkeypatch.setattr(app.state.services.limits, "count", count)
    uri = "data:image/png;base64," + b64encode(picture()).decode()
    for sent in ({"description": "Red"}, {"thumbnail": uri}):
        await client.put(f"{V1}/{media.id}", headers=headers, json=sent)

    assert counted == ["api", "api", "media-upload"]
