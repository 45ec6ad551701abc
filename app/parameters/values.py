"""The types parameters are declared with. They take every form clients send (trap 5).

Each refusal is a `PydanticCustomError` whose message follows the parameter's name in a sentence.
"""

import re
from base64 import b64decode
from datetime import UTC, datetime
from io import BytesIO
from typing import Annotated

from fastapi import Path
from pydantic import AfterValidator, BeforeValidator, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError
from starlette.datastructures import Headers, UploadFile

from app.ids import BIGGEST

_FALSE = frozenset(("", "false", "0", "f", "F", "FALSE", "off", "OFF", '"0"', '"false"'))
_ID = re.compile(r"[0-9]{1,19}")
_WHOLE = re.compile(r"[+-]?[0-9]{1,10}")
_WHOLE_LIMIT = 2**31
_UNESCAPED_PLUS = re.compile(r"(T[0-9:.,]+) (?=[0-9]{2}(:?[0-9]{2})?$)")
_DATA_URI = re.compile(
    r"data:([a-z0-9.+-]+/[a-z0-9.+-]+)?(?:;[a-z]+=[^;,]*)*;base64,", re.IGNORECASE
)


def _one_value(value: object) -> None:
    if isinstance(value, list | dict | UploadFile):
        raise PydanticCustomError("ERR_INVALID", "must be a single value")


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    _one_value(value)
    if isinstance(value, str):
        return value not in _FALSE
    return value != 0


def _id(value: object) -> int:
    if isinstance(value, str):
        number = int(value) if _ID.fullmatch(value) else -1
    elif isinstance(value, int) and not isinstance(value, bool):
        number = value
    else:
        _one_value(value)
        number = -1
    if not 0 <= number <= BIGGEST:
        raise PydanticCustomError("ERR_INVALID", "is not a valid id")
    return number


def _whole(value: object) -> int:
    _one_value(value)
    number = None
    if isinstance(value, str):
        number = int(value) if _WHOLE.fullmatch(value.strip()) else None
    elif isinstance(value, int) and not isinstance(value, bool):
        number = value
    elif isinstance(value, float) and value.is_integer():
        number = int(value)
    if number is None:
        raise PydanticCustomError("ERR_INVALID", "is not a number")
    if not -_WHOLE_LIMIT <= number < _WHOLE_LIMIT:
        raise PydanticCustomError("ERR_INVALID", "is out of range")
    return number


def _text(value: object) -> object:
    if not isinstance(value, str):
        _one_value(value)
        return _text_of_number(value)
    if "\x00" in value:
        raise PydanticCustomError("ERR_INVALID", "must not contain NUL")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise PydanticCustomError("ERR_INVALID", "must be valid Unicode") from None
    return value


def _text_of_number(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        try:
            return str(value)
        except ValueError:  # more digits than Python prints
            raise PydanticCustomError("ERR_INVALID", "is out of range") from None
    return value


def _moment(value: object) -> datetime:
    if isinstance(value, datetime):
        moment = value
    else:
        _one_value(value)
        try:
            # A form that forgot to escape the + of its offset sends a space.
            moment = datetime.fromisoformat(_UNESCAPED_PLUS.sub(r"\1+", str(value).strip()))
        except ValueError:
            raise PydanticCustomError("ERR_INVALID", "is not a valid date") from None
    if not 1970 <= moment.year <= 2100:
        raise PydanticCustomError("ERR_INVALID", "is not between 1970 and 2100")
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    if not 1970 <= moment.year <= 2100:
        raise PydanticCustomError("ERR_INVALID", "is not between 1970 and 2100")
    return moment


def _upload(value: object) -> UploadFile:
    if isinstance(value, UploadFile):
        return value
    if not isinstance(value, str) or not (match := _DATA_URI.match(value)):
        raise PydanticCustomError("ERR_INVALID", "is not a file")
    try:
        content = b64decode(value[match.end() :], validate=True)
    except ValueError:
        raise PydanticCustomError("ERR_INVALID", "is not a file") from None
    kind = match[1] or "application/octet-stream"
    return UploadFile(BytesIO(content), size=len(content), headers=Headers({"content-type": kind}))


def _not_negative(value: int) -> int:
    if value < 0:
        raise PydanticCustomError("negative", "must not be negative")
    return value


_ID_SCHEMA = {"type": "string", "pattern": "^[0-9]{1,19}$", "examples": ["116057013207040000"]}

Flag = Annotated[bool, PlainValidator(_flag), WithJsonSchema({"type": "boolean"})]
"""False for `false 0 f F FALSE off OFF`, also in quotes; true for any other value."""

Id = Annotated[int, PlainValidator(_id), WithJsonSchema(_ID_SCHEMA)]
"""Digits, as a text or a number; at most 63 bits (IN-3)."""

Whole = Annotated[int, PlainValidator(_whole), WithJsonSchema({"type": "integer"})]
"""A whole number of 32 bits, as a text or a number."""

Count = Annotated[
    Whole, AfterValidator(_not_negative), WithJsonSchema({"type": "integer", "minimum": 0})
]
"""A `Whole` of 0 or more; a negative one is malformed (400)."""

Text = Annotated[str, BeforeValidator(_text)]
"""Storable text: no NUL, no lone surrogates. A number is taken as its text."""

Moment = Annotated[
    datetime, BeforeValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"})
]
"""Any ISO 8601 time in the years 1970-2100, as UTC; without an offset it is UTC already."""

Upload = Annotated[
    UploadFile,
    PlainValidator(_upload),
    WithJsonSchema({"type": "string", "format": "binary"}),
]
"""A file part of a multipart body, or a `data:` URI in any other. Closed after the response."""

PathId = Annotated[int, PlainValidator(_id), WithJsonSchema(_ID_SCHEMA), Path()]
"""An id in a path. Anything else is 404, as an id that nothing has."""
