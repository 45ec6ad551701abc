"""What every path knows: HT-1, and the traps 1 and 2 of the client API."""

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.routing import Mount

from app import access, rate_classes, routing
from app.route import HardopRoute
from app.settings import Settings
from tests.edge_app import make_app
from tests.raw_requests import send

pytestmark = pytest.mark.anyio


async def test_trap_1_put_and_patch_are_one(settings: Settings) -> None:
    app = make_app(settings)

    for method in ("PUT", "PATCH"):
        answer = await send(app, method, "/api/v1/things/7")
        assert (answer.status, answer.json) == (200, {"put": "7"})


async def test_trap_2_a_trailing_slash_is_no_redirect(settings: Settings) -> None:
    app = make_app(settings)

    for path in ("/api/v1/plain/", "/api/v1/things/7/", "/api/v1/things/lookup/"):
        assert (await send(app, "GET", path)).status == 200
    assert (await send(app, "GET", "/api/v1/plain//")).status == 404


async def test_a_written_segment_beats_a_parameter(settings: Settings) -> None:
    app = make_app(settings)

    assert (await send(app, "GET", "/api/v1/things/lookup")).json == {"looked": "up"}
    assert (await send(app, "GET", "/api/v1/things/lookups")).json == {"got": "lookups"}
    # Nothing but GET is written there, so that nothing else may be done there.
    assert (await send(app, "PUT", "/api/v1/things/lookup")).status == 405


async def test_ht1_head_is_get_without_its_body(settings: Settings) -> None:
    app = make_app(settings)

    for path in ("/api/v1/plain", "/api/v1/things/7", "/feeds/all.atom"):
        got, head = await send(app, "GET", path), await send(app, "HEAD", path)
        assert (head.status, head.body) == (200, b"")
        assert head.headers["content-length"] == str(len(got.body))


@pytest.mark.parametrize("method", ["DELETE", "TRACE", "CONNECT", "BREW"])
async def test_ht1_other_methods_are_told_which(settings: Settings, method: str) -> None:
    answer = await send(make_app(settings), method, "/api/v1/things/7")

    assert answer.status == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS, PATCH, PUT"
    assert answer.json["error"] == "Method not allowed"


async def test_ht1_method_override_is_ignored(settings: Settings) -> None:
    answer = await send(
        make_app(settings),
        "POST",
        "/api/v1/things/7",
        headers=[("X-HTTP-Method-Override", "PUT"), ("X-HTTP-Method", "PUT")],
    )

    assert answer.status == 405


async def test_options_names_the_methods(settings: Settings) -> None:
    answer = await send(make_app(settings), "OPTIONS", "/api/v1/plain/")

    assert (answer.status, answer.headers["allow"]) == (204, "GET, HEAD, OPTIONS, POST")


async def test_unknown_paths_are_not_found(settings: Settings) -> None:
    app = make_app(settings)

    for path in ("/", "/api/v1", "/api/v1/things//7", "/api/v1/things/", "/API/v1/plain", "x"):
        answer = await send(app, "GET", path)
        assert (answer.status, answer.json["error"]) == (404, "Record not found")
    assert (await send(app, "POST", "/feeds/all.atom")).status == 405


def _two_of_a_kind() -> APIRouter:
    router = APIRouter()
    router.add_api_route("/same/{one}", lambda one: one, methods=["GET"])
    router.add_api_route("/same/{other}", lambda other: other, methods=["GET"])
    return router


def test_two_routes_of_one_path_do_not_start() -> None:
    with pytest.raises(TypeError, match=r"Two routes answer GET /same/\{one\}"):
        routing.install(FastAPI(), [_two_of_a_kind()])


def test_az1_a_route_without_a_declaration_does_not_start() -> None:
    router = APIRouter(route_class=HardopRoute)

    with pytest.raises(TypeError, match="declares no access"):
        router.add_api_route("/open", _endpoint)


def test_a_route_with_an_unknown_rate_does_not_start() -> None:
    router = APIRouter(route_class=HardopRoute)
    router.add_api_route("/fast", access.public(rate="as-you-like")(_endpoint))

    with pytest.raises(TypeError, match="as-you-like"):
        rate_classes.check(router.routes[0])


async def _endpoint() -> None:
    """Do nothing."""


async def test_mounted_files_are_served(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("files")
    (folder / "a.txt").write_text("hello")
    app = FastAPI()
    app.router.routes.append(Mount("/files", StaticFiles(directory=folder)))
    routing.install(app, [])

    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="http://x"
    ) as client:
        assert (await client.get("/files/a.txt")).text == "hello"
        assert (await client.head("/files/a.txt")).headers["content-length"] == "5"
