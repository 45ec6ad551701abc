"""An application with the real edge and the real route table around endpoints of a test's own."""

import asyncio

from fastapi import APIRouter, FastAPI, Response
from fastapi.responses import HTMLResponse

from app import access, edge, routing
from app.load import Load
from app.main import create_app
from app.route import HardopRoute
from app.settings import Settings

router = APIRouter(route_class=HardopRoute)


@router.get("/api/v1/plain")
@access.public(rate="none")
async def plain() -> dict[str, str]:
    """Answers."""
    return {"this": "works"}


@router.post("/api/v1/plain")
@access.public(rate="none")
async def create_plain() -> dict[str, str]:
    """Answers too."""
    return {"this": "works"}


@router.put("/api/v1/things/{thing_id}")
@access.public(rate="none")
async def update_thing(thing_id: str) -> dict[str, str]:
    """Says which thing it was."""
    return {"put": thing_id}


@router.get("/api/v1/things/lookup")
@access.public(rate="none")
async def look_up_thing() -> dict[str, str]:
    """Stands where an id could."""
    return {"looked": "up"}


@router.get("/api/v1/things/{name}")
@access.public(rate="none")
async def thing(name: str) -> dict[str, str]:
    """Has a name of its own for the parameter."""
    return {"got": name}


@router.get("/feeds/{name}.atom")
@access.public(rate="none")
async def feed(name: str) -> dict[str, str]:
    """Its template is more than whole segments."""
    return {"feed": name}


@router.get("/api/v1/public")
@access.public(rate="none")
async def public() -> Response:
    """May be kept by anybody."""
    return Response(
        b"{}", headers={"Cache-Control": "public, max-age=60", "Vary": "Accept-Language"}
    )


@router.get("/page")
@access.public(rate="none")
async def page() -> Response:
    """Is for people."""
    return HTMLResponse("<p>Hello</p>")


@router.get("/api/v1/broken")
@access.public(rate="none")
async def broken() -> Response:
    """Breaks before the route's own error handling is over."""
    return _Broken()


@router.get("/api/v1/slow")
@access.public(rate="none")
async def slow() -> dict[str, str]:
    """Answers when it is told to."""
    await go_on.wait()
    return {}


go_on = asyncio.Event()


class _Broken(Response):
    async def __call__(self, *_: object) -> None:
        raise LookupError("the secret of LookupError")


def make_app(settings: Settings, *, load: Load | None = None, **changes: object) -> FastAPI:
    """The application, never started: nothing here needs a database."""
    shared = create_app(settings.model_copy(update=changes)).state.services
    app = FastAPI(openapi_url=None)
    app.state.services = shared
    routing.install(app, [router])
    edge.install(app, shared, load=load)
    return app
