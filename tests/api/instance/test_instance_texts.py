"""What this server says of itself at length."""

from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from app import clock
from app.database import Database
from app.settings import Settings
from tests.cli.commands import Hardop, make_hardop

pytestmark = pytest.mark.anyio

URL = "/api/v1/instance"


@pytest.fixture
def hardop(settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch) -> Hardop:
    return make_hardop(settings, monkeypatch)


@pytest.mark.parametrize("kind", ["extended_description", "privacy_policy"])
async def test_a_text_is_published_replaced_and_withdrawn(
    client: httpx.AsyncClient, database: Database, hardop: Hardop, tmp_path: Path, kind: str
) -> None:
    plain, html, nothing = tmp_path / "a.txt", tmp_path / "a.html", tmp_path / "none"
    plain.write_text("We keep <nothing>.\n\nTruly: https://example.org/")
    html.write_text("<h2>Truly</h2><script>alert(1)</script><p>We keep nothing.</p>")
    nothing.write_text("\n")

    assert (await hardop("instance", "text", kind, str(plain))).code == 0
    shown = (await client.get(f"{URL}/{kind}")).json()
    assert shown["content"].startswith("<p>We keep &lt;nothing&gt;.</p><p>Truly: <a href=")
    assert shown["updated_at"].endswith("Z")

    assert (await hardop("instance", "text", kind, str(html))).code == 0
    shown = (await client.get(f"{URL}/{kind}")).json()
    assert shown["content"] == "<p><strong>Truly</strong></p><p>We keep nothing.</p>"

    assert (await hardop("instance", "text", kind, str(nothing))).code == 0
    assert (await client.get(f"{URL}/{kind}")).json() == {"updated_at": None, "content": ""}


async def test_terms_follow_each_other(
    client: httpx.AsyncClient, database: Database, hardop: Hardop, tmp_path: Path
) -> None:
    today = clock.now().date()
    earlier, later = today - timedelta(days=9), today + timedelta(days=9)
    assert (await client.get(f"{URL}/terms_of_service")).status_code == 404
    file = tmp_path / "terms"
    for day in (later, earlier):
        file.write_text(f"From {day}")
        done = await hardop(
            "instance", "text", "terms_of_service", str(file), "--effective", str(day)
        )
        assert done.out == f"Published the terms of service, valid from {day}.\n"

    assert (await client.get(f"{URL}/terms_of_service")).json() == {
        "effective_date": str(earlier),
        "effective": True,
        "content": f"<p>From {earlier}</p>",
        "succeeded_by": str(later),
    }
    assert (await client.get(f"{URL}/terms_of_service/{later}")).json() == {
        "effective_date": str(later),
        "effective": False,
        "content": f"<p>From {later}</p>",
    }
    for nothing in (today, "soon"):
        assert (await client.get(f"{URL}/terms_of_service/{nothing}")).status_code == 404


async def test_the_input_can_be_the_text(client: httpx.AsyncClient, hardop: Hardop) -> None:
    # Nothing comes in here: that withdraws.
    done = await hardop("instance", "text", "privacy_policy", "-")

    assert done.out == "There is no privacy policy any more.\n"


async def test_a_file_that_cannot_be_read_is_one_line(hardop: Hardop, tmp_path: Path) -> None:
    done = await hardop("instance", "text", "privacy_policy", str(tmp_path / "nowhere"))

    assert done.code == 1
    assert "Cannot read" in done.err
