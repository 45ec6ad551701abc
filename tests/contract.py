"""Holds every response of the suite against the contract of clients, and against our own.

`hook(app)` is a response hook for the test client. A response that breaks either contract fails the
test that asked for it.
"""

import json
import re
from collections.abc import Awaitable, Callable, Iterator
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import httpx
from fastapi import FastAPI
from fastapi.routing import APIRoute
from jsonschema_rs import Draft202012Validator

from app.error_handler import BY_STATUS

SCHEMAS = Path(__file__).parent / "schemas"
# As it is committed: to generate it takes longer than a hundred tests, for each application made.
DOCUMENT = Path(__file__).parents[1] / "openapi" / "openapi.json"

# Answered before a route is chosen: too long, wrong host, unreadable, no such method.
_BEFORE_ROUTING = frozenset({400, 403, 404, 405, 413, 414, 415, 421, 431})
# Methods that are answered as another one is.
_AS = {"HEAD": {"GET"}, "PUT": {"PUT", "PATCH"}, "PATCH": {"PUT", "PATCH"}}
_JSON = (
    "application/json",
    "application/problem+json",
    "application/jrd+json",
    "application/feed+json",
)


class ContractBroken(AssertionError):
    """A response that clients, or our own document, do not allow."""


def hook(app: FastAPI) -> Callable[[httpx.Response], Awaitable[None]]:
    """A response hook for an `httpx.AsyncClient` that talks to `app`."""
    contract = Contract(app)

    async def check(response: httpx.Response) -> None:
        await response.aread()
        contract.check(
            response.request.method,
            response.request.url.path,
            response.status_code,
            response.headers.get("content-type", ""),
            response.content,
        )

    return check


class Contract:
    """Both contracts of one application."""

    def __init__(self, app: FastAPI) -> None:
        self._document = _document()
        self._routes = [route for route in app.routes if isinstance(route, APIRoute)]

    def check(self, method: str, path: str, status: int, content_type: str, content: bytes) -> None:
        """Check one response.

        Raises:
            ContractBroken: with the place in the body, and what is wrong there.
        """
        where = f"{method} {path} {status}"
        media_type = content_type.partition(";")[0]
        is_json = media_type in _JSON
        body = json.loads(content) if is_json and content else None
        route = self._route(method, path)
        if route is not None and route.include_in_schema:
            self._check_document(where, route, method, status, media_type, body)
        elif route is None and path.startswith("/api/") and status not in _BEFORE_ROUTING:
            raise ContractBroken(f"{where}: no such route, yet it answers")
        if not is_json or method == "HEAD":
            return
        if status >= 400:
            _expect(where, _client_validator(("Error",), "object"), body)
        elif route is not None:
            for entities, shape in entities_of(route.response_model):
                whole = _whole(method, entities, body)
                _expect(where, _client_validator(entities, shape), whole)

    def _route(self, method: str, path: str) -> APIRoute | None:
        wanted = _AS.get(method, {method})
        found = [
            route
            for route in self._routes
            if wanted & (route.methods or set()) and route.path_regex.match(path.rstrip("/") or "/")
        ]
        # The path with least of it left to parameters wins, as it does in the server.
        return max(found, key=lambda route: len(re.sub(r"{\w+}", "", route.path)), default=None)

    def _check_document(
        self, where: str, route: APIRoute, method: str, status: int, media_type: str, body: object
    ) -> None:
        operations = self._document["paths"].get(route.path_format)
        if operations is None:
            raise ContractBroken(f"{where}: not in the contract. Run: make openapi")
        operation = next(
            operations[wanted.lower()]
            for wanted in (method, *_AS.get(method, ()))
            if wanted.lower() in operations
        )
        documented = operation["responses"].get(str(status))
        if documented is None:
            if status in _BEFORE_ROUTING and status in BY_STATUS and _is_problem(body):
                return
            raise ContractBroken(
                f"{where}: {operation['operationId']} documents only "
                f"{', '.join(operation['responses'])}; it answered {body}"
            )
        if "$ref" in documented:
            name = documented["$ref"].rpartition("/")[2]
            documented = self._document["components"]["responses"][name]
        content = documented.get("content")
        if content is None or method == "HEAD":
            return
        any_subtype = f"{media_type.partition('/')[0]}/*"
        if content.keys().isdisjoint({media_type, any_subtype, "*/*"}):
            raise ContractBroken(f"{where}: documented as {', '.join(content)}, is {media_type!r}")
        if media_type in _JSON:
            schema = content.get(media_type, {}).get("schema", {})
            _expect(where, _own_validator(json.dumps(schema)), body)


@cache
def committed() -> dict[str, Any]:
    """Our own document."""
    document: dict[str, Any] = json.loads(DOCUMENT.read_text())
    return document


@cache
def _document() -> dict[str, Any]:
    return _without_unknown_keys(committed())


@cache
def _own_validator(schema: str) -> Draft202012Validator:
    components = _document()["components"]
    return Draft202012Validator({**json.loads(schema), "components": components})


@cache
def client_definitions() -> dict[str, Any]:
    """The entities of the client contract, `{name: JSON Schema}`."""
    path = SCHEMAS / "client-api-entities.schema.json"
    definitions: dict[str, Any] = json.loads(path.read_text())["$defs"]
    return definitions


@cache
def _client_validator(entities: tuple[str, ...], shape: str) -> Draft202012Validator:
    one: dict[str, Any] = {"anyOf": [{"$ref": f"#/$defs/{entity}"} for entity in entities]}
    if len(entities) == 1:
        [one] = one["anyOf"]  # which says more of what is wrong
    schema: dict[str, Any] = {
        "object": one,
        "list": {"type": "array", "items": one},
        "map": {"type": "object", "additionalProperties": one},
    }[shape]
    return Draft202012Validator({**schema, "$defs": client_definitions()})


def _expect(where: str, validator: Draft202012Validator, body: object) -> None:
    problems = [
        f"{'/'.join(str(part) for part in problem.instance_path) or 'the body'}: {problem.message}"
        for problem in validator.iter_errors(body)
    ]
    if problems:
        raise ContractBroken(f"{where}\n" + "\n".join(problem[:500] for problem in problems[:10]))


def entities_of(model: object) -> Iterator[tuple[tuple[str, ...], str]]:
    """The entities of the client contract that a response model is made of, and how.

    Of a union, any of them; of one with something that the contract does not know, nothing.
    """
    origin, arguments = get_origin(model), get_args(model)
    if origin is Annotated:
        yield from entities_of(arguments[0])
    elif origin in (Union, UnionType):
        parts = [[*entities_of(part)] for part in arguments if part is not NoneType]
        shapes = {shape for found in parts for _, shape in found}
        if all(parts) and len(shapes) == 1:
            entities = tuple(name for found in parts for names, _ in found for name in names)
            yield entities, shapes.pop()
    elif origin is list:
        yield from ((names, "list") for names, _ in entities_of(arguments[0]))
    elif origin is dict:
        yield from ((names, "map") for names, _ in entities_of(arguments[1]))
    elif isinstance(model, type) and model.__name__ in client_definitions():
        yield (model.__name__,), "object"


def _whole(method: str, entities: tuple[str, ...], body: Any) -> Any:
    """The answer to deleting a status has its text in place of its content."""
    if method == "DELETE" and entities == ("Status",) and "text" in body:
        return {"content": "", **body}
    return body


def _is_problem(body: object) -> bool:
    return isinstance(body, dict) and {"error", "status", "code"} <= body.keys()


def _without_unknown_keys(document: dict[str, Any]) -> dict[str, Any]:
    """The document, with every key that an entity does not describe forbidden.

    Clients may meet new keys; our own responses may not hold what we do not document.
    """
    components = document["components"]
    schemas = {
        name: {**schema, "additionalProperties": False}
        if "properties" in schema and "additionalProperties" not in schema and name != "Error"
        else schema
        for name, schema in components["schemas"].items()
    }
    return {**document, "components": {**components, "schemas": schemas}}
