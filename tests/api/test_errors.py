"""One body for every error: ER-1 to ER-6, DB-2."""

import json

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app import error_handler
from app.errors import BadRequest, HardopError, Invalid, NotFound, Unauthorized, Unavailable
from tests.parameter_app import make_app
from tests.raw_requests import answer

ORIGIN = "https://hardop.example"


def render(error: Exception, **request: str) -> Response:
    return error_handler.render(error, "abc", ORIGIN, **request)


def body(response: Response) -> dict[str, object]:
    found: dict[str, object] = json.loads(bytes(response.body))
    return found


def test_one_body_for_both_kinds_of_reader() -> None:
    response = render(NotFound())

    assert response.status_code == 404
    assert response.headers["content-type"] == "application/json"
    assert body(response) == {
        "error": "Record not found",
        "type": "https://hardop.example/problems/not-found",
        "title": "Not found",
        "status": 404,
        "detail": "Record not found",
        "instance": "/requests/abc",
        "code": "not_found",
    }


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("application/problem+json", "application/problem+json"),
        ("text/html, application/problem+json;q=0.9", "application/problem+json"),
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        ("", "application/json"),
    ],
)
def test_problem_json_only_when_named(accept: str, content_type: str) -> None:
    response = render(NotFound(), accept=accept)

    assert response.headers["content-type"] == content_type
    assert body(response) == body(render(NotFound()))


def test_validation_says_what_and_where() -> None:
    found = body(render(Invalid({"status": [("ERR_TOO_LONG", "is too long")]})))

    assert found["error"] == "Validation failed: Status is too long"
    assert found["errors"] == [{"pointer": "/status", "code": "too_long", "message": "is too long"}]
    assert found["details"] == {"status": [{"error": "ERR_TOO_LONG", "description": "is too long"}]}


def test_oauth_errors_have_their_code_first() -> None:
    found = body(render(BadRequest("Wrong é"), path="/oauth/token"))
    assert (found["error"], found["error_description"]) == ("invalid_request", "Wrong ?")

    said = BadRequest(members={"error": "invalid_grant", "error_description": "Used"})
    found = body(render(said, path="/oauth/token"))
    assert (found["error"], found["error_description"]) == ("invalid_grant", "Used")


def test_401_says_how_to_authenticate() -> None:
    """ER-5."""
    assert render(Unauthorized()).headers["www-authenticate"] == 'Bearer realm="hardop"'
    own = Unauthorized(headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
    assert render(own).headers["www-authenticate"] == 'Bearer error="invalid_token"'


def _postgres(state: str) -> Exception:
    """As the driver raises it, for any state."""
    fields = {"S": "ERROR", "C": state, "M": "relation secret does not exist"}
    error: Exception = asyncpg.PostgresError.new(fields)
    return error


def _wrapped(cause: Exception) -> DBAPIError:
    """As SQLAlchemy raises it."""
    original = Exception(str(cause))
    original.__cause__ = cause
    return DBAPIError("SELECT secret", None, original)


@pytest.mark.parametrize(
    ("state", "status"),
    [
        *((state, 503) for state in ("08006", "53300", "57P01", "57P02", "57P03", "57014")),
        *((state, 503) for state in ("25006", "55P03", "40001", "40P01")),
        *((state, 409) for state in ("23505", "23503")),
        *((state, 422) for state in ("22021", "22P05")),
        *((state, 500) for state in ("42P01", "23514", "57000")),
    ],
)
def test_database_errors_by_state(state: str, status: int) -> None:
    for error in (_postgres(state), _wrapped(_postgres(state))):
        response = render(error)
        assert response.status_code == status
        assert b"secret" not in response.body
        assert response.headers.get("retry-after") == ("1" if status == 503 else None)


@pytest.mark.parametrize(
    "error",
    [
        OSError("/var/run/secret"),
        FileNotFoundError("/var/run/secret"),
        TimeoutError(),
        PoolTimeoutError(),
        asyncpg.InterfaceError("secret"),
        asyncpg.InternalClientError("secret"),
        asyncpg.ConnectionDoesNotExistError("secret"),
    ],
)
def test_a_database_that_is_away_is_503(error: Exception) -> None:
    for raised in (error, _wrapped(error)):
        response = render(raised)
        assert response.status_code == 503
        assert response.headers["retry-after"] == "1"
        assert b"secret" not in response.body


def test_the_unforeseen_is_logged_and_not_shown(caplog: pytest.LogCaptureFixture) -> None:
    response = render(RuntimeError("secret"))

    assert response.status_code == 500
    assert body(response)["error"] == HardopError.message
    assert b"secret" not in response.body
    assert "secret" in caplog.text


def test_messages_of_the_framework_are_ours() -> None:
    response = render(HTTPException(405, "secret", {"Allow": "GET"}))
    assert body(response)["error"] == "Method not allowed"
    assert response.headers["allow"] == "GET"
    assert body(render(HTTPException(418, "secret")))["status"] == 400
    assert body(render(HTTPException(502, "secret")))["status"] == 500


def test_nothing_in_a_message_breaks_the_answer() -> None:
    response = render(BadRequest("\ud800 é", members={"at": Unavailable}))

    assert body(response)["error"] == "? é"


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/nowhere", 404), ("PUT", "/pictures", 405)]
)
def test_the_router_answers_in_the_same_way(method: str, path: str, status: int) -> None:
    """ER-4."""
    found = answer(make_app(), method, path)

    assert found.status == status
    assert found.json["status"] == status
    assert set(found.json) >= {"error", "type", "title", "detail", "instance", "code"}
