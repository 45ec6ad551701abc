"""`hardop token`, `hardop app` and `hardop keys`."""

import httpx
import pytest

from app.database import Database
from app.domain.identity import secrecy
from app.domain.identity.tokens import Caller
from app.domain.notifications import push_subscriptions, vapid_keys
from app.domain.notifications.push_subscriptions import Receiver, Wishes
from app.settings import Settings
from tests.api.identity.people import (
    App,
    bearer,
    get_code,
    get_tokens,
    keys,
    log_in,
    make_person,
    redeem,
    refresh,
    register,
)
from tests.api.notifications.push_services import Application, unpadded
from tests.cli.commands import Hardop, make_hardop
from tests.factories import make_account, make_token

pytestmark = pytest.mark.anyio

WHO = "/api/v1/apps/verify_credentials"
VALUE = "__A_SUITE_S_ACCESS_TOKEN"


@pytest.fixture
def hardop(settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch) -> Hardop:
    return make_hardop(settings, monkeypatch)


async def test_a_token_and_nothing_else_is_printed(
    client: httpx.AsyncClient, hardop: Hardop, database: Database
) -> None:
    await make_account(database, "ada")

    done = await hardop("token", "create", "ada", "--scopes", "read write follow")

    assert (done.code, done.err) == (0, "")
    token = done.out.removesuffix("\n")
    assert token.startswith("hdp_at_")
    assert not token.split()[1:]
    shown = await client.get(WHO, headers=bearer(token))
    assert shown.json()["name"] == "Hardop command line"
    home = await client.get("/api/v1/timelines/home", headers=bearer(token))
    assert home.status_code == 200


async def test_a_suite_may_choose_the_value_and_do_it_again(
    client: httpx.AsyncClient, hardop: Hardop, database: Database
) -> None:
    await make_account(database, "ada")

    first = await hardop("token", "create", "ada", "--scopes", "profile", "--value", VALUE)
    narrow = await client.get("/api/v1/timelines/home", headers=bearer(VALUE))
    await database.fetch("UPDATE access_tokens SET revoked_at = now()")
    again = await hardop("token", "create", "ADA", "--scopes", "read", "--value", VALUE)
    client._transport.app.state.services.authenticator.forget()  # type: ignore[attr-defined]
    wide = await client.get("/api/v1/timelines/home", headers=bearer(VALUE))

    assert first.out == again.out == VALUE + "\n"
    assert narrow.status_code == 403
    assert wide.status_code == 200
    assert len(await database.fetch("SELECT 1 FROM access_tokens")) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nobody",), "There is no login for nobody"),
        (("ada", "--scopes", "read rule"), "There is no scope rule"),
        (("ada", "--value", "short"), "8 or more visible characters"),
        (("ada", "--value", "looks.like.jwt"), "not two dots"),
        (("bob", "--value", VALUE), "This value is the token of somebody else"),
        (("ada", "--app", "unknown"), "no application with the client id unknown"),
    ],
)
async def test_what_cannot_be_is_one_line(
    hardop: Hardop, database: Database, arguments: tuple[str, ...], message: str
) -> None:
    await make_account(database, "ada")
    await make_account(database, "bob")
    await hardop("token", "create", "ada", "--value", VALUE)

    done = await hardop("token", "create", *arguments)

    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("hardop: ")
    assert message in done.err


async def test_an_application_is_registered_and_used(
    client: httpx.AsyncClient, hardop: Hardop, database: Database
) -> None:
    await make_person(database, "ada")

    done = await hardop(
        *("app", "create", "Intranet", "--redirect-uri", "https://a.example.org/"),
        *("--redirect-uri", "https://b.example.org/", "--scopes", "read write"),
    )

    shown = dict(line.split(": ") for line in done.out.splitlines())
    app = App("", shown["client_id"], shown["client_secret"], "https://b.example.org/")
    await log_in(client, "ada")
    assert (await get_tokens(client, app))["scope"] == "read write"


async def test_a_suite_may_choose_its_credentials_and_do_it_again(
    client: httpx.AsyncClient, hardop: Hardop, database: Database
) -> None:
    await make_account(database, "ada")
    chosen = ("--client-id", "suite", "--client-secret", "a secret of its own")
    command = ("app", "create", "Suite", "--redirect-uri", "urn:ietf:wg:oauth:2.0:oob", *chosen)

    first = await hardop(*command)
    again = await hardop(*command, "--scopes", "read write")
    await hardop("token", "create", "ada", "--value", VALUE, "--app", "suite")

    assert first.out == again.out == "client_id: suite\nclient_secret: a secret of its own\n"
    shown = await client.get(WHO, headers=bearer(VALUE))
    assert shown.json()["name"] == "Suite"
    assert shown.json()["scopes"] == ["read", "write"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--client-id", "suite"), "together, or neither"),
        (("--client-id", "suite", "--client-secret", "short"), "at least 8"),
        (("--client-id", "suite", "--client-secret", "another secret"), "another secret"),
        (("--scopes", "rule"), "Scopes"),
        (("--redirect-uri", "javascript:x"), "Redirect URI"),
    ],
)
async def test_what_no_application_can_have_is_one_line(
    hardop: Hardop, arguments: tuple[str, ...], message: str
) -> None:
    command = ("app", "create", "Suite", "--redirect-uri", "https://a.example.org/")
    await hardop(*command, "--client-id", "suite", "--client-secret", "its first secret")

    done = await hardop(*command, *arguments)

    assert (done.code, done.out) == (1, "")
    assert message in done.err


async def test_a_deleted_application_takes_its_tokens_along(
    client: httpx.AsyncClient, hardop: Hardop, database: Database
) -> None:
    """OA-19: reference tokens, refresh tokens, JWTs and codes."""
    await make_person(database, "ada")
    app = await register(client, grant_types=["refresh_token"])
    await log_in(client, "ada")
    pair = await get_tokens(client, app)
    code = await get_code(client, app)
    own = await client.post(
        "/oauth/token", data={"grant_type": "client_credentials", **app.secrets}
    )

    done = await hardop("app", "delete", app.client_id)
    again = await hardop("app", "delete", app.client_id)

    assert (done.code, done.out) == (0, "Deleted Test client.\n")
    assert again.err == f"hardop: There is no application with the client id {app.client_id}"
    for token in (pair["access_token"], own.json()["access_token"]):
        assert (await client.get(WHO, headers=bearer(token))).status_code == 401
    refreshed = await refresh(client, app, pair["refresh_token"])
    assert refreshed.json()["error"] == "invalid_client"
    assert (await redeem(client, app, code)).json()["error"] == "invalid_client"


async def test_keys_are_rotated(client: httpx.AsyncClient, hardop: Hardop) -> None:
    """OA-12."""
    (old,) = await keys(client)

    announced = await hardop("keys", "rotate")
    both = await keys(client)
    await hardop("keys", "rotate", "--now")
    (left,) = await keys(client)

    assert announced.out.startswith("The new key signs from 20")
    assert len(both) == 2
    assert left["kid"] not in {key["kid"] for key in both}
    assert old["kid"] in {key["kid"] for key in both}


async def test_push_goes_on_under_another_secret_key(
    settings: Settings, database: Database, hardop: Hardop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """OP-4."""
    before = settings.model_copy(update={"secret_key": "what the secret key was before this one"})
    public = await vapid_keys.public_key(database, before)
    ada = await make_account(database)
    await make_token(database, ada)
    [row] = await database.fetch("SELECT id FROM access_tokens")
    receiver = Application()
    await push_subscriptions.subscribe(
        database,
        before,
        Caller(account_id=ada.id, token_id=row["id"]),
        "the token",
        Receiver("https://push.example.org/", unpadded(receiver.point), unpadded(receiver.auth)),
        Wishes(),
    )
    monkeypatch.setenv("HARDOP_PREVIOUS_SECRET_KEY", before.secret_key or "")

    done = await hardop("keys", "rotate")

    assert done.code == 0, done.err
    assert (await vapid_keys.signer(database, settings)).public_key == public
    [kept] = await database.fetch("SELECT token FROM push_subscriptions")
    assert secrecy.decrypt(settings, push_subscriptions.PURPOSE, kept["token"]) == b"the token"
    await hardop("keys", "rotate", "--now")
    assert await database.fetch("SELECT FROM push_subscriptions") == []
    assert await database.fetch("SELECT FROM vapid_keys") == []


async def test_the_password_of_a_client_is_never_kept(
    client: httpx.AsyncClient, hardop: Hardop, database: Database
) -> None:
    """OA-8."""
    await register(client)
    await hardop(
        *("app", "create", "Suite", "--redirect-uri", "https://a.example.org/"),
        *("--client-id", "suite", "--client-secret", "its first secret"),
    )

    rows = await database.fetch("SELECT a::text AS row FROM applications a")

    assert len(rows) == 2
    assert "its first secret" not in "".join(row["row"] for row in rows)


async def test_what_lets_people_in_is_written_down(hardop: Hardop, database: Database) -> None:
    """AU-2: whoever has a token for somebody is that person."""
    ada = await make_account(database, "ada")
    await hardop("token", "create", "ada", "--scopes", "read")
    made = await hardop("app", "create", "Suite", "--redirect-uri", "https://a.example.org/")
    await hardop("app", "delete", made.out.split()[1])
    await hardop("keys", "rotate", "--now")

    rows = await database.fetch(
        "SELECT actor_kind, action, object_type, details->>'account_id' "
        "FROM audit_entries ORDER BY position"
    )
    assert [tuple(row) for row in rows] == [
        ("command", "create", "access_token", str(ada.id)),
        ("command", "create", "application", None),
        ("command", "delete", "application", None),
        ("command", "rotate", "signing_key", None),
    ]
