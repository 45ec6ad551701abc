"""Custom emojis, for those who choose them."""

import io
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from app.database import Database
from app.models.identity.users import Role
from app.settings import Settings
from tests.cli.commands import Hardop, make_hardop
from tests.conftest import RunJobs
from tests.factories import as_account, make_account, make_status

pytestmark = pytest.mark.anyio

URL = "/api/hardop/v1/admin/custom_emojis"
SHOWN = "/api/v1/custom_emojis"


@pytest.fixture
def hardop(settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch) -> Hardop:
    return make_hardop(settings, monkeypatch)


@pytest.fixture
async def admin(database: Database) -> dict[str, str]:
    account = await make_account(database, role=Role.ADMIN)
    return await as_account(database, account, "read admin:read admin:write")


def picture(kind: str = "PNG", *, size: tuple[int, int] = (300, 200), frames: int = 1) -> bytes:
    # Frames that are alike would be merged into one.
    pictures = [Image.new("RGB", size, (n * 80, 40, 200)) for n in range(frames)]
    kept = io.BytesIO()
    more: dict[str, Any] = {"save_all": True, "append_images": pictures[1:]} if frames > 1 else {}
    pictures[0].save(kept, kind, **more)
    return kept.getvalue()


async def add(
    client: httpx.AsyncClient, headers: dict[str, str], content: bytes, **data: str
) -> httpx.Response:
    return await client.post(
        URL, headers=headers, files={"image": content}, data={"shortcode": "drop", **data}
    )


async def fetched(client: httpx.AsyncClient, url: str) -> Image.Image:
    response = await client.get(url)
    assert response.status_code == 200
    return Image.open(io.BytesIO(response.content))


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP", "JPEG"])
async def test_a_picture_gets_a_name(
    client: httpx.AsyncClient, database: Database, admin: dict[str, str], kind: str
) -> None:
    made = (await add(client, admin, picture(kind), category=" Water ")).json()

    assert (made["shortcode"], made["category"]) == ("drop", "Water")
    assert made["url"] == made["static_url"]
    shown = await fetched(client, made["url"])
    assert (shown.format, shown.size) == ("WEBP", (128, 85))
    (listed,) = (await client.get(SHOWN)).json()
    assert listed == {name: value for name, value in made.items() if name != "id"}
    assert (await client.get(URL, headers=admin)).json() == [made]


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
async def test_a_moving_picture_moves_and_has_a_still_one(
    client: httpx.AsyncClient, admin: dict[str, str], kind: str
) -> None:
    made = (await add(client, admin, picture(kind, size=(64, 64), frames=3))).json()

    moving, still = [await fetched(client, made[name]) for name in ("url", "static_url")]
    assert (moving.format, moving.n_frames) == ("WEBP", 3)  # type: ignore[attr-defined]
    assert (still.format, still.size) == ("PNG", (64, 64))


@pytest.mark.parametrize(
    ("content", "shortcode", "problem"),
    [
        (b"<svg></svg>", "drop", "Image is not a small PNG, GIF, WebP or JPEG picture"),
        (bytes(256 * 1024 + 1), "drop", "Image is too large (maximum is 256 KB)"),
        (picture(size=(2500, 2500)), "drop", "Image is not a small PNG, GIF, WebP or JPEG picture"),
        (picture(), "a", "Shortcode must be 2 to 64 letters, digits and underscores"),
        (picture(), "tropfchen!", "Shortcode must be 2 to 64 letters, digits and underscores"),
        (picture(), "taken", "Shortcode has already been taken"),
    ],
)
async def test_what_cannot_be_is_said(
    client: httpx.AsyncClient,
    database: Database,
    admin: dict[str, str],
    content: bytes,
    shortcode: str,
    problem: str,
) -> None:
    await add(client, admin, picture(), shortcode="taken")

    response = await add(client, admin, content, shortcode=shortcode)

    assert response.status_code == 422
    assert response.json()["error"] == f"Validation failed: {problem}"
    assert len((await client.get(SHOWN)).json()) == 1


async def test_a_category_has_an_end(client: httpx.AsyncClient, admin: dict[str, str]) -> None:
    response = await add(client, admin, picture(), category="x" * 101)

    assert response.status_code == 422
    assert "Category is too long" in response.json()["error"]


async def test_what_names_it_shows_it_from_then_on_and_no_longer(
    client: httpx.AsyncClient, database: Database, admin: dict[str, str], run_jobs: RunJobs
) -> None:
    ada = await make_account(database, display_name="Ada :drop:")
    status_id = await make_status(database, ada, "Good :drop:")

    async def emojis() -> tuple[list[str], list[str]]:
        status = (await client.get(f"/api/v1/statuses/{status_id}")).json()
        return tuple(
            [emoji["shortcode"] for emoji in thing["emojis"]]
            for thing in (status, status["account"])
        )  # type: ignore[return-value]

    assert await emojis() == ([], [])
    made = (await add(client, admin, picture())).json()
    await run_jobs()
    assert await emojis() == (["drop"], ["drop"])

    assert (await client.delete(f"{URL}/{made['id']}", headers=admin)).json() == {}
    await run_jobs()
    assert await emojis() == ([], [])
    log = await database.fetch("SELECT action FROM audit_entries ORDER BY position")
    assert [row["action"] for row in log] == ["create", "destroy"]


async def test_it_is_offered_elsewhere_or_no_longer(
    client: httpx.AsyncClient, admin: dict[str, str]
) -> None:
    made = (await add(client, admin, picture(), category="Water")).json()
    url = f"{URL}/{made['id']}"

    hidden = (await client.put(url, headers=admin, json={"visible_in_picker": False})).json()
    assert (hidden["category"], hidden["visible_in_picker"]) == ("Water", False)
    bare = (await client.patch(url, headers=admin, data={"category": ""})).json()
    assert (bare["category"], bare["visible_in_picker"]) == (None, False)


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
async def test_what_is_not_there_is_not_found(
    client: httpx.AsyncClient, admin: dict[str, str], method: str
) -> None:
    assert (await client.request(method, f"{URL}/1", headers=admin)).status_code == 404


async def test_the_commands(client: httpx.AsyncClient, hardop: Hardop, tmp_path: Path) -> None:
    file = tmp_path / "drop"
    file.write_bytes(picture())

    done = await hardop("emoji", "add", ":drop:", str(file), "--category", "Water", "--hidden")
    assert (done.code, done.out) == (0, "Added :drop:.\n")
    (listed,) = (await client.get(SHOWN)).json()
    assert (listed["category"], listed["visible_in_picker"]) == ("Water", False)
    assert (await hardop("emoji", "list")).out == ":drop:  Water\n"

    assert (await hardop("emoji", "remove", "drop")).out == "Removed :drop:.\n"
    assert (await client.get(SHOWN)).json() == []
    assert "Record not found" in (await hardop("emoji", "remove", "drop")).err
    assert "Cannot read" in (await hardop("emoji", "add", "drop", str(tmp_path / "no"))).err
