"""What every error looks like."""

from pydantic import Field

from app.entities.base import Absent, Entity, example


class Problem(Entity):
    """One thing that is wrong with one field."""

    pointer: str = Field(description="Where it is in what you sent, e.g. `/poll/options/0`.")
    code: str = Field(description="For machines, e.g. `too_long`.")
    message: str = Field(description="For people; follows the name of the field in a sentence.")


class Detail(Entity):
    """One thing that is wrong with a field, as Mastodon clients read it."""

    error: str = Field(description="For machines, e.g. `ERR_TOO_LONG`.")
    description: str = Field(description="For people.")


class Error(Entity):
    """An error: `error` for Mastodon clients, the rest as in RFC 9457. `code` tells them apart."""

    model_config = example(
        {
            "error": "Record not found",
            "type": "https://hardop.example.org/problems/not-found",
            "title": "Not found",
            "status": 404,
            "detail": "Record not found",
            "instance": "/requests/0f7c9d4e2b1a",
            "code": "not_found",
        }
    )

    error: str = Field(description="For people; under `/oauth` the code of RFC 6749.")
    error_description: Absent[str] = Field(None, description="For people; only under `/oauth`.")
    type: Absent[str] = Field(None, description="Identifies this kind of error.")
    title: Absent[str] = Field(None, description="The status in words.")
    status: Absent[int] = Field(None, description="The HTTP status.")
    detail: Absent[str] = Field(None, description="The same as `error`, for people.")
    instance: Absent[str] = Field(None, description="Names this request in the server's log.")
    code: Absent[str] = Field(None, description="For machines; stable.")
    details: Absent[dict[str, list[Detail]]] = Field(
        None, description="By field, when input was refused."
    )
    errors: Absent[list[Problem]] = Field(
        None, description="The same, with pointers into what you sent."
    )
