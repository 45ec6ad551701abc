"""An application whose only endpoints say what they were given."""

from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Annotated, Literal

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from app import error_handler, settings
from app.errors import HardopError
from app.parameters import (
    Count,
    Flag,
    Id,
    Moment,
    OffsetPage,
    OwnParameters,
    Page,
    ParameterModel,
    Parameters,
    PathId,
    Text,
    Upload,
    Whole,
)


class Choice(ParameterModel):
    title: Text
    votes: Whole = 0


class Poll(ParameterModel):
    options: list[Text]
    multiple: Flag = False
    choices: list[Choice] = Field([])


class Everything(ParameterModel):
    text: Text = "(none)"
    note: Annotated[Text, Field(max_length=5)] | None = None
    flag: Flag = False
    maybe: Flag | None = None
    id: Id | None = None
    whole: Whole | None = None
    count: Count = 0
    moment: Moment | None = None
    visibility: Literal["public", "direct"] = "public"
    ids: list[Id] = Field([])
    texts: list[Text] = Field([])
    poll: Poll | None = None
    alerts: dict[str, Flag] = Field({})


class Required(ParameterModel):
    q: Text


class Own(OwnParameters):
    name: Text = ""


class Pictures(ParameterModel):
    max_body_bytes = 3_000_000

    picture: Upload | None = None
    description: Text = ""


class Followers(Page, default=40, maximum=80):
    pass


METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def make_app() -> FastAPI:
    app = FastAPI()
    app.state.services = SimpleNamespace(settings=settings.Settings(_env_file=None))
    for kind in (HardopError, RequestValidationError, HTTPException, ClientDisconnect, Exception):
        app.add_exception_handler(kind, _respond)
    for model in (Everything, Required, Own, Page, Followers, OffsetPage):
        app.add_api_route(f"/{model.__name__.lower()}", _echo(model), methods=METHODS)
    app.add_api_route("/pictures", pictures, methods=["POST"])
    app.add_api_route("/things/{thing_id}", thing)
    return app


async def _respond(request: Request, error: Exception) -> Response:
    return error_handler.respond(request, error)


def _echo(model: type[ParameterModel]) -> Callable[..., Awaitable[Response]]:
    async def echo(params: Parameters[model]) -> Response:  # type: ignore[valid-type]
        given: ParameterModel = params
        return Response(given.model_dump_json(), media_type="application/json")

    return echo


async def pictures(params: Parameters[Pictures]) -> dict[str, object]:
    picture = params.picture
    if picture is None:
        return {"picture": None}
    content = await picture.read()
    return {"picture": picture.filename, "type": picture.content_type, "size": len(content)}


async def thing(thing_id: PathId) -> dict[str, str]:
    return {"id": str(thing_id)}
