"""What all entities share: the JSON we return, its ids, its times, and keys that may be absent."""

from datetime import date, datetime
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, WithJsonSchema
from pydantic.json_schema import SkipJsonSchema

from app import clock

T = TypeVar("T")


class Entity(BaseModel):
    """An object of the API, as clients read it."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)


class Empty(Entity):
    """`{}`: done, and there is nothing to say."""


def example(value: dict[str, Any]) -> ConfigDict:
    """The `model_config` of an entity that shows this in the API reference."""
    return ConfigDict(json_schema_extra={"examples": [value]})


def _is_absent(value: object) -> bool:
    return value is None


def _say_no_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


Absent = Annotated[
    T | SkipJsonSchema[None],
    Field(exclude_if=_is_absent, json_schema_extra=_say_no_default),
]
"""`Absent[T] = None`: a key that is left out when it has no value. It is never null."""

Id = Annotated[str, Field(min_length=1, json_schema_extra={"examples": ["116057013207040000"]})]
"""Opaque to clients; digits, and newer ones sort later."""

Timestamp = Annotated[
    datetime,
    PlainSerializer(clock.iso, return_type=str),
    WithJsonSchema(
        {
            "type": "string",
            "format": "date-time",
            "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$",
            "examples": ["2026-02-12T09:30:00.000Z"],
        }
    ),
]
"""`YYYY-MM-DDTHH:MM:SS.mmmZ`, always."""

Day = Annotated[date, Field(json_schema_extra={"examples": ["2026-02-12"]})]
Html = Annotated[str, Field(json_schema_extra={"contentMediaType": "text/html"})]
"""Sanitised HTML; empty when there is nothing."""

Url = Annotated[str, Field(json_schema_extra={"format": "uri"})]
