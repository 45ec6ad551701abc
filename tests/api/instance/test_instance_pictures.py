"""What the server looks like: a thumbnail and an icon that somebody chose."""

from pathlib import Path

import httpx
import pytest

from app.database import Database
from app.settings import Settings
from tests.cli.commands import Hardop, make_hardop
from tests.pictures import picture

pytestmark = pytest.mark.anyio


@pytest.fixture
def hardop(settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch) -> Hardop:
    return make_hardop(settings, monkeypatch)


async def test_pictures_are_chosen_and_taken_back(
    client: httpx.AsyncClient, hardop: Hardop, tmp_path: Path
) -> None:
    before = (await client.get("/api/v2/instance")).json()
    file = tmp_path / "a.png"
    file.write_bytes(picture())

    for kind in ("thumbnail", "icon", "icon"):
        assert (await hardop("instance", "picture", kind, str(file))).code == 0

    chosen = (await client.get("/api/v2/instance")).json()
    older = (await client.get("/api/v1/instance")).json()
    assert older["thumbnail"] == chosen["thumbnail"]["url"] != before["thumbnail"]["url"]
    assert [each["size"] for each in chosen["icon"]] == ["192x192", "512x512"]
    for url in (chosen["thumbnail"]["url"], *(each["src"] for each in chosen["icon"])):
        assert (await client.get(url)).headers["content-type"] == "image/webp"

    for kind in ("thumbnail", "icon"):
        assert (await hardop("instance", "picture", kind)).code == 0
    after = (await client.get("/api/v2/instance")).json()
    assert (after["thumbnail"], after["icon"]) == (before["thumbnail"], before["icon"])


async def test_what_is_no_picture_is_refused(
    client: httpx.AsyncClient, hardop: Hardop, tmp_path: Path
) -> None:
    file = tmp_path / "a.txt"
    file.write_text("Not a picture")

    for name in (str(file), str(tmp_path / "nothing.png")):
        assert (await hardop("instance", "picture", "icon", name)).code != 0
