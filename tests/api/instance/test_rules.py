"""The rules of the house."""

import httpx
import pytest

from app.database import Database
from app.domain.moderation import audit
from app.settings import Settings
from tests.cli.commands import Hardop, make_hardop

pytestmark = pytest.mark.anyio

URL = "/api/v1/instance/rules"


@pytest.fixture
def hardop(settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch) -> Hardop:
    return make_hardop(settings, monkeypatch)


async def added(hardop: Hardop, *arguments: str) -> str:
    done = await hardop("instance", "rule", "add", *arguments)
    assert done.code == 0, done.err
    return done.out.removeprefix("Added rule ").strip(" .\n")


async def test_rules_are_made_changed_and_retired(
    client: httpx.AsyncClient, database: Database, hardop: Hardop
) -> None:
    first = await added(hardop, "Be kind", "--hint", "Also to yourself")
    second = await added(hardop, "Ask first")

    shown = (await client.get(URL)).json()
    assert shown == [
        {"id": first, "text": "Be kind", "hint": "Also to yourself", "translations": {}},
        {"id": second, "text": "Ask first", "hint": "", "translations": {}},
    ]
    for version in ("v1", "v2"):
        assert (await client.get(f"/api/{version}/instance")).json()["rules"] == shown
    listed = await hardop("instance", "rule", "list")
    assert listed.out == f"{first}  Be kind  (Also to yourself)\n{second}  Ask first\n"

    await hardop("instance", "rule", "change", first, "--text", "Be kinder")
    await hardop("instance", "rule", "change", first, "--hint", "")
    await hardop("instance", "rule", "remove", second)

    (left,) = (await client.get(URL)).json()
    assert (left["id"], left["text"], left["hint"]) == (first, "Be kinder", "")
    assert await audit.verify(database) != (0, audit.BEGINNING)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("add", " "), "Text can't be blank"),
        (("add", "x" * 1001), "Text is too long (maximum is 1000 characters)"),
        (("change", "1", "--text", "x"), "Record not found"),
        (("remove", "1"), "Record not found"),
    ],
)
async def test_what_cannot_be_is_one_line(
    client: httpx.AsyncClient, hardop: Hardop, arguments: tuple[str, ...], message: str
) -> None:
    done = await hardop("instance", "rule", *arguments)

    assert done.code == 1
    assert message in done.err
    assert (await client.get(URL)).json() == []


async def test_a_retired_rule_is_not_there(hardop: Hardop) -> None:
    rule = await added(hardop, "Be kind")
    await hardop("instance", "rule", "remove", rule)

    done = await hardop("instance", "rule", "remove", rule)

    assert done.code == 1
