"""What every request and every response have in common: HT-1 to HT-12, IN-1, ER-6, RL-4."""

import asyncio
import re
from collections.abc import MutableMapping
from typing import Any

import pytest

from app.edge import middleware
from app.errors import CannotStart
from app.load import Load
from app.settings import Settings, load
from tests import edge_app
from tests.edge_app import make_app
from tests.raw_requests import send

pytestmark = pytest.mark.anyio

ORIGIN = ("Origin", "https://front.example")
BROWSER = ("Accept", "text/html,application/xhtml+xml")


async def test_ht5_security_headers_on_every_response(settings: Settings) -> None:
    app = make_app(settings)

    for path in ("/api/v1/plain", "/api/v1/nothing", "/api/v1/broken", "/page"):
        answer = await send(app, "GET", path)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert re.fullmatch(r"[\w.-]{8,}", answer.headers["x-request-id"])
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "server" not in answer.headers
        assert "strict-transport-security" not in answer.headers


async def test_ht5_api_and_pages_differ(settings: Settings) -> None:
    app = make_app(settings)

    api = await send(app, "GET", "/api/v1/plain")
    page = await send(app, "GET", "/page")

    assert api.headers["referrer-policy"] == "no-referrer"
    assert api.headers["cross-origin-resource-policy"] == "cross-origin"
    assert api.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert page.headers["referrer-policy"] == "same-origin"
    assert page.headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in page.headers


async def test_ht5_https_is_remembered(settings: Settings) -> None:
    app = make_app(settings, base_url="https://hardop.example")

    answer = await send(app, "GET", "/api/v1/plain")

    assert answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"


async def test_ht6_nothing_is_kept_unless_it_says_so(settings: Settings) -> None:
    app = make_app(settings)

    plain = await send(app, "GET", "/api/v1/plain")
    public = await send(app, "GET", "/api/v1/public")
    personal = await send(app, "GET", "/api/v1/public", headers=[("Authorization", "Bearer x")])

    assert plain.headers["cache-control"] == "private, no-store"
    assert plain.headers["vary"] == "Authorization, Accept, Origin"
    assert public.headers["cache-control"] == "public, max-age=60"
    assert public.headers["vary"] == "Authorization, Accept, Origin, Accept-Language"
    assert public.headers["x-content-type-options"] == "nosniff"
    assert personal.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("path", ["/api/v1/plain", "/api/v1/nothing", "/api/v1/broken"])
async def test_ht10_programs_of_any_origin_may_read(settings: Settings, path: str) -> None:
    answer = await send(make_app(settings), "GET", path, headers=[ORIGIN])

    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    exposed = answer.headers["access-control-expose-headers"].split(", ")
    assert {"Link", "X-RateLimit-Reset", "Retry-After", "X-Request-Id"} <= set(exposed)


@pytest.mark.parametrize(
    "path", ["/api/v1/plain", "/oauth/token", "/oauth/userinfo", "/.well-known/nodeinfo"]
)
async def test_ht10_preflight(settings: Settings, path: str) -> None:
    ask = [
        ORIGIN,
        ("Access-Control-Request-Method", "PATCH"),
        ("Access-Control-Request-Headers", "authorization, x-anything"),
    ]

    answer = await send(make_app(settings), "OPTIONS", path, headers=ask)

    assert answer.status == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "PATCH" in answer.headers["access-control-allow-methods"]
    assert answer.headers["access-control-allow-headers"] == "authorization, x-anything"
    assert answer.headers["access-control-max-age"] == "600"


async def test_ht10_never_on_the_pages_for_logging_in(settings: Settings) -> None:
    ask = [ORIGIN, ("Access-Control-Request-Method", "POST")]

    for path in ("/oauth/authorize", "/auth/sign_in", "/page"):
        answer = await send(make_app(settings), "OPTIONS", path, headers=ask)
        assert not [name for name in answer.headers if name.startswith("access-control")]


async def test_ht10_only_the_configured_origins(settings: Settings) -> None:
    app = make_app(settings, cors_origins=["https://front.example"])

    known = await send(app, "GET", "/api/v1/plain", headers=[ORIGIN])
    other = await send(app, "GET", "/api/v1/plain", headers=[("Origin", "https://evil.example")])

    assert known.headers["access-control-allow-origin"] == "https://front.example"
    assert "access-control-allow-origin" not in other.headers
    assert "Origin" in other.headers["vary"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [("a1b2c3d4-e5", True), ("short", False), ("x" * 129, False), ("evil\tstuff here", False)],
)
async def test_request_id_of_the_sender_if_sane(settings: Settings, sent: str, kept: bool) -> None:
    app = make_app(settings)

    answer = await send(app, "GET", "/api/v1/nothing", headers=[("X-Request-Id", sent)])

    assert (answer.headers["x-request-id"] == sent) is kept
    assert answer.json["instance"] == f"/requests/{answer.headers['x-request-id']}"


async def test_in1_limits(settings: Settings) -> None:
    app = make_app(settings)
    path = "/api/v1/plain"

    assert (await send(app, "GET", path, query=b"q=" + b"x" * 8192)).status == 414
    assert (await send(app, "GET", path, query=b"q=" + b"x" * 8000)).status == 200
    assert (await send(app, "GET", path, headers=[("X-Big", "x" * 16384)])).status == 431
    assert (await send(app, "GET", path, headers=[("X-Big", "x" * 16000)])).status == 200
    too_big = await send(app, "POST", path, content_type="application/json", body=b" " * 1048577)
    assert (too_big.status, too_big.headers["connection"]) == (413, "close")
    fits = await send(app, "POST", path, content_type="application/json", body=b" " * 1048576)
    assert fits.status == 200


@pytest.mark.parametrize(("encoding", "status"), [("gzip", 415), ("br", 415), ("identity", 200)])
async def test_ht2_no_compressed_bodies(settings: Settings, encoding: str, status: int) -> None:
    answer = await send(
        make_app(settings),
        "POST",
        "/api/v1/plain",
        body=b"{}",
        headers=[("Content-Encoding", encoding)],
    )

    assert answer.status == status


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "198.51.100.1, 203.0.113.9, 10.1.2.3", "203.0.113.9"),
        ("127.0.0.1", "203.0.113.9:4711", "203.0.113.9"),
        ("127.0.0.1", "[2001:db8::9]:4711", "2001:db8::9"),
        ("127.0.0.1", "10.0.0.1, 10.0.0.2", "10.0.0.1"),
        ("127.0.0.1", "203.0.113.9, nonsense, 10.1.2.3", "10.1.2.3"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("::ffff:127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("203.0.113.1", "198.51.100.1", "203.0.113.1"),
    ],
)
async def test_ht11_client_behind_trusted_proxies(
    settings: Settings, peer: str, forwarded: str, client: str
) -> None:
    proxies = edge_app.make_app(settings, trusted_proxies=["127.0.0.1", "10.0.0.0/8"])
    scope: dict[str, Any] = {
        "type": "http",
        "method": "GET",
        "path": "/api/v1/nothing",
        "raw_path": b"/api/v1/nothing",
        "query_string": b"",
        "headers": [(b"x-forwarded-for", forwarded.encode()), (b"x-real-ip", b"1.1.1.1")],
        "client": (peer, 1),
        "scheme": "http",
    }

    async def receive() -> dict[str, str]:
        return {"type": "http.disconnect"}

    async def ignore(_: MutableMapping[str, Any]) -> None:
        """The answer is of no interest."""

    await proxies(scope, receive, ignore)

    assert scope["client"][0] == client


async def test_ht11_nobody_is_trusted_by_default(settings: Settings) -> None:
    app = make_app(settings, base_url="https://hardop.example")

    answer = await send(app, "GET", "/api/v1/plain", headers=[("X-Forwarded-Proto", "http")])

    assert answer.status == 200


def test_ht11_a_wrong_network_does_not_start() -> None:
    with pytest.raises(CannotStart, match="HARDOP_TRUSTED_PROXIES"):
        load(trusted_proxies=["10.0.0.0/99"])


async def test_ht12_plain_http_is_refused_not_redirected(settings: Settings) -> None:
    app = make_app(settings, base_url="https://hardop.example", trusted_proxies=["127.0.0.1"])
    plain, safe = ("X-Forwarded-Proto", "http"), ("X-Forwarded-Proto", "https")

    assert (await send(app, "GET", "/api/v1/plain", headers=[plain, BROWSER])).status == 403
    assert (await send(app, "GET", "/api/v1/plain", headers=[safe])).status == 200
    page = await send(app, "GET", "/page", query=b"a=%20b", headers=[plain, BROWSER])
    assert (page.status, page.headers["location"]) == (308, "https://hardop.example/page?a=%20b")


async def test_ht12_other_hosts_are_misdirected(settings: Settings) -> None:
    app = make_app(settings, allowed_hosts=["hardop.example"])

    async def ask(host: str) -> int:
        return (await send(app, "GET", "/api/v1/plain", headers=[("Host", host)])).status

    assert await ask("hardop.example") == 200
    assert await ask("HARDOP.example:8443") == 200
    assert await ask("evil.example") == 421
    assert (await send(app, "GET", "/api/v1/plain")).status == 421


async def test_er6_the_last_resort_tells_only_its_request(settings: Settings) -> None:
    answer = await send(make_app(settings), "GET", "/api/v1/broken")

    assert answer.status == 500
    assert b"LookupError" not in answer.body
    assert answer.json["instance"] == f"/requests/{answer.headers['x-request-id']}"


async def test_rl4_what_cannot_be_answered_in_time_is_refused(settings: Settings) -> None:
    load = Load(1, max_wait_seconds=0.2)
    app = make_app(settings, load=load)
    edge_app.go_on = asyncio.Event()

    async def ask() -> tuple[int, str]:
        answer = await send(app, "GET", "/api/v1/slow")
        return answer.status, answer.headers.get("retry-after", "")

    first = asyncio.create_task(ask())
    await asyncio.sleep(0)
    # Nobody comes in by saying that it is an upload.
    parts = [("Content-Type", "multipart/form-data; boundary=edge")]
    assert (await send(app, "POST", "/api/v1/plain", headers=parts)).status == 503
    # Eight wait, the last two find no room.
    rest = await asyncio.gather(*(ask() for _ in range(10)))
    edge_app.go_on.set()

    assert [status for status, _ in rest] == [503] * 10
    assert all(1 <= int(retry_after) <= 30 for _, retry_after in rest)
    assert await first == (200, "")
    assert load.in_work == 0
    assert load.refused == 11


async def test_rl4_waiting_for_a_body_takes_no_place(settings: Settings) -> None:
    load = Load(1)
    app = make_app(settings, load=load)
    line = asyncio.Event()

    slow = asyncio.create_task(
        send(app, "POST", "/api/v1/plain", body=[b"x" * 700_000] * 2, line=line)
    )
    await asyncio.sleep(0)
    assert (await send(app, "GET", "/api/v1/plain")).status == 200
    assert not slow.done()
    line.set()

    assert (await slow).status == 200
    assert load.in_work == 0


async def test_rl4_a_body_that_does_not_come_is_not_waited_for(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(middleware, "BODY_SECONDS", 0.01)

    answer = await send(
        make_app(settings), "POST", "/api/v1/plain", body=b"x", line=asyncio.Event()
    )

    assert answer.status == 503


async def test_rl4_who_waits_is_answered(settings: Settings) -> None:
    load = Load(2)
    app = make_app(settings, load=load)
    edge_app.go_on = asyncio.Event()

    asked = [asyncio.create_task(send(app, "GET", "/api/v1/slow")) for _ in range(12)]
    for _ in range(20):
        await asyncio.sleep(0)
    assert load.in_work == 2
    edge_app.go_on.set()

    assert [answer.status for answer in await asyncio.gather(*asked)] == [200] * 12
    assert load.in_work == 0
