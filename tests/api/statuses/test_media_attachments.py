"""Uploading files, and saying what they show (Mastodon API, media; MD-1 to MD-6)."""

import io
from base64 import b64encode

import httpx
import pytest
from PIL import Image

from app import media_types
from app.database import Database
from app.domain.statuses import media_attachments, media_uploads
from app.models.statuses.media_attachments import MediaState
from app.settings import Settings
from tests.conftest import ORIGIN, RunJobs
from tests.factories import as_account, make_account, make_status
from tests.media import V1, V2, make_media, upload
from tests.pictures import (
    DOCX,
    MP3,
    ODP,
    PDF,
    PPTX,
    moving_picture,
    picture,
    png_that_claims,
)

pytestmark = pytest.mark.anyio


async def me(database: Database) -> dict[str, str]:
    return await as_account(database, await make_account(database))


async def fetched(client: httpx.AsyncClient, url: str) -> Image.Image:
    response = await client.get(url)
    assert response.status_code == 200
    return Image.open(io.BytesIO(response.content))


async def test_a_picture_is_processed_after_the_answer(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    headers = await me(database)

    response = await upload(client, headers, picture("JPEG"), description="Red and blue")

    assert response.status_code == 202
    waiting = response.json()
    assert (waiting["type"], waiting["url"], waiting["preview_url"]) == ("image", None, None)
    again = await client.get(f"{V1}/{waiting['id']}", headers=headers)
    assert (again.status_code, again.json()) == (206, waiting)

    await run_jobs()

    response = await client.get(f"{V1}/{waiting['id']}", headers=headers)
    assert response.status_code == 200
    ready = response.json()
    assert ready["id"] == waiting["id"]
    assert ready["description"] == "Red and blue"
    assert ready["remote_url"] is None
    assert len(ready["blurhash"]) == 28
    size = {"width": 60, "height": 40, "size": "60x40", "aspect": 1.5}
    assert ready["meta"] == {"original": size, "small": size}
    assert ready["url"].startswith(f"{ORIGIN}/media/")
    assert (await fetched(client, ready["url"])).size == (60, 40)
    assert (await fetched(client, ready["preview_url"])).format == "WEBP"


async def test_only_what_was_drawn_is_kept(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs, settings: Settings
) -> None:
    """MD-3."""
    before = {file.name for file in settings.media_dir.glob("*")}
    await upload(client, await me(database), picture())

    await run_jobs()

    kept = {file.suffix for file in settings.media_dir.glob("*") if file.name not in before}
    assert kept == {".png", ".webp"}


async def test_older_clients_get_pictures_at_once(
    client: httpx.AsyncClient, database: Database
) -> None:
    headers = await me(database)
    for content in (picture("JPEG"), moving_picture("GIF")):
        response = await upload(client, headers, content, path=V1, focus="-0.5,0.3")

        assert response.status_code == 200
        media = response.json()
        assert media["type"] == "image"
        assert media["meta"]["focus"] == {"x": -0.5, "y": 0.3}
        assert (await fetched(client, media["url"])).size == (60, 40)


async def test_older_clients_do_not_wait_for_ever(
    client: httpx.AsyncClient,
    database: Database,
    run_jobs: RunJobs,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(media_uploads, "PATIENCE_SECONDS", 0)
    headers = await me(database)

    response = await upload(client, headers, picture(), path=V1)

    assert (response.status_code, response.json()["url"]) == (200, None)
    await run_jobs()
    response = await client.get(f"{V1}/{response.json()['id']}", headers=headers)
    assert (response.status_code, response.json()["url"] is None) == (200, False)


async def test_what_cannot_be_read_is_refused_or_fails(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    headers = await me(database)
    broken = picture("JPEG")[:300]

    response = await upload(client, headers, broken, path=V1)
    assert response.status_code == 422
    assert response.json()["error"] == "Validation failed: File could not be processed"

    media = (await upload(client, headers, broken)).json()
    await run_jobs()
    response = await client.get(f"{V1}/{media['id']}", headers=headers)
    assert response.status_code == 422
    assert response.json()["error"] == "Error processing thumbnail for uploaded media"
    response = await client.post(
        "/api/v1/statuses", headers=headers, json={"media_ids": [media["id"]]}
    )
    assert response.status_code == 422


@pytest.mark.parametrize("path", [V1, V2])
@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"words", "File type of uploaded media could not be verified"),
        (b"<svg xmlns='x'/>", "File type of uploaded media could not be verified"),
        (b"<!doctype html>", "File type of uploaded media could not be verified"),
        (b"PK\3\4", "File type of uploaded media could not be verified"),
        (MP3, "Validation failed: File is of a type that this server cannot play"),
        (
            png_that_claims(20_000, 20_000),
            "Validation failed: 20000x20000 images are not supported",
        ),
    ],
)
async def test_what_is_not_taken(
    client: httpx.AsyncClient, database: Database, path: str, content: bytes, error: str
) -> None:
    """MD-1, MD-2: a picture of 1.2 GB is refused without decoding anything of it."""
    response = await upload(client, await me(database), content, path=path, name="x.jpg")

    assert response.status_code == 422
    assert response.json()["error"] == error


async def test_files_have_limits(
    client: httpx.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = await me(database)
    large = picture("PNG") + b"\0" * media_types.MAX_BYTES["image"]

    response = await upload(client, headers, large)
    assert response.json()["error"] == "Validation failed: File must be less than 16 MB"

    monkeypatch.setattr(media_attachments, "MAX_FILES", 1)
    assert (await upload(client, headers, PDF)).status_code == 200
    response = await upload(client, headers, PDF)
    assert response.status_code == 422
    assert response.json()["error"] == "Validation failed: File is more than you have room for"


async def test_a_body_without_files_stays_small(
    client: httpx.AsyncClient, database: Database
) -> None:
    """IN-1: only files make a body large."""
    uri = "data:image/png;base64," + b64encode(b"\0" * 900_000).decode()

    response = await client.post(V2, headers=await me(database), json={"file": uri})

    assert response.status_code == 413


async def test_a_file_may_come_as_text(client: httpx.AsyncClient, database: Database) -> None:
    uri = "data:image/png;base64," + b64encode(picture()).decode()

    response = await client.post(V1, headers=await me(database), json={"file": uri})

    assert response.status_code == 200
    assert response.json()["url"].endswith(".png")


async def test_there_must_be_a_file(client: httpx.AsyncClient, database: Database) -> None:
    response = await client.post(V2, headers=await me(database), data={"description": "None"})

    assert response.status_code == 422
    assert response.json()["error"] == "Validation failed: File can't be blank"


@pytest.mark.parametrize(
    ("content", "name", "shown", "mime"),
    [
        (PDF, "Jaarverslag 2026.pdf", "Jaarverslag 2026.pdf", "application/pdf"),
        (PDF, "../../etc/passwd", "etc passwd.pdf", "application/pdf"),
        (PDF, " . ", "document.pdf", "application/pdf"),
        (DOCX, "Übersicht.docx", "Übersicht.docx", "wordprocessingml.document"),
        (PPTX, "slides", "slides.pptx", "presentationml.presentation"),
        (ODP, "evil.exe\u202egnp", "evil.exe gnp.odp", "opendocument.presentation"),
    ],
)
async def test_documents_are_files_to_load(
    client: httpx.AsyncClient, database: Database, content: bytes, name: str, shown: str, mime: str
) -> None:
    response = await upload(client, await me(database), content, name=name)

    assert response.status_code == 200
    media = response.json()
    assert (media["type"], media["preview_url"], media["meta"]) == ("unknown", None, None)
    assert (media["name"], media["description"]) == (shown, shown)
    assert media["size_bytes"] == len(content)

    file = await client.get(media["url"])
    assert file.content == content
    assert file.headers["content-type"].endswith(mime)
    assert file.headers["content-disposition"].startswith("attachment; filename=")
    assert file.headers["content-security-policy"] == "default-src 'none'; sandbox"


async def test_what_a_file_shows_can_be_said_until_it_is_attached(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_account(database)
    headers = await as_account(database, ada)
    media = await make_media(database, ada)

    response = await client.put(
        f"{V1}/{media.id}", headers=headers, json={"description": " Ice\x07 ", "focus": "2, -0.25"}
    )
    assert response.json()["description"] == "Ice"
    assert response.json()["meta"]["focus"] == {"x": 1.0, "y": -0.25}

    # What is left out stays; what is empty goes.
    response = await client.put(f"{V1}/{media.id}", headers=headers, json={"description": ""})
    assert response.json()["description"] is None
    assert response.json()["meta"]["focus"] == {"x": 1.0, "y": -0.25}

    for sent, error in (
        ({"description": "x" * 1501}, "Description is too long (maximum is 1500 characters)"),
        ({"focus": "left"}, "Focus must be two numbers, x,y"),
        ({"focus": "1.2.3,0"}, "Focus must be two numbers, x,y"),
    ):
        response = await client.put(f"{V1}/{media.id}", headers=headers, json=sent)
        assert (response.status_code, response.json()["error"]) == (
            422,
            f"Validation failed: {error}",
        )

    await client.post("/api/v1/statuses", headers=headers, json={"media_ids": [str(media.id)]})
    assert (await client.put(f"{V1}/{media.id}", headers=headers, json={})).status_code == 404
    assert (await client.get(f"{V1}/{media.id}", headers=headers)).status_code == 404


async def test_a_file_can_be_thrown_away_until_it_is_attached(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_account(database)
    headers = await as_account(database, ada)
    media, attached = await make_media(database, ada), await make_media(database, ada)
    await client.post("/api/v1/statuses", headers=headers, json={"media_ids": [str(attached.id)]})

    response = await client.delete(f"{V1}/{media.id}", headers=headers)
    assert (response.status_code, response.json()) == (200, {})
    assert (await client.delete(f"{V1}/{media.id}", headers=headers)).status_code == 404

    response = await client.delete(f"{V1}/{attached.id}", headers=headers)
    assert response.status_code == 422
    assert response.json()["error"] == "Media attachment is currently used by a status"


async def test_files_of_others_are_not_there(client: httpx.AsyncClient, database: Database) -> None:
    """MD-6."""
    media = await make_media(database, await make_account(database))
    headers = await me(database)

    for method in ("GET", "PUT", "DELETE"):
        response = await client.request(method, f"{V1}/{media.id}", headers=headers)
        assert response.status_code == 404, method


async def test_a_job_that_runs_again_changes_nothing(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs, settings: Settings
) -> None:
    headers = await me(database)
    media = (await upload(client, headers, picture())).json()
    await run_jobs()
    first = (await client.get(f"{V1}/{media['id']}", headers=headers)).json()
    await database.fetch(
        "INSERT INTO jobs.pgqueuer (created, updated, execute_after, priority, status, entrypoint,"
        " payload) VALUES (now(), now(), now(), 0, 'queued', 'process_media', $1)",
        f'{{"media_id": {media["id"]}}}'.encode(),
    )

    await run_jobs()

    assert (await client.get(f"{V1}/{media['id']}", headers=headers)).json() == first


async def test_a_file_that_is_gone_fails(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    ada = await make_account(database)
    media = await make_media(database, ada, is_ready=False)

    await run_jobs()

    [row] = await database.fetch("SELECT state FROM media_attachments WHERE id = $1", media.id)
    assert row["state"] == MediaState.FAILED


async def test_a_status_of_somebody_else_gets_none_of_mine(
    client: httpx.AsyncClient, database: Database
) -> None:
    media = await make_media(database, await make_account(database))
    other = await make_account(database)
    status_id = await make_status(database, other)

    response = await client.put(
        f"/api/v1/statuses/{status_id}",
        headers=await as_account(database, other),
        json={"status": "Mine", "media_ids": [str(media.id)]},
    )

    assert response.status_code == 422
