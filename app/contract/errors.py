"""What every operation may answer when something is wrong."""

from http import HTTPStatus
from typing import Any, Final

from fastapi.routing import APIRoute

from app import error_handler
from app.access import Access
from app.contract.schemas import REF
from app.errors import NotFound

_TEXT = {"type": "string"}
SCHEMAS: Final[dict[str, Any]] = {
    "Error": {
        "type": "object",
        "description": "What went wrong, for a person (`error`) and for a program (`code`).",
        "examples": [
            error_handler.members(NotFound(), "0bd5e2a04b1c", "https://hardop.example.org")
        ],
        "required": ["error", "type", "title", "status", "detail", "instance", "code"],
        "properties": {
            "error": {**_TEXT, "description": "A sentence; below /oauth the code of RFC 6749."},
            "error_description": {**_TEXT, "description": "Below /oauth: the sentence."},
            "type": {**_TEXT, "format": "uri", "description": "Names the kind of problem."},
            "title": {**_TEXT, "description": "The kind of problem in a few words."},
            "status": {"type": "integer", "description": "As in the status line."},
            "detail": {**_TEXT, "description": "The sentence."},
            "instance": {**_TEXT, "description": "Holds the id of the request."},
            "code": {**_TEXT, "description": "The kind of problem, for a program."},
            "violated-policies": {
                "type": "array",
                "items": _TEXT,
                "description": "Of 429: which limits are reached.",
            },
            "errors": {
                "type": "array",
                "items": {"$ref": f"{REF}ErrorItem"},
                "description": "What is wrong, one by one.",
            },
            "details": {
                "type": "object",
                "additionalProperties": {
                    "type": "array",
                    "items": {"$ref": f"{REF}ErrorDetail"},
                },
                "description": "What is wrong, by parameter.",
            },
        },
    },
    "ErrorItem": {
        "type": "object",
        "description": "One thing that is wrong with the input.",
        "required": ["pointer", "code", "message"],
        "properties": {
            "pointer": {**_TEXT, "description": "Where: a JSON pointer (RFC 6901)."},
            "code": {**_TEXT, "description": "What is wrong, for a program."},
            "message": {**_TEXT, "description": "What is wrong, for a person."},
        },
    },
    "ErrorDetail": {
        "type": "object",
        "description": "One thing that is wrong with a parameter.",
        "required": ["error", "description"],
        "properties": {
            "error": {**_TEXT, "description": "What is wrong, for a program."},
            "description": {**_TEXT, "description": "What is wrong, for a person."},
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
    414: "The URL is too long.",
    415: "The body is neither JSON nor a form.",
    422: "The input breaks a rule.",
    429: "Too many requests.",
    503: "The server is busy or its database is away; try again.",
}
_WHOLE = {"type": "integer", "minimum": 0}
_RETRY = {"Retry-After": {"description": "Seconds to wait.", "schema": _WHOLE}}
_LIMITED = {
    **_RETRY,
    "X-RateLimit-Limit": {"description": "How many requests there may be.", "schema": _WHOLE},
    "X-RateLimit-Remaining": {"description": "How many are left.", "schema": _WHOLE},
    "X-RateLimit-Reset": {
        "description": "When there are more.",
        "schema": {"type": "string", "format": "date-time"},
    },
}
_HEADERS = {429: _LIMITED, 503: _RETRY}


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
        statuses |= {400, 413, 414, 415, 422}
    if route.dependant.path_params:
        statuses |= {404, 414}
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
            **({"headers": _HEADERS[status]} if status in _HEADERS else {}),
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
