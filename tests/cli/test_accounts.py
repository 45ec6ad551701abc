"""`hardop account`."""

import re

import httpx
import pytest

from app.database import Database
from app.settings import Settings
from tests.api.identity.people import bearer, fields, get_tokens, log_in, make_person, register
from tests.cli.commands import Hardop, make_hardop
from tests.factories import make_account

pytestmark = pytest.mark.anyio

WHO = "/api/v1/apps/verify_credentials"


@pytest.fixture
def hardop(settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch) -> Hardop:
    return make_hardop(settings, monkeypatch)


async def test_a_person_is_made_and_can_log_in(client: httpx.AsyncClient, hardop: Hardop) -> None:
    done = await hardop(
        *("account", "create", "ada", "--email", "ada@example.org"),
        *("--password", "secret password", "--display-name", "Ada", "--role", "moderator"),
    )

    assert (done.code, done.out, done.err) == (0, "Created ada (moderator).\n", "")
    assert (await log_in(client, "ada", "secret password")).status_code == 303


async def test_where_nobody_can_be_asked_a_password_is_made(
    client: httpx.AsyncClient, hardop: Hardop
) -> None:
    done = await hardop("account", "create", "ada", "--email", "ada@example.org")

    assert done.code == 0
    (password,) = re.findall(r"^Password: (\S{20})$", done.out, re.MULTILINE)
    assert (await log_in(client, "ada", password)).status_code == 303


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("bob", "--email", "ada@example.org"), "Email has already been taken"),
        (("ADA", "--email", "other@example.org"), "Username has already been taken"),
        (("a b", "--email", "other@example.org"), "Username must contain only"),
        (("bob", "--email", "nobody"), "Email is not a valid"),
        (("bob", "--email", "b@example.org", "--password", "short"), "Password is too short"),
    ],
)
async def test_what_cannot_be_is_one_line_and_nothing_is_half_done(
    hardop: Hardop, database: Database, arguments: tuple[str, ...], message: str
) -> None:
    await make_account(database, "ada")

    done = await hardop("account", "create", *arguments)

    assert done.code == 1
    assert done.out == ""
    assert done.err.startswith("hardop: ")
    assert message in done.err
    assert "\n" not in done.err
    rows = await database.fetch("SELECT username FROM accounts")
    assert [row["username"] for row in rows] == ["ada"]
    assert await database.fetch("SELECT 1 FROM events") == []


async def test_an_account_is_changed(hardop: Hardop, database: Database) -> None:
    ada = await make_account(database, "ada")

    done = await hardop(
        *("account", "modify", "ada", "--email", "new@example.org"),
        *("--display-name", "Ada L.", "--role", "admin"),
    )

    assert (done.code, done.out) == (0, "Changed ada.\n")
    rows = await database.fetch(
        "SELECT u.email, u.role, u.confirmed_at, a.display_name, a.version "
        "FROM users u JOIN accounts a ON a.id = u.account_id"
    )
    (row,) = rows
    assert (row["email"], row["role"], row["display_name"]) == (
        "new@example.org",
        "admin",
        "Ada L.",
    )
    assert row["confirmed_at"] is not None
    assert row["version"] > ada.version
    await hardop("account", "modify", "ada", "--display-name", "Ada L.")
    assert len(await database.fetch("SELECT FROM events WHERE name = 'account.updated'")) == 1


@pytest.mark.parametrize(
    "command", [("modify", "ada"), ("create", "bob", "--email", "bob@example.org")]
)
async def test_names_follow_the_rules_of_profiles(
    hardop: Hardop, database: Database, command: tuple[str, ...]
) -> None:
    """IN-4."""
    await make_account(database, "ada")

    done = await hardop("account", *command, "--display-name", "x" * 31)

    assert done.code == 1
    assert "Display name is too long (maximum is 30 characters)" in done.err
    assert len(await database.fetch("SELECT FROM accounts")) == 1


@pytest.mark.parametrize(
    ("command", "ended"),
    [
        (("modify", "ada", "--role", "member"), True),
        (("modify", "ada", "--role", "admin"), False),
        (("disable", "ada"), True),
        (("password", "ada", "--password", "another password"), True),
        (("password", "ada"), False),
        (("confirm", "ada"), False),
    ],
)
async def test_what_takes_rights_away_ends_the_tokens(
    client: httpx.AsyncClient,
    hardop: Hardop,
    database: Database,
    settings: Settings,
    command: tuple[str, ...],
    ended: bool,
) -> None:
    """OA-19."""
    await make_person(database, "ada", role="moderator")
    app = await register(client)
    await log_in(client, "ada")
    token = (await get_tokens(client, app))["access_token"]

    done = await hardop("account", *command)

    assert done.code == 0
    assert (await client.get(WHO, headers=bearer(token))).status_code == (401 if ended else 200)
    logged_in = (await client.get("/auth/password")).status_code == 200
    assert logged_in is not ended


async def test_a_disabled_login_is_enabled_again(
    client: httpx.AsyncClient, hardop: Hardop, database: Database
) -> None:
    await make_person(database, "ada")

    await hardop("account", "disable", "ada")
    barred = await log_in(client, "ada")
    await hardop("account", "enable", "ada")

    assert barred.status_code == 422
    assert (await log_in(client, "ada")).status_code == 303


async def test_who_waits_is_confirmed_and_approved(
    client: httpx.AsyncClient, hardop: Hardop, database: Database
) -> None:
    await make_person(database, "ada", confirmed_at=None, approved=False)

    assert (await log_in(client, "ada")).status_code == 403
    assert (await hardop("account", "confirm", "ada")).out == "Confirmed ada.\n"
    assert (await log_in(client, "ada")).status_code == 403
    assert (await hardop("account", "approve", "ada")).out == "Approved ada.\n"
    assert (await log_in(client, "ada")).status_code == 303


async def test_links_are_handed_over(
    client: httpx.AsyncClient, hardop: Hardop, database: Database
) -> None:
    """LG-11: the administrator need not know the password."""
    await make_person(database, "ada", confirmed_at=None)

    confirm = (await hardop("account", "confirm", "ada", "--link")).out.strip()
    password = (await hardop("account", "password", "ada")).out.strip()

    page = await client.get(confirm)
    assert (await client.post("/auth/confirmation", data=fields(page))).status_code == 200
    page = await client.get(password)
    chosen = {**fields(page), "new_password": "my own choice"}
    assert (await client.post("/auth/password/new", data=chosen)).status_code == 200
    client.cookies.clear()
    assert (await log_in(client, "ada", "my own choice")).status_code == 303


async def test_nobody_of_this_name_is_one_line(hardop: Hardop) -> None:
    for command in ("approve", "confirm", "disable", "enable", "modify", "password"):
        done = await hardop("account", command, "nobody")
        assert (done.code, done.out, done.err) == (1, "", "hardop: There is no login for nobody")


async def test_what_is_done_by_command_is_written_down(hardop: Hardop, database: Database) -> None:
    """AU-2: and what failed was not done."""
    await make_account(database, "ada")
    for command in (
        ("create", "bob", "--email", "bob@example.org"),
        ("create", "ada", "--email", "other@example.org"),
        ("modify", "ada", "--role", "moderator", "--display-name", "Ada"),
        ("approve", "ada"),
        ("confirm", "ada"),
        ("disable", "ada"),
        ("enable", "ada"),
        ("password", "ada"),
    ):
        await hardop("account", *command)

    rows = await database.fetch("SELECT action, actor_kind FROM audit_entries ORDER BY position")
    assert {row["actor_kind"] for row in rows} == {"command"}
    assert [row["action"] for row in rows] == [
        "create",
        "change_role",
        "update",
        "approve",
        "confirm",
        "disable",
        "enable",
        "reset_password",
    ]


async def test_where_somebody_works_is_on_their_profile(
    client: httpx.AsyncClient, hardop: Hardop, database: Database
) -> None:
    await make_account(database, "bob")
    done = await hardop(
        *("account", "create", "ada", "--email", "ada@example.org", "--unit", "Pumps"),
        *("--location", "Almere", "--manager", "bob"),
    )
    assert done.code == 0, done.err

    async def fields_of_ada() -> list[tuple[str, str]]:
        found = (await client.get("/api/v1/accounts/lookup", params={"acct": "ada"})).json()
        return [(field["name"], field["value"]) for field in found["fields"]]

    assert await fields_of_ada() == [("Unit", "Pumps"), ("Location", "Almere")]
    (row,) = await database.fetch(
        "SELECT m.username FROM accounts a JOIN accounts m ON m.id = a.manager_id"
    )
    assert row["username"] == "bob"

    done = await hardop("account", "modify", "ada", "--unit", "Dikes", "--location", "")
    assert done.code == 0, done.err
    assert await fields_of_ada() == [("Unit", "Dikes")]
    assert (await hardop("account", "modify", "ada", "--manager", "")).code == 0
    assert not await database.fetch("SELECT FROM accounts WHERE manager_id IS NOT NULL")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--manager", "zoe"), "Nobody is called zoe"),
        (("--manager", "ADA"), "Nobody is their own manager"),
        (("--unit", "x" * 256), "255 characters at most"),
    ],
)
async def test_a_workplace_that_cannot_be(
    hardop: Hardop, database: Database, arguments: tuple[str, str], message: str
) -> None:
    await make_account(database, "ada")

    done = await hardop("account", "modify", "ada", *arguments)

    assert done.code == 1
    assert message in done.err
