"""The OpenAPI document: what the framework knows of the routes, and what only we know.

That is: parameters that come in any encoding, access and scopes, rate classes, and errors.
"""

import re
import warnings
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic.json_schema import models_json_schema

from app import error_handler
from app.access import Access
from app.domain.identity import scopes
from app.parameters import Page, ParameterModel, parameters_of

_DESCRIPTION = """\
Hardop speaks the Mastodon client API under `/api/v1` and `/api/v2`, and its own under
`/api/hardop/v1`.

**Parameters** may come in the query, as a form (urlencoded or multipart) or as a JSON object, on
every method; the body wins over the query. Arrays are `name[]=1&name[]=2`, objects
`name[key]=value`. False is any of `false 0 f F FALSE off OFF`; an empty value is not given.

**Pages** follow the `Link` header (RFC 8288).

**Streams** are server-sent events, or any number of them on one WebSocket at `/api/v1/streaming`,
whose frames subscribe and unsubscribe: `{"type":"subscribe","stream":"hashtag","tag":"hello"}`. The
token may come as `Authorization`, as `Sec-WebSocket-Protocol`, or as `access_token` in the URL.

**Errors** all have one shape, readable as a Mastodon error and as RFC 9457 problem details.
"""

_METHODS = ("get", "post", "patch", "put", "delete", "head", "options")
_IN_QUERY = frozenset(("get", "head", "delete"))
_BODY_TYPES = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data")
# Open to people only.
_PERSONAL = frozenset(("user", "stream"))
_REF = "#/components/schemas/"

_SENTENCE = re.compile(r"(.+?)\.?(?:(?<=\.)\s|\n\n|$)", re.DOTALL)

_TEXT = {"type": "string"}
_ERROR: dict[str, Any] = {
    "type": "object",
    "description": "What went wrong, for a person (`error`) and for a program (`code`).",
    "required": ["error", "type", "title", "status", "detail", "instance", "code"],
    "properties": {
        "error": {**_TEXT, "description": "A sentence; below /oauth the code of RFC 6749."},
        "error_description": {**_TEXT, "description": "Below /oauth: the sentence."},
        "type": {**_TEXT, "format": "uri"},
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": _TEXT,
        "instance": {**_TEXT, "description": "Holds the id of the request."},
        "code": _TEXT,
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "message"],
                "properties": {"pointer": _TEXT, "code": _TEXT, "message": _TEXT},
            },
        },
        "details": {
            "type": "object",
            "additionalProperties": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["error", "description"],
                    "properties": {"error": _TEXT, "description": _TEXT},
                },
            },
        },
    },
}
_WHEN = {
    400: "A parameter is missing or malformed.",
    401: "No access token where one is needed, or one that is not valid.",
    403: "The token lacks the scope, or the account may not do this.",
    404: "Absent, or not to be seen by the caller.",
    409: "Somebody else was faster, or a request with this key is still running.",
    413: "The request is too large.",
    415: "The body is neither JSON nor a form.",
    422: "The input breaks a rule.",
    429: "Too many requests.",
    503: "The server is busy or its database is away; try again.",
}
_RETRY = {
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 0}}
}
_LINK = {
    "Link": {
        "description": 'Where `rel="next"` (older) and `rel="prev"` (newer) are; absent at an end.',
        "schema": {"type": "string"},
    }
}
_LAST_EVENT_ID = {
    "name": "Last-Event-ID",
    "in": "header",
    "description": "The `id` of the event heard last: what was missed since then comes first.",
    "schema": {"type": "string"},
}
_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Sent again with the same request, it gets the first answer and does nothing.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
}


def document(app: FastAPI) -> dict[str, Any]:
    """The whole contract; the same for the same routes, in the same order.

    Raises:
        ValueError: two different schemas have the same name.
    """
    routes = [
        route for route in app.routes if isinstance(route, APIRoute) and route.include_in_schema
    ]
    with warnings.catch_warnings():
        # One endpoint on PUT and PATCH has one id at first; _name tells them apart.
        warnings.filterwarnings("ignore", message="Duplicate Operation ID")
        contract = get_openapi(
            title=app.title, version=app.version, description=_DESCRIPTION, routes=routes
        )
    models = sorted(
        {model for route in routes for model in _models(route.dependant)},
        key=lambda model: model.__name__,
    )
    schemas = contract.setdefault("components", {}).setdefault("schemas", {})
    _hoist(schemas, _schemas_of(models))
    _hoist(schemas, {"Error": _ERROR})
    taken: set[str] = set()
    for route in routes:
        for method in _METHODS:
            operation = contract["paths"][route.path_format].get(method)
            if operation is not None and method.upper() in (route.methods or ()):
                _complete(operation, route, method, schemas)
                _name(operation, route, method, taken)
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    contract["components"] = {
        "schemas": dict(sorted(schemas.items())),
        "responses": _error_responses(),
        "securitySchemes": _security_schemes(),
    }
    return contract


def _complete(
    operation: dict[str, Any], route: APIRoute, method: str, schemas: dict[str, Any]
) -> None:
    sentence = _SENTENCE.match(route.description or "")
    if sentence:
        operation["summary"] = " ".join(sentence[1].split())
    operation.setdefault("tags", [_capability(route)])
    access = getattr(route.endpoint, "__access__", None)
    models = _models(route.dependant)
    if method in _IN_QUERY:
        given = [each for model in models for each in _query(schemas[model.__name__], schemas)]
        operation.setdefault("parameters", []).extend(given)
    elif models:
        operation["requestBody"] = _body(models, schemas)
    if isinstance(access, Access):
        _declare_access(operation, access)
    _declare_errors(operation, route, access, takes_parameters=bool(models))
    if any(issubclass(model, Page) for model in models):
        operation["responses"].get("200", {})["headers"] = _LINK
    if not operation.get("parameters", True):
        del operation["parameters"]


def _declare_access(operation: dict[str, Any], access: Access) -> None:
    operation["security"] = _security(access)
    operation["x-rate-limit-class"] = access.rate
    if access.role is not None:
        operation["x-role"] = str(access.role.value)
    if access.idempotent:
        operation.setdefault("parameters", []).append(_IDEMPOTENCY_KEY)
    if access.kind == "stream":
        operation.setdefault("parameters", []).append(_LAST_EVENT_ID)


def _security(access: Access) -> list[dict[str, list[str]]]:
    """Any one of these is enough."""
    if access.kind == "public":
        return []
    schemes = ("person",) if access.kind in _PERSONAL else ("person", "application")
    needed = [[scope] for scope in access.scopes] or [[]]
    ways = [{scheme: scope} for scheme in schemes for scope in needed]
    return [{}, *ways] if access.kind == "optional" else ways


def _security_schemes() -> dict[str, Any]:
    known = {scope: _in_words(scope) for scope in scopes.ALL}
    return {
        "person": {
            "type": "oauth2",
            "description": "The token of a person who logged in through an application.",
            "flows": {
                "authorizationCode": {
                    "authorizationUrl": "/oauth/authorize",
                    "tokenUrl": "/oauth/token",
                    "refreshUrl": "/oauth/token",
                    "scopes": known,
                }
            },
        },
        "application": {
            "type": "oauth2",
            "description": "An application's own token.",
            "flows": {"clientCredentials": {"tokenUrl": "/oauth/token", "scopes": known}},
        },
    }


def _in_words(scope: str) -> str:
    verb, _, noun = scope.rpartition(":")
    return f"{verb.replace(':', ' ')} {noun.replace('_', ' ')}".strip().capitalize()


def _declare_errors(
    operation: dict[str, Any], route: APIRoute, access: Access | None, *, takes_parameters: bool
) -> None:
    responses = operation["responses"]
    if "HTTPValidationError" in str(responses.get("422", "")):
        del responses["422"]
    statuses = {503}
    if isinstance(access, Access):
        statuses |= _access_errors(access)
    if takes_parameters:
        statuses |= {400, 413, 415, 422}
    if route.dependant.path_params:
        statuses.add(404)
    statuses |= {int(status) for status in responses if status.isdigit() and int(status) >= 400}
    for status in statuses:
        declared = responses.get(str(status), {"description": HTTPStatus(status).phrase})
        if declared == {"description": HTTPStatus(status).phrase} and status in _WHEN:
            responses[str(status)] = {"$ref": f"#/components/responses/{_response_name(status)}"}
        else:
            responses[str(status)] = {"content": _error_content(), **declared}
    operation["responses"] = dict(sorted(responses.items()))


def _error_responses() -> dict[str, Any]:
    return {
        _response_name(status): {
            "description": when,
            "content": _error_content(),
            **({"headers": _RETRY} if status in (429, 503) else {}),
        }
        for status, when in _WHEN.items()
    }


def _response_name(status: int) -> str:
    return error_handler.BY_STATUS[status].__name__


def _access_errors(access: Access) -> set[int]:
    errors = {429}
    if access.kind != "public":
        errors |= {401, 403}
    if access.kind == "user":
        errors.add(422)  # an application's own token
    if access.idempotent:
        errors |= {400, 409}
    return errors


def _error_content() -> dict[str, Any]:
    schema = {"$ref": f"{_REF}Error"}
    return {
        "application/json": {"schema": schema},
        "application/problem+json": {"schema": schema},
    }


def _body(models: list[type[ParameterModel]], schemas: dict[str, Any]) -> dict[str, Any]:
    references = [{"$ref": f"{_REF}{model.__name__}"} for model in models]
    schema = references[0] if len(references) == 1 else {"allOf": references}
    declared = [schemas[model.__name__] for model in models]
    encoding = {
        name: {"style": "deepObject", "explode": True}
        for each in declared
        for name, property_ in each.get("properties", {}).items()
        if _is_object(_without_null(property_), schemas)
    }
    content: dict[str, Any] = {kind: {"schema": schema} for kind in _BODY_TYPES}
    if encoding:
        content["application/x-www-form-urlencoded"]["encoding"] = encoding
        content["multipart/form-data"]["encoding"] = encoding
    return {"required": any(each.get("required") for each in declared), "content": content}


def _query(schema: dict[str, Any], schemas: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The properties of a schema as query parameters, in the way of Rails."""
    for name, property_ in schema.get("properties", {}).items():
        plain = _without_null(property_)
        parameter: dict[str, Any] = {"name": name, "in": "query"}
        if "description" in plain:
            parameter["description"] = plain.pop("description")
        if name in schema.get("required", ()):
            parameter["required"] = True
        if plain.get("type") == "array":
            parameter |= {"name": f"{name}[]", "style": "form", "explode": True}
        elif _is_object(plain, schemas):
            parameter |= {"style": "deepObject", "explode": True}
        yield {**parameter, "schema": plain}


def _without_null(property_: dict[str, Any]) -> dict[str, Any]:
    """A property as it is when given: a query cannot say null."""
    plain = {key: value for key, value in property_.items() if key != "title"}
    if plain.get("default", ...) is None:
        del plain["default"]
    kinds = [kind for kind in plain.get("anyOf", ()) if kind != {"type": "null"}]
    if len(kinds) == 1:
        del plain["anyOf"]
        plain |= kinds[0]
    return plain


def _is_object(property_: dict[str, Any], schemas: dict[str, Any]) -> bool:
    target = schemas.get(property_.get("$ref", "").removeprefix(_REF), property_)
    return bool(target.get("type") == "object")


def _schemas_of(models: list[type[ParameterModel]]) -> dict[str, Any]:
    _, described = models_json_schema(
        [(model, "validation") for model in models], ref_template=_REF + "{model}"
    )
    definitions: dict[str, Any] = described.get("$defs", {})
    for model in models:
        if model.__name__ not in definitions:
            raise ValueError(f"Two parameter models are called {model.__name__}")
    for definition in definitions.values():
        for property_ in definition.get("properties", {}).values():
            # A default that is no value of the type only says "not given".
            if "type" in property_ and property_.get("default", ...) is None:
                del property_["default"]
    return definitions


def _hoist(schemas: dict[str, Any], more: dict[str, Any]) -> None:
    for name, schema in more.items():
        if schemas.setdefault(name, schema) != schema:
            raise ValueError(f"Two different schemas are called {name}")


def _models(dependant: Dependant) -> list[type[ParameterModel]]:
    """The parameter models of an endpoint and of what it depends on."""
    found = [model for model in [parameters_of(dependant.call)] if model is not None]
    for dependency in dependant.dependencies:
        found += [model for model in _models(dependency) if model not in found]
    return found


def _capability(route: APIRoute) -> str:
    """`statuses` of `app.routers.statuses.favourites`."""
    module = route.endpoint.__module__
    return module.partition("routers.")[2].partition(".")[0] or module.rpartition(".")[2]


def _name(operation: dict[str, Any], route: APIRoute, method: str, taken: set[str]) -> None:
    """The endpoint's name; its further methods and paths tell themselves apart behind it."""
    name = route.endpoint.__name__
    candidates = [name, f"{name}_{method}", *(f"{name}_{method}_{n}" for n in range(2, 20))]
    operation["operationId"] = next(each for each in candidates if each not in taken)
    taken.add(operation["operationId"])
