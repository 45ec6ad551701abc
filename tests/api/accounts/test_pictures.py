"""Avatars and headers (MD-1 to MD-5)."""

import io
from base64 import b64encode

import httpx
import pytest
from PIL import Image

from app.database import Database
from tests.factories import as_account, make_account
from tests.pictures import picture, png_that_claims

pytestmark = pytest.mark.anyio

UPDATE = "/api/v1/accounts/update_credentials"


async def upload(
    client: httpx.AsyncClient, headers: dict[str, str], content: bytes, kind: str = "avatar"
) -> httpx.Response:
    # The name and type that a client gives are not looked at.
    files = {kind: ("../../evil.html", content, "text/html")}
    return await client.patch(UPDATE, headers=headers, files=files)


def colour(image: Image.Image, x: int, y: int) -> tuple[int, ...]:
    found = image.convert("RGBA").getpixel((x, y))
    assert isinstance(found, tuple)
    return found


async def shown(client: httpx.AsyncClient, url: str) -> Image.Image:
    response = await client.get(url)
    assert response.headers["content-type"] == "image/webp"
    return Image.open(io.BytesIO(response.content))


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP"])
@pytest.mark.parametrize(("kind", "size"), [("avatar", (400, 400)), ("header", (1500, 500))])
async def test_a_picture_is_cut_to_measure(
    client: httpx.AsyncClient, database: Database, form: str, kind: str, size: tuple[int, int]
) -> None:
    headers = await as_account(database, await make_account(database))

    mine = (await upload(client, headers, picture(form), kind)).json()

    assert mine[kind] == mine[f"{kind}_static"]
    image = await shown(client, mine[kind])
    assert (image.format, image.size) == ("WEBP", size)
    red, _, blue, _ = colour(image, size[0] // 10, size[1] // 2)
    assert red > 200 > 60 > blue


async def test_a_picture_may_come_as_a_data_uri(
    client: httpx.AsyncClient, database: Database
) -> None:
    headers = await as_account(database, await make_account(database))
    uri = "data:image/png;base64," + b64encode(picture()).decode()

    mine = (await client.patch(UPDATE, headers=headers, json={"avatar": uri, "header": uri})).json()

    assert (await shown(client, mine["avatar"])).size == (400, 400)
    assert (await shown(client, mine["header"])).size == (1500, 500)


async def test_nothing_that_came_with_a_picture_is_kept(
    client: httpx.AsyncClient, database: Database
) -> None:
    headers = await as_account(database, await make_account(database))
    exif = Image.Exif()
    exif[0x010E] = "Where I live"
    exif[0x0112] = 3  # upside down
    content = picture("JPEG", exif=exif, comment=b"Where I live", icc_profile=b"Where I live" * 20)

    mine = (await upload(client, headers, content)).json()

    kept = (await client.get(mine["avatar"])).content
    assert b"Where I live" in content
    assert b"Where I live" not in kept
    image = Image.open(io.BytesIO(kept))
    assert not {"exif", "icc_profile", "comment", "xmp"} & image.info.keys()
    # It stands upright all the same.
    red, _, blue, _ = colour(image, 40, 200)
    assert blue > 200 > 60 > red


async def test_the_server_itself_decodes_nothing(
    client: httpx.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MD-2: a hole in a decoder is none in what holds the keys."""
    headers = await as_account(database, await make_account(database))
    content = picture()
    monkeypatch.delattr(Image, "open")

    assert (await upload(client, headers, content)).status_code == 200


async def test_transparency_stays(client: httpx.AsyncClient, database: Database) -> None:
    headers = await as_account(database, await make_account(database))
    content = io.BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(content, "PNG")

    mine = (await upload(client, headers, content.getvalue())).json()

    assert colour(await shown(client, mine["avatar"]), 9, 9)[3] == 0


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<html><script>alert(1)</script>",
        b"%PDF-1.7",
        b"PK\x03\x04",
        picture("BMP"),
        picture("TIFF"),
        picture()[:60],
        picture("JPEG")[:200],
        b"\x89PNG\r\n\x1a\n",
    ],
    ids=["svg", "html", "pdf", "zip", "bmp", "tiff", "half a png", "half a jpeg", "only a head"],
)
async def test_other_files_are_refused(
    client: httpx.AsyncClient, database: Database, content: bytes
) -> None:
    headers = await as_account(database, await make_account(database))

    response = await upload(client, headers, content)

    assert response.status_code == 422
    assert list(response.json()["details"]) == ["avatar"]


@pytest.mark.parametrize("size", [(33_177_601, 1), (10_000, 10_000), (20_000, 20_000)])
async def test_too_many_pixels_are_refused_before_decoding(
    client: httpx.AsyncClient, database: Database, size: tuple[int, int]
) -> None:
    headers = await as_account(database, await make_account(database))

    response = await upload(client, headers, png_that_claims(*size))

    assert response.status_code == 422
    assert "too many pixels" in response.json()["error"]


@pytest.mark.parametrize("kind", ["avatar", "header"])
async def test_too_many_bytes_are_refused(
    client: httpx.AsyncClient, database: Database, kind: str
) -> None:
    headers = await as_account(database, await make_account(database))
    content = picture() + b"\x00" * (8 * 1024 * 1024 - len(picture()))

    exactly = await upload(client, headers, content, kind)
    more = await upload(client, headers, content + b"\x00", kind)

    assert exactly.status_code == 200
    assert more.status_code == 422
    assert "maximum is 8 MB" in more.json()["error"]


async def test_what_is_far_too_large_is_not_read(
    client: httpx.AsyncClient, database: Database
) -> None:
    headers = await as_account(database, await make_account(database))

    response = await upload(client, headers, b"\x00" * (23 * 1024 * 1024))

    assert response.status_code == 413


@pytest.mark.parametrize("path", [UPDATE, f"{UPDATE}/", "/api/v1/profile"])
@pytest.mark.parametrize("as_json", [True, False])
async def test_a_data_uri_may_be_as_large_as_a_file(
    client: httpx.AsyncClient, database: Database, path: str, *, as_json: bool
) -> None:
    headers = await as_account(database, await make_account(database))
    content = picture() + b"\x00" * (8 * 1024 * 1024 - len(picture()))
    uri = "data:image/png;base64," + b64encode(content).decode()

    sent = {"avatar": uri}
    response = await (
        client.patch(path, headers=headers, json=sent)
        if as_json
        else client.patch(path, headers=headers, data=sent)
    )

    assert response.status_code == 200
    await shown(client, response.json()["avatar"])


async def test_no_other_text_may_be_so_large(client: httpx.AsyncClient, database: Database) -> None:
    """IN-1: what could hold two pictures, and every text where no picture is meant."""
    headers = await as_account(database, await make_account(database))
    url = "/api/v1/statuses"

    for method, path, size in (("PATCH", UPDATE, 23), ("POST", url, 2), ("PUT", f"{url}/1", 2)):
        sent = {"avatar": "x" * (size * 1024 * 1024)}
        response = await client.request(method, path, headers=headers, json=sent)
        assert response.status_code == 413


async def test_going_back_to_the_default(client: httpx.AsyncClient, database: Database) -> None:
    headers = await as_account(database, await make_account(database))
    data = {"avatar_description": "A red square", "header_description": "A landscape"}
    files = {"avatar": picture(), "header": picture()}
    before = await client.patch(UPDATE, headers=headers, data=data, files=files)

    without_avatar = await client.delete("/api/v1/profile/avatar", headers=headers)
    without_both = await client.delete("/api/v1/profile/header", headers=headers)
    again = await client.delete("/api/v1/profile/header", headers=headers)

    assert before.json()["avatar_description"] == "A red square"
    assert without_avatar.json()["avatar"] == "http://hardop.test/static/avatar.png"
    assert without_avatar.json()["avatar_description"] == ""
    assert without_avatar.json()["header"] == before.json()["header"]
    assert without_both.json()["header"] == "http://hardop.test/static/header.png"
    assert again.json() == without_both.json()
