"""Networks from which less can be done, or nothing."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app import clock
from app.database import Database
from app.models.identity.users import Role
from app.settings import Settings
from app.workers import housekeeping
from tests.api.identity.people import bearer
from tests.api.identity.test_registrations import sign_up
from tests.api.moderation.people import audited, make_moderator
from tests.conftest import ORIGIN

pytestmark = pytest.mark.anyio

URL = "/api/v1/admin/ip_blocks"
ELSEWHERE = "203.0.113.9"


@pytest.fixture
async def headers(database: Database) -> dict[str, str]:
    _, headers = await make_moderator(database, Role.ADMIN)
    return headers


@pytest.fixture
async def elsewhere(app: FastAPI, client: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """A client in a network that is blocked in these tests."""
    transport = httpx.ASGITransport(app=app, client=(ELSEWHERE, 50_000))
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as other:
        yield other
    app.state.services.networks.forget()


async def block(
    client: httpx.AsyncClient, headers: dict[str, str], ip: str, severity: str, **options: Any
) -> dict[str, Any]:
    sent = {"ip": ip, "severity": severity, **options}
    response = await client.post(URL, headers=headers, json=sent)
    assert response.status_code == 200, response.text
    made: dict[str, Any] = response.json()
    return made


async def test_a_block_comes_changes_and_goes(
    client: httpx.AsyncClient, database: Database, headers: dict[str, str]
) -> None:
    made = await block(client, headers, "203.0.113.77/24", "sign_up_block", comment="Robots")

    assert (made["ip"], made["severity"]) == ("203.0.113.0/24", "sign_up_block")
    assert (made["comment"], made["expires_at"]) == ("Robots", None)
    one = f"{URL}/{made['id']}"
    assert (await client.get(one, headers=headers)).json() == made
    assert (await client.get(URL, headers=headers)).json() == [made]

    for sent, changed in (
        ({"comment": "Known robots"}, {"comment": "Known robots"}),
        ({"ip": "2001:db8::/32"}, {"ip": "2001:db8::/32"}),
        ({"severity": "no_access"}, {"severity": "no_access"}),
    ):
        made |= changed
        assert (await client.put(one, headers=headers, json=sent)).json() == made
    ends = (await client.put(one, headers=headers, data={"expires_in": "3600"})).json()
    assert ends["expires_at"] is not None
    assert (await client.put(one, headers=headers, json={"comment": "x"})).json()["expires_at"]
    never = await client.put(one, headers=headers, json={"expires_in": None})
    assert never.json()["expires_at"] is None

    assert (await client.delete(one, headers=headers)).json() == {}

    for method in ("GET", "PUT", "DELETE"):
        assert (await client.request(method, one, headers=headers)).status_code == 404
    actions = [action for action, _, _ in await audited(database)]
    assert actions == ["create", *["update"] * 6, "destroy"]


@pytest.mark.parametrize(
    ("sent", "status", "error"),
    [
        ({"ip": "nowhere"}, 422, "Validation failed: Ip is not a valid IP address"),
        ({"ip": "10.0.0.0/99"}, 422, "Validation failed: Ip is not a valid IP address"),
        ({"ip": ""}, 400, "param is missing or the value is empty: ip"),
        ({"severity": "a little"}, 400, None),
        ({"comment": "x" * 1001}, 422, None),
        ({"expires_in": -1}, 422, None),
        # Or the administrator could not take it back.
        (
            {"ip": "127.0.0.0/8", "severity": "no_access"},
            422,
            "Validation failed: Ip is where you are yourself",
        ),
    ],
)
async def test_what_is_wrong_is_refused(
    client: httpx.AsyncClient,
    headers: dict[str, str],
    sent: dict[str, Any],
    status: int,
    error: str | None,
) -> None:
    good = {"ip": "198.51.100.1", "severity": "sign_up_block"}
    made = await block(client, headers, "192.0.2.0/24", "sign_up_block")

    for response in (
        await client.post(URL, headers=headers, json={**good, **sent}),
        await client.put(f"{URL}/{made['id']}", headers=headers, json=sent),
    ):
        if response.request.method == "POST" or "" not in sent.values():
            assert response.status_code == status, response.text
            assert error in (None, response.json()["error"])
    assert len((await client.get(URL, headers=headers)).json()) == 1


async def test_a_network_is_blocked_once(
    client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    await block(client, headers, "203.0.113.0/24", "sign_up_block")
    other = await block(client, headers, "198.51.100.1", "sign_up_block")
    taken = {"ip": "203.0.113.1/24", "severity": "no_access"}

    for response in (
        await client.post(URL, headers=headers, json=taken),
        await client.put(f"{URL}/{other['id']}", headers=headers, json=taken),
    ):
        assert response.json()["error"] == "Validation failed: Ip has already been taken"


async def test_nobody_signs_up_from_there(
    client: httpx.AsyncClient,
    elsewhere: httpx.AsyncClient,
    database: Database,
    headers: dict[str, str],
    settings: Settings,
) -> None:
    await block(client, headers, "203.0.113.0/24", "sign_up_requires_approval")
    waits = await sign_up(elsewhere)
    home = await elsewhere.get(
        "/api/v1/timelines/home", headers=bearer(waits.json()["access_token"])
    )
    assert home.json()["error"] == "Your login is currently pending approval"

    # The worst of it counts.
    stricter = await block(client, headers, ELSEWHERE, "sign_up_block")
    refused = await sign_up(elsewhere, username="bob", email="bob@example.org")
    assert (refused.status_code, refused.json()["error"]) == (403, "This action is not allowed")
    assert (await elsewhere.get("/api/v2/instance")).status_code == 200

    over = {"expires_in": 1}
    with clock.at(clock.now() - timedelta(hours=1)):
        await client.put(f"{URL}/{stricter['id']}", headers=headers, json=over)
    assert (await sign_up(elsewhere, username="bob", email="b@example.org")).status_code == 200
    await housekeeping.sweep(database, settings=settings)
    assert len((await client.get(URL, headers=headers)).json()) == 1


async def test_nothing_is_done_from_there(
    client: httpx.AsyncClient,
    elsewhere: httpx.AsyncClient,
    headers: dict[str, str],
) -> None:
    made = await block(client, headers, "::ffff:203.0.113.0/120", "no_access")
    made = (
        await client.put(f"{URL}/{made['id']}", headers=headers, json={"ip": "203.0.113.0/24"})
    ).json()

    for path in ("/api/v2/instance", "/api/v1/timelines/public", "/auth/sign_in"):
        assert (await elsewhere.get(path)).status_code == 403
        assert (await client.get(path)).status_code == 200
    assert (await elsewhere.get("/livez")).status_code == 200

    await client.delete(f"{URL}/{made['id']}", headers=headers)
    assert (await elsewhere.get("/api/v2/instance")).status_code == 200


@pytest.mark.parametrize("peer", [("testclient", 1), ("::ffff:127.0.0.1", 1), None])
async def test_who_comes_from_nowhere_known_is_let_in(
    app: FastAPI, client: httpx.AsyncClient, headers: dict[str, str], peer: Any
) -> None:
    await block(client, headers, "203.0.113.0/24", "no_access")
    transport = httpx.ASGITransport(app=app, client=peer)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as other:
        assert (await other.get("/api/v2/instance")).status_code == 200
        assert (await sign_up(other)).status_code == 200
    app.state.services.networks.forget()
