"""What every operation may answer when something is wrong."""

from http import HTTPStatus
from typing import Any, Final

from fastapi.routing import APIRoute

from app import error_handler
from app.access import Access
from app.contract.schemas import REF

_TEXT = {"type": "string"}
ERROR: Final[dict[str, Any]] = {
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


def declare(
    operation: dict[str, Any], route: APIRoute, access: Access | None, *, takes_parameters: bool
) -> None:
    """Say of an operation which errors it may answer: those of its own, and those of the route."""
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


def responses() -> dict[str, Any]:
    """The answers that operations refer to, by name."""
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
    schema = {"$ref": f"{REF}Error"}
    return {
        "application/json": {"schema": schema},
        "application/problem+json": {"schema": schema},
    }
