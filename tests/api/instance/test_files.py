"""Files: what people uploaded, and what comes with the server (MD-4, MD-5, HT-7)."""

import io
from collections.abc import Awaitable, Callable

import httpx
import pytest
from fastapi import FastAPI
from PIL import Image

from app.database import Database
from app.media_store import FolderStore
from tests.factories import make_account

pytestmark = pytest.mark.anyio

Keep = Callable[[bytes, str], Awaitable[str]]


@pytest.fixture
def keep(app: FastAPI, database: Database) -> Keep:
    """Puts a file into the store that everybody may see: some profile shows it."""

    async def put(content: bytes, suffix: str) -> str:
        name: str = await app.state.services.media.put(content, suffix)
        await make_account(database, avatar=name)
        return name

    return put


@pytest.mark.parametrize(("name", "size"), [("avatar", (400, 400)), ("header", (1500, 500))])
async def test_the_default_pictures_are_there(
    client: httpx.AsyncClient, name: str, size: tuple[int, int]
) -> None:
    response = await client.get(f"/static/{name}.png")

    assert response.headers["content-type"] == "image/png"
    # Web clients of other origins show them.
    assert response.headers["cross-origin-resource-policy"] == "cross-origin"
    assert Image.open(io.BytesIO(response.content)).size == size


async def test_an_upload_is_served_and_cannot_do_anything(
    client: httpx.AsyncClient, keep: Keep
) -> None:
    name = await keep(b"a picture", "webp")

    response = await client.get(f"/media/{name}", headers={"Origin": "https://elk.example.org"})

    assert response.content == b"a picture"
    headers = response.headers
    assert headers["content-type"] == "image/webp"
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert headers["content-disposition"] == f'inline; filename="{name}"'
    assert headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*"])
async def test_what_the_client_has_is_not_sent_again(
    client: httpx.AsyncClient, keep: Keep, form: str
) -> None:
    name = await keep(b"a picture", "webp")
    for path in (f"/media/{name}", "/static/avatar.png"):
        first = await client.get(path)
        tag = first.headers["etag"]

        again = await client.get(path, headers={"If-None-Match": form.format(tag)})

        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
        assert again.headers["cache-control"] == first.headers["cache-control"]


async def test_another_tag_gets_the_file(client: httpx.AsyncClient) -> None:
    response = await client.get("/static/avatar.png", headers={"If-None-Match": '"other"'})

    assert response.status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/media/0123456789abcdef0123456789abcdef.webp",
        "/media/..%2F..%2Fsettings.py",
        "/media/%2e%2e",
        "/media/.0123456789abcdef0123456789abcdef.webp",
        "/media/0123456789abcdef0123456789abcdef.html",
        "/static/..%2Fsettings.py",
        "/static/settings.py",
        "/static/swagger-ui-bundle.js.map",
    ],
)
async def test_nothing_else_is_served(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 404


async def test_uploads_that_nobody_has_looked_at_are_not_served(
    client: httpx.AsyncClient, app: FastAPI
) -> None:
    name = await app.state.services.media.put(b"<script>", "upload")

    assert (await client.get(f"/media/{name}")).status_code == 404


@pytest.mark.parametrize(
    ("asked", "status", "content", "said"),
    [
        ("bytes=0-3", 206, b"0123", "bytes 0-3/10"),
        ("bytes=4-", 206, b"456789", "bytes 4-9/10"),
        ("bytes=-3", 206, b"789", "bytes 7-9/10"),
        ("bytes=-99", 206, b"0123456789", "bytes 0-9/10"),
        ("bytes=8-99", 206, b"89", "bytes 8-9/10"),
        # What is no range, or is several, gets the whole file.
        ("bytes=3-1", 200, b"0123456789", None),
        ("bytes=-", 200, b"0123456789", None),
        ("bytes=0-1,3-4", 200, b"0123456789", None),
        ("lines=0-1", 200, b"0123456789", None),
    ],
)
async def test_parts_of_files(
    client: httpx.AsyncClient,
    keep: Keep,
    asked: str,
    status: int,
    content: bytes,
    said: str | None,
) -> None:
    """RFC 9110, section 14: films are played from the middle."""
    name = await keep(b"0123456789", "mp4")

    response = await client.get(f"/media/{name}", headers={"Range": asked})

    assert (response.status_code, response.content) == (status, content)
    assert response.headers.get("content-range") == said
    assert response.headers["content-length"] == str(len(content))
    assert response.headers["accept-ranges"] == "bytes"
    assert response.headers["content-type"] == "video/mp4"


@pytest.mark.parametrize("asked", ["bytes=10-", "bytes=10-12", "bytes=-0"])
async def test_parts_that_are_not_there(client: httpx.AsyncClient, keep: Keep, asked: str) -> None:
    name = await keep(b"0123456789", "mp4")

    response = await client.get(f"/media/{name}", headers={"Range": asked})

    assert response.status_code == 416
    assert response.headers["content-range"] == "bytes */10"


async def test_a_part_of_another_file_is_not_wanted(client: httpx.AsyncClient, keep: Keep) -> None:
    name = await keep(b"0123456789", "mp4")
    tag = (await client.get(f"/media/{name}")).headers["etag"]

    for if_range, status in ((tag, 206), ('"other"', 200)):
        response = await client.get(
            f"/media/{name}", headers={"Range": "bytes=0-3", "If-Range": if_range}
        )
        assert response.status_code == status


async def test_how_large_a_file_is(
    client: httpx.AsyncClient, keep: Keep, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = await keep(b"0123456789", "mp4")
    # Nobody reads what nobody gets.
    monkeypatch.delattr(FolderStore, "read")

    response = await client.head(f"/media/{name}")

    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["content-length"] == "10"
