"""Everything that can go wrong on purpose.

Domain code raises these; `app/error_handler.py` renders them. `message` is shown to people and
must be safe to show.
"""

from collections.abc import Mapping, Sequence


class HardopError(Exception):
    """The base of all errors that a client may see."""

    status = 500
    code = "internal"
    message = "There was a temporary problem serving your request, please try again"

    def __init__(
        self,
        message: str | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        members: Mapping[str, object] | None = None,
    ) -> None:
        """`members` are further keys of the JSON body."""
        self.message = message or type(self).message
        self.headers = dict(headers or {})
        self.members = dict(members or {})
        super().__init__(self.message)


class BadRequest(HardopError):
    """The request is malformed, or a required parameter is missing."""

    status = 400
    code = "bad_request"
    message = "Bad request"


class Unauthorized(HardopError):
    """No token where one is needed, or one that is not valid."""

    status = 401
    code = "unauthorized"
    message = "The access token is invalid"


class Forbidden(HardopError):
    """Known, but not allowed."""

    status = 403
    code = "forbidden"
    message = "This action is not allowed"


class NotFound(HardopError):
    """Absent, or not to be seen by this viewer: the answer is the same."""

    status = 404
    code = "not_found"
    message = "Record not found"


class OutOfSight(NotFound):
    """What was asked for is done, and stays; but the answer is nothing for this viewer to see."""


class MethodNotAllowed(HardopError):
    """The path exists, but not with this method."""

    status = 405
    code = "method_not_allowed"
    message = "Method not allowed"


class Conflict(HardopError):
    """Somebody else was faster, or the same request is still running."""

    status = 409
    code = "conflict"
    message = "Conflict during update, please try again"


class TooLarge(HardopError):
    """The request is bigger than this server reads."""

    status = 413
    code = "too_large"
    message = "The request is too large"


class UriTooLong(HardopError):
    """The URL is longer than this server reads."""

    status = 414
    code = "uri_too_long"
    message = "The URL is too long"


class UnsupportedMediaType(HardopError):
    """A body in a form that this server does not read."""

    status = 415
    code = "unsupported_media_type"
    message = "Unsupported media type"


class RangeNotSatisfiable(HardopError):
    """A part of a file that it does not have."""

    status = 416
    code = "range_not_satisfiable"
    message = "The file has no such part"


class Unprocessable(HardopError):
    """A rule forbids it: `Validation failed: ...`."""

    status = 422
    code = "unprocessable"
    message = "Record invalid"


_SPACES = str.maketrans("_/", "  ")


def shown_field(field: str) -> str:
    """A field's name as a sentence begins with it: `Poll options 0`."""
    return field.translate(_SPACES).capitalize()


class Invalid(Unprocessable):
    """Input that a rule refuses, field by field.

    `problems` is `{field: [(ERR_CODE, description), ...]}`, a nested field being
    `poll/options/0`; it becomes the `details` and `errors` of the answer (ER-1).
    """

    code = "invalid"

    def __init__(self, problems: Mapping[str, Sequence[tuple[str, str]]]) -> None:
        sentences = [
            f"{shown_field(field)} {description}"
            for field, found in problems.items()
            for _, description in found
        ]
        super().__init__(
            "Validation failed: " + ", ".join(sentences),
            members={
                "details": {
                    field: [{"error": code, "description": text} for code, text in found]
                    for field, found in problems.items()
                },
                "errors": [
                    {
                        "pointer": f"/{field}",
                        "code": code.lower().removeprefix("err_"),
                        "message": text,
                    }
                    for field, found in problems.items()
                    for code, text in found
                ],
            },
        )


class Misdirected(HardopError):
    """The host name is none of ours."""

    status = 421
    code = "misdirected"
    message = "This server does not answer for that host name"


class TooManyRequests(HardopError):
    """A rate limit is reached. `Retry-After` says for how long."""

    status = 429
    code = "too_many_requests"
    message = "Too many requests"


class HeadersTooLarge(HardopError):
    """The request's headers are bigger than this server reads."""

    status = 431
    code = "headers_too_large"
    message = "The request headers are too large"


class Unavailable(HardopError):
    """The database or the server is busy, restarting or away; try again."""

    status = 503
    code = "unavailable"

    def __init__(self, message: str | None = None, *, retry_after_seconds: int = 1) -> None:
        super().__init__(message, headers={"Retry-After": str(retry_after_seconds)})


class CannotStart(Exception):
    """The server or a command cannot begin; the message says what to do about it."""
