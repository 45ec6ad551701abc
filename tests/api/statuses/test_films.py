"""Uploading films and sound, where this machine can play them (Mastodon API, media; MD-1)."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.database import Database
from app.main import create_app
from app.settings import Settings
from tests.conftest import ORIGIN, Work
from tests.factories import as_account, make_account
from tests.fake_ffmpeg import AUDIO, VIDEO, film, install
from tests.media import V1, upload
from tests.pictures import MP3, WEBM, moving_picture, picture

pytestmark = pytest.mark.anyio


@pytest.fixture
def playing(settings: Settings, tmp_path: Path) -> Settings:
    """The settings of a machine that can play films."""
    return settings.model_copy(update={"ffmpeg": install(tmp_path)})


@pytest.fixture
async def player(playing: Settings, database: Database) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(playing)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=ORIGIN) as client,
    ):
        yield client


@pytest.mark.parametrize(
    ("content", "before", "after", "suffix"),
    [
        (film(VIDEO, AUDIO), "video", "video", "mp4"),
        (film(VIDEO), "video", "gifv", "mp4"),
        (moving_picture("GIF") + film(VIDEO, start=b""), "image", "gifv", "mp4"),
        (picture("GIF"), "image", "image", "png"),
        (film(AUDIO, start=MP3), "audio", "audio", "mp3"),
        (film(AUDIO, start=WEBM), "video", "audio", "mp3"),
        (film(VIDEO, start=MP3), "audio", None, ""),
    ],
)
async def test_films_and_sound(
    player: httpx.AsyncClient,
    playing: Settings,
    database: Database,
    content: bytes,
    before: str,
    after: str | None,
    suffix: str,
    work: Work,
) -> None:
    headers = await as_account(database, await make_account(database))

    # Not even older clients wait for a film.
    response = await upload(player, headers, content, path=V1)
    media: dict[str, Any] = response.json()
    assert (response.status_code, media["type"], media["url"]) == (200, before, None)

    await work(playing)

    response = await player.get(f"{V1}/{media['id']}", headers=headers)
    if after is None:
        assert response.status_code == 422
        return
    media = response.json()
    assert (media["type"], media["url"].rpartition(".")[2]) == (after, suffix)
    assert (media["preview_url"] is None) is (after == "audio")
    if after == "video":
        assert media["meta"]["original"]["frame_rate"] == "15/1"
        assert media["preview_url"].endswith(".png")
        assert media["meta"]["small"]["size"] == "60x40"


async def test_films_wait_in_a_line_of_their_own(
    player: httpx.AsyncClient, database: Database
) -> None:
    """QU-2: pictures do not wait behind them."""
    headers = await as_account(database, await make_account(database))
    for content in (film(VIDEO), picture("JPEG"), film(AUDIO, start=MP3), moving_picture("GIF")):
        await upload(player, headers, content)

    queued = await database.fetch("SELECT entrypoint FROM jobs.pgqueuer ORDER BY id")
    assert [row["entrypoint"] for row in queued] == [
        "process_film",
        "process_media",
        "process_film",
        "process_film",
    ]


async def test_sound_may_have_a_picture(
    player: httpx.AsyncClient, playing: Settings, database: Database, work: Work
) -> None:
    headers = await as_account(database, await make_account(database))

    response = await upload(
        player, headers, film(AUDIO, start=MP3), thumbnail=picture(size=(30, 20))
    )
    before = response.json()
    assert (response.status_code, before["url"]) == (202, None)
    assert before["preview_url"] is not None

    await work(playing)

    after = (await player.get(f"{V1}/{before['id']}", headers=headers)).json()
    assert after["preview_url"] == before["preview_url"]
    assert after["meta"]["small"]["size"] == "30x20"
    assert after["meta"]["original"]["duration"] == 2.02


async def test_only_what_works_is_announced(
    client: httpx.AsyncClient, player: httpx.AsyncClient
) -> None:
    async def announced(asked: httpx.AsyncClient, version: str) -> set[str]:
        configuration = (await asked.get(f"/api/{version}/instance")).json()["configuration"]
        limits = configuration["media_attachments"]
        assert limits["image_size_limit"] == 16 * 1024 * 1024
        assert limits["image_matrix_limit"] == 33_177_600
        assert limits["description_limit"] == 1500
        return set(limits["supported_mime_types"])

    for version in ("v1", "v2"):
        without, with_films = await announced(client, version), await announced(player, version)
        assert {"image/jpeg", "image/heic", "image/avif", "application/pdf"} <= without
        assert not {mime for mime in without if mime.startswith(("video/", "audio/"))}
        assert {"video/mp4", "video/webm", "audio/mpeg", "audio/webm", "audio/x-m4a"} <= with_films
