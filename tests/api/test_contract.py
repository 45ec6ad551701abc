"""The OpenAPI document says what the framework does not know: HT-13."""

import re
from datetime import date
from typing import Any, Literal

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Response
from openapi_spec_validator import validate
from pydantic import BaseModel, ConfigDict, Field

from app import access
from app.contract import document
from app.deprecations import deprecated
from app.parameters import Flag, Id, Page, ParameterModel, Parameters, PathId, Text, Upload
from app.route import HardopRoute
from tests.contract import committed


class Choices(ParameterModel):
    options: list[Text]
    multiple: Flag = False


class NewThing(ParameterModel):
    title: Text
    parent_id: Id | None = None
    choices: Choices | None = None
    picture: Upload | None = None


class ThingPage(Page, default=40, maximum=80):
    kinds: list[Literal["local", "remote"]] = Field([], description="Only these.")
    choices: Choices | None = None


class Thing(BaseModel):
    """A thing."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"id": "1", "of": None}]})

    id: str
    of: str | None
    title: str = ""


@access.optional("read:things")
async def things(params: Parameters[ThingPage]) -> Response:
    """The things of everybody.

    Newest first.
    """
    return Response(str(params))


@access.user("write:things", "write", rate="things", idempotent=True)
async def create_thing(params: Parameters[NewThing]) -> Response:
    """Make a thing, or find
    the one that is there. Twice is once.
    """
    return Response(str(params))


@access.user("write:things")
async def update_thing(thing_id: PathId, params: Parameters[NewThing]) -> Response:
    """Change a thing."""
    return Response(f"{thing_id} {params}")


@deprecated(since=date(2026, 11, 1), instead="things", sunset=date(2027, 11, 1))
@access.public()
async def thing(thing_id: PathId) -> Response:
    """One thing."""
    return Response(str(thing_id))


def make_app() -> FastAPI:
    router = APIRouter(route_class=HardopRoute)
    router.add_api_route("/things", things, response_model=list[Thing])
    router.add_api_route("/things", create_thing, methods=["POST"], response_model=Thing)
    router.add_api_route(
        "/things/{thing_id}",
        update_thing,
        methods=["PUT", "PATCH"],
        response_model=Thing,
        responses={409: {}, 410: {"description": "It was taken away."}},
    )
    router.add_api_route("/things/{thing_id}", thing, response_model=Thing)
    router.add_api_route("/hidden", thing, include_in_schema=False)
    app = FastAPI(title="Things")
    app.include_router(router)
    app.router.routes = list(router.routes)
    return app


EXAMPLES: dict[str, Any] = {
    "create_thing": {"body": {"title": "A chair"}},
    "things": {"query": {"kinds": ["local"]}},
    **{
        name: {"body": {"title": "A stool"}, "path": {"thing_id": "1"}}
        for name in ("update_thing", "update_thing_put")
    },
    "thing": {"path": {"thing_id": "1"}},
}


@pytest.fixture(scope="module")
def contract() -> dict[str, Any]:
    return document(make_app(), EXAMPLES)


def test_the_document_is_valid_and_always_the_same(contract: dict[str, Any]) -> None:
    validate(contract)
    assert contract == document(make_app(), EXAMPLES)
    assert "/hidden" not in contract["paths"]


def test_operations_are_named_after_their_endpoints(contract: dict[str, Any]) -> None:
    ids = {
        f"{method} {path}": operation["operationId"]
        for path, operations in contract["paths"].items()
        for method, operation in operations.items()
    }

    assert ids == {
        "get /things": "things",
        "post /things": "create_thing",
        "patch /things/{thing_id}": "update_thing",
        "put /things/{thing_id}": "update_thing_put",
        "get /things/{thing_id}": "thing",
    }


def test_the_docstring_is_summary_and_description(contract: dict[str, Any]) -> None:
    operation = contract["paths"]["/things"]["get"]

    assert operation["summary"] == "The things of everybody"
    assert operation["description"] == "The things of everybody.\n\nNewest first."
    create = contract["paths"]["/things"]["post"]
    assert create["summary"] == "Make a thing, or find the one that is there"


def test_query_parameters_are_written_as_clients_send_them(contract: dict[str, Any]) -> None:
    operation = contract["paths"]["/things"]["get"]
    parameters = {each["name"]: each for each in operation["parameters"]}

    assert list(parameters) == ["limit", "max_id", "since_id", "min_id", "kinds[]", "choices"]
    assert parameters["limit"]["schema"]["default"] == 40
    assert "80 at most" in parameters["limit"]["description"]
    assert parameters["max_id"]["schema"]["pattern"] == "^[0-9]{1,19}$"
    assert (parameters["kinds[]"]["style"], parameters["kinds[]"]["explode"]) == ("form", True)
    assert parameters["kinds[]"]["description"] == "Only these."
    assert parameters["choices"]["style"] == "deepObject"
    assert parameters["choices"]["schema"] == {"$ref": "#/components/schemas/Choices"}
    assert "Link" in operation["responses"]["200"]["headers"]


def test_bodies_have_one_encoding(contract: dict[str, Any]) -> None:
    """Of several, generators make several methods, or one that sends none of them."""
    body = contract["paths"]["/things"]["post"]["requestBody"]

    assert body["required"] is True
    [(kind, content)] = body["content"].items()
    assert kind == "multipart/form-data"
    assert content["schema"] == {"$ref": "#/components/schemas/NewThing"}
    assert content["encoding"]["choices"]["style"] == "deepObject"
    assert content["example"] == {"title": "A chair"}
    schema = contract["components"]["schemas"]["NewThing"]
    assert schema["required"] == ["title"]
    # The model of a query is parameters, and no schema.
    errors = {"Error", "ErrorItem", "ErrorDetail"}
    assert set(contract["components"]["schemas"]) == {
        *errors,
        "AccountOrigin",
        "Choices",
        "NewThing",
        "Thing",
    }
    paths = committed()["paths"]
    assert [*paths["/api/v1/statuses"]["post"]["requestBody"]["content"]] == ["application/json"]
    assert [*paths["/oauth/token"]["post"]["requestBody"]["content"]] == [
        "application/x-www-form-urlencoded"
    ]


def test_examples_are_of_requests_and_of_answers(contract: dict[str, Any]) -> None:
    operation = contract["paths"]["/things"]["get"]
    [kinds] = [each for each in operation["parameters"] if each["name"] == "kinds[]"]
    assert kinds["example"] == ["local"]
    [parameter] = contract["paths"]["/things/{thing_id}"]["get"]["parameters"]
    assert (parameter["example"], parameter["description"]) == ("1", "The id of the thing.")
    # The framework drops what is null.
    assert contract["components"]["examples"] == {
        "Thing": {"value": {"id": "1", "of": None}},
        "ThingList": {"value": [{"id": "1", "of": None}]},
    }
    shown = operation["responses"]["200"]["content"]["application/json"]["examples"]
    assert shown == {"ThingList": {"$ref": "#/components/examples/ThingList"}}


@pytest.mark.parametrize(
    ("sent", "complaint"),
    [
        ({}, "is sent to create_thing"),
        ({**EXAMPLES, "nobody": {}}, "no operation takes: nobody"),
        ({**EXAMPLES, "thing": {}}, "what {thing_id} of /things/{thing_id} may be"),
    ],
)
def test_examples_are_asked_for(sent: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=re.escape(complaint)):
        document(make_app(), sent)


def test_enums_have_names(contract: dict[str, Any]) -> None:
    assert contract["components"]["schemas"]["AccountOrigin"] == {
        "type": "string",
        "enum": ["local", "remote"],
        "description": "One of `local`, `remote`.",
    }

    class Colours(ParameterModel):
        colour: Literal["red", "blue"] = "red"

    @access.public()
    async def paint(params: Parameters[Colours]) -> Response:
        return Response(str(params))

    app = make_app()
    app.add_api_route("/paint", paint)
    with pytest.raises(ValueError, match="'red blue' has no name"):
        document(app, EXAMPLES)


def test_what_is_deprecated_says_so(contract: dict[str, Any]) -> None:
    """HT-13."""
    operation = contract["paths"]["/things/{thing_id}"]["get"]
    headers = operation["responses"]["200"]["headers"]

    assert operation["deprecated"] is True
    assert operation["x-deprecation"] == {
        "since": "2026-11-01",
        "instead": "things",
        "sunset": "2027-11-01",
    }
    assert operation["description"].endswith("Deprecated: use `things`.")
    assert headers["Deprecation"]["example"] == "@1793491200"
    assert headers["Sunset"]["example"] == "Mon, 01 Nov 2027 00:00:00 GMT"


@pytest.mark.anyio
async def test_answers_of_what_is_deprecated_say_so(client: httpx.AsyncClient) -> None:
    """HT-13: one declaration for the contract and for the answers, those that refuse as well."""
    declared = {
        path: operations["get"]
        for path, operations in committed()["paths"].items()
        if operations.get("get", {}).get("deprecated") and "{" not in path
    }

    assert "/api/v1/trends" in declared
    names = {each["operationId"] for each in _operations(committed())}
    for path, operation in declared.items():
        answer = await client.get(path)
        headers = operation["responses"]["200"]["headers"]
        assert answer.headers["deprecation"] == headers["Deprecation"]["example"]
        assert operation["x-deprecation"]["instead"] in names


def _operations(contract: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        operation for operations in contract["paths"].values() for operation in operations.values()
    ]


def test_pages_are_declared(contract: dict[str, Any]) -> None:
    assert contract["paths"]["/things"]["get"]["x-pagination"] == {
        "by": "cursor",
        "default": 40,
        "maximum": 80,
    }
    assert "x-pagination" not in contract["paths"]["/things"]["post"]


def test_access_is_declared(contract: dict[str, Any]) -> None:
    create = contract["paths"]["/things"]["post"]
    assert create["security"] == [{"person": ["write:things"]}, {"person": ["write"]}]
    assert create["x-rate-limit-class"] == "things"
    assert "Idempotency-Key" in [each["name"] for each in create["parameters"]]
    assert contract["paths"]["/things"]["get"]["security"] == [
        {},
        {"person": ["read:things"]},
        {"application": ["read:things"]},
    ]
    assert contract["paths"]["/things/{thing_id}"]["get"]["security"] == []


def test_every_error_is_declared(contract: dict[str, Any]) -> None:
    def errors(method: str, path: str) -> str:
        responses = contract["paths"][path][method]["responses"]
        return " ".join(status for status in responses if status >= "4")

    assert errors("get", "/things/{thing_id}") == "404 414 429 503"
    assert errors("get", "/things") == "400 401 403 413 414 415 422 429 503"
    assert errors("post", "/things") == "400 401 403 409 413 414 415 422 429 503"
    updated = contract["paths"]["/things/{thing_id}"]["patch"]["responses"]
    assert updated["409"] == {"$ref": "#/components/responses/Conflict"}
    assert updated["410"]["description"] == "It was taken away."
    schema = {"$ref": "#/components/schemas/Error"}
    assert updated["410"]["content"]["application/problem+json"]["schema"] == schema


def test_two_schemas_of_one_name_are_refused() -> None:
    class Thing(ParameterModel):
        other: Text

    @access.public()
    async def clash(params: Parameters[Thing]) -> Response:
        return Response(str(params))

    app = make_app()
    app.add_api_route("/clash", clash, methods=["POST"])

    with pytest.raises(ValueError, match="called Thing"):
        document(app, EXAMPLES)


@pytest.mark.anyio
async def test_what_is_committed_is_what_the_code_says(app: FastAPI) -> None:
    assert app.openapi() == committed(), "Run: make openapi"


def test_every_capability_is_described() -> None:
    contract = committed()
    used = {tag for operation in _operations(contract) for tag in operation["tags"]}

    assert {tag["name"] for tag in contract["tags"]} == used
    assert contract["servers"] == [{"url": "/"}]
