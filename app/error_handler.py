"""Every error a client sees is made here, in one body for Mastodon clients and RFC 9457 alike."""

import json
import logging
from http import HTTPStatus

import asyncpg
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.responses import Response

from app import translations
from app.errors import (
    BadRequest,
    Conflict,
    Forbidden,
    HardopError,
    HeadersTooLarge,
    MethodNotAllowed,
    Misdirected,
    NotFound,
    TooLarge,
    TooManyRequests,
    Unauthorized,
    Unavailable,
    Unprocessable,
    UnsupportedMediaType,
    UriTooLong,
)
from app.languages import preferred
from app.parameters.reading import sent_so_far
from app.parameters.refusals import refused

# Where the edge puts the id of the request it is answering.
REQUEST_ID = "hardop.request_id"

BY_STATUS: dict[int, type[HardopError]] = {
    kind.status: kind
    for kind in (
        BadRequest,
        Unauthorized,
        Forbidden,
        NotFound,
        MethodNotAllowed,
        Conflict,
        TooLarge,
        UriTooLong,
        UnsupportedMediaType,
        Misdirected,
        Unprocessable,
        TooManyRequests,
        HeadersTooLarge,
        Unavailable,
    )
}
# DB-2: the database is away, full, restarting or busy. 40001 and 40P01 were tried again before.
_TEMPORARY_CLASSES = ("08", "53")
_TEMPORARY = frozenset(("57P01", "57P02", "57P03", "57014", "25006", "55P03", "40001", "40P01"))
# Something that the row points to went away meanwhile, or somebody else was first.
_CONFLICTS = frozenset(("23503", "23505"))
# The application of the token, which is still remembered for a moment (OA-19).
_OF_APPLICATION = "_application_id_applications"
# RFC 6749, sections 4.1.2.1 and 5.2, and RFC 6750, section 3.1.
_OAUTH_CODES = {401: "invalid_token", 403: "access_denied", 503: "temporarily_unavailable"}

# The token is a good one, for something else.
_NARROW = "insufficient_scope"

_log = logging.getLogger(__name__)


def respond(request: HTTPConnection, error: Exception) -> Response:
    """The answer to a request that ended in `error`."""
    shown = known(error)
    if shown.status == HTTPStatus.UNPROCESSABLE_ENTITY:
        translations.translate(shown, _language(request))
    return render(
        shown if shown.status == HTTPStatus.UNPROCESSABLE_ENTITY else error,
        request.scope.get(REQUEST_ID),
        request.app.state.services.settings.origin,
        accept=request.headers.get("accept", ""),
        path=request.scope["path"],
    )


def render(
    error: Exception,
    request_id: str | None,
    origin: str,
    *,
    accept: str = "",
    path: str = "",
) -> Response:
    """The answer for `error`: what a client may know of it, and nothing else (ER-1 to ER-6)."""
    shown = known(error)
    if shown.status >= 500:
        _report(error, shown, request_id)
    body = members(shown, request_id, origin)
    headers = dict(shown.headers)
    if path.startswith("/oauth/"):
        body["error"] = _oauth_code(shown)
        body["error_description"] = shown.message.encode("ascii", "replace").decode()
    elif shown.status == HTTPStatus.UNAUTHORIZED:
        headers.setdefault("WWW-Authenticate", 'Bearer realm="hardop"')
    return Response(
        json.dumps(body | shown.members, ensure_ascii=False, default=str).encode(errors="replace"),
        status_code=shown.status,
        headers=headers,
        media_type="application/problem+json" if _wants_problem(accept) else "application/json",
    )


def members(shown: HardopError, request_id: str | None, origin: str) -> dict[str, object]:
    """What every body of an error has; below /oauth some of it reads differently."""
    return {
        "error": shown.message,
        "type": f"{origin}/problems/{shown.code.replace('_', '-')}",
        "title": shown.code.replace("_", " ").capitalize(),
        "status": shown.status,
        "detail": shown.message,
        "instance": f"/requests/{request_id or 'unknown'}",
        "code": shown.code,
    }


def known(error: Exception) -> HardopError:
    """The error of ours that says as much about `error` as a client may know."""
    if isinstance(error, HardopError):
        return error
    if isinstance(error, RequestValidationError):
        return _of_validation(error)
    if isinstance(error, HTTPException):
        return _of_framework(error)
    if isinstance(error, ClientDisconnect):
        return BadRequest("The request body is not complete")
    return _of_database(error) or HardopError()


def _oauth_code(shown: HardopError) -> str:
    if _NARROW in shown.headers.get("WWW-Authenticate", ""):
        return _NARROW
    otherwise = "server_error" if shown.status >= 500 else "invalid_request"
    return _OAUTH_CODES.get(shown.status, otherwise)


def _language(request: HTTPConnection) -> str:
    """`lang` is a parameter of every method, and may come in the body as well (client API)."""
    asked = sent_so_far(request.scope).get("lang", "")
    return preferred(translations.LANGUAGES, str(asked), request.headers.get("accept-language", ""))


def _of_validation(error: RequestValidationError) -> HardopError:
    found = error.errors()
    if any(problem["loc"][:1] == ("path",) for problem in found):
        return NotFound()
    return refused([{**problem, "loc": problem["loc"][1:]} for problem in found])


def _of_framework(error: HTTPException) -> HardopError:
    """Our words for its status; its own may tell what is inside."""
    shown = BY_STATUS.get(error.status_code, HardopError)()
    if shown.status != error.status_code and error.status_code < 500:
        shown = BadRequest()
    shown.headers.update(error.headers or {})
    return shown


def _of_database(error: Exception) -> HardopError | None:
    """DB-2. None: it is not about the database, or a mistake of ours."""
    cause = error
    if isinstance(error, DBAPIError) and error.orig is not None:
        cause = error.orig.__cause__ if isinstance(error.orig.__cause__, Exception) else error.orig
        if error.connection_invalidated:
            return Unavailable()
    if isinstance(cause, PoolTimeoutError | OSError | asyncpg.InternalClientError):
        return Unavailable()
    if isinstance(cause, asyncpg.InterfaceError):
        # The driver's own DataError: a value that no column of that type can hold.
        return Unprocessable() if isinstance(cause, ValueError) else Unavailable()
    if str(getattr(cause, "constraint_name", "")).endswith(_OF_APPLICATION):
        return Unauthorized("The access token was revoked")
    return _of_state(getattr(cause, "sqlstate", None) or "")


def _of_state(state: str) -> HardopError | None:
    if state in _TEMPORARY or state.startswith(_TEMPORARY_CLASSES):
        return Unavailable()
    if state in _CONFLICTS:
        return Conflict()
    if state.startswith("22"):
        return Unprocessable()
    return None


def _wants_problem(accept: str) -> bool:
    """Only when it is named: `*/*` gets what every client understands (ER-2)."""
    return any(
        part.partition(";")[0].strip().lower() == "application/problem+json"
        for part in accept.split(",")
    )


def _report(error: Exception, shown: HardopError, request_id: str | None) -> None:
    if shown.status == HTTPStatus.SERVICE_UNAVAILABLE:
        _log.warning("unavailable", extra={"request_id": request_id, "cause": type(error).__name__})
    else:
        _log.error("unexpected error", exc_info=error, extra={"request_id": request_id})
