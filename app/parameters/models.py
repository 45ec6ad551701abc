"""What the parameters of an endpoint are declared as: a class with a field for each parameter."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, ClassVar, NamedTuple, Union, Unpack, get_args, get_origin

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    field_validator,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from app.parameters.decoding import MAX_ITEMS, refusal
from app.parameters.values import Count, Id

MEBIBYTE = 1024 * 1024

# More than any listing has.
ALL = 2**31 - 1

_NOT_GIVEN = object()


class ParameterModel(BaseModel):
    """The parameters of an endpoint, in whichever form they came.

    An empty value means "not given", except for a text that is not required. So does null, where
    null is not one of the field's values. Where a list is declared, a single value, an indexed
    object and a name given twice are lists. Unknown parameters are ignored.
    """

    model_config = ConfigDict(frozen=True, validate_by_alias=True, validate_by_name=True)

    # How much of a body is read, and how much of one that is text: JSON, a form, or a part without
    # a file. A model with files says how much they may be, and whether as `data:` URIs, too.
    max_body_bytes: ClassVar[int] = MEBIBYTE
    max_text_bytes: ClassVar[int] = MEBIBYTE

    @model_validator(mode="before")
    @classmethod
    def _as_meant(cls, given: object) -> object:
        if not isinstance(given, dict):
            return given
        shape = _shape(cls)
        if not shape.lists and not any(value is None or value == "" for value in given.values()):
            return given
        return {
            name: value
            for name, sent in given.items()
            if (value := shape.meaning(name, sent)) is not _NOT_GIVEN
        }


class Sizes(NamedTuple):
    """How much of a body is read at most, and how much of it as text."""

    body: int = MEBIBYTE
    text: int = MEBIBYTE


class OwnParameters(ParameterModel):
    """Parameters of our own routes, where an unknown one is refused (IN-6)."""

    model_config = ConfigDict(extra="forbid")


class Limited(ParameterModel):
    """A listing of which the client says how much it wants: never an error, but clamped (HT-8).

    20, or 40 at most, unless the class says otherwise:
    `class FollowersParameters(Page, default=40, maximum=80)`.
    """

    default_limit: ClassVar[int] = 20
    max_limit: ClassVar[int] = 40
    # A few listings give all they have to who asks for none.
    zero_is_all: ClassVar[bool] = False

    limit: int = Field("", validate_default=True)

    def __init_subclass__(
        cls,
        *,
        default: int | None = None,
        maximum: int | None = None,
        zero_is_all: bool | None = None,
        **options: Unpack[ConfigDict],
    ) -> None:
        super().__init_subclass__(**options)
        cls.zero_is_all = cls.zero_is_all if zero_is_all is None else zero_is_all
        cls.default_limit = default or cls.default_limit
        cls.max_limit = maximum or cls.max_limit

    @field_validator("limit", mode="before")
    @classmethod
    def _clamp(cls, value: object) -> int:
        if isinstance(value, list | dict):
            raise PydanticCustomError("ERR_INVALID", "must be a single value")
        try:
            wanted = abs(int(str(value)))
        except ValueError:
            return cls.default_limit
        if wanted == 0 and cls.zero_is_all:
            return ALL
        return min(wanted or cls.default_limit, cls.max_limit)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Say of `limit` what only the class knows."""
        described = handler(schema)
        properties = handler.resolve_ref_schema(described)["properties"]
        properties["limit"].update(
            default=cls.default_limit,
            description=f"How many; {cls.max_limit} at most, a larger number is taken as that."
            + " 0 means all." * cls.zero_is_all,
        )
        return described


class Page(Limited):
    """Which part of a listing is wanted, by cursor (client API, section a)."""

    max_id: Id | None = Field(None, description="Only what is older than this.")
    since_id: Id | None = Field(None, description="The newest, down to this.")
    min_id: Id | None = Field(None, description="What comes next after this.")


class OffsetPage(Limited):
    """Which part of a listing without cursors is wanted."""

    offset: Count = Field(0, description="How many to leave out.")


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a model makes of values before pydantic sees them, by parameter name."""

    lists: frozenset[str]
    texts: frozenset[str]
    optional_texts: frozenset[str]
    nullable: frozenset[str]

    def meaning(self, name: str, sent: object) -> object:
        """The value that was meant, or `_NOT_GIVEN`."""
        if sent is None:
            return None if name in self.nullable else _NOT_GIVEN
        if name in self.lists:
            return self._list(name, sent)
        if sent == "" and name not in self.optional_texts:
            return _NOT_GIVEN
        return sent

    def _list(self, name: str, sent: object) -> object:
        if sent == "":
            return _NOT_GIVEN
        items = list(_items(sent))
        # Forms send [""] to say that a list is empty.
        if name not in self.texts or items == [""]:
            items = [item for item in items if item != ""]
        if len(items) > MAX_ITEMS:
            raise refusal(name, f"is too long (maximum is {MAX_ITEMS} items)")
        return items


def _items(sent: object) -> Iterator[Any]:
    if isinstance(sent, list):
        yield from sent
    elif isinstance(sent, dict) and all(_is_index(key) for key in sent):
        for key in sorted(sent, key=int):
            yield sent[key]
    else:
        yield sent


def _is_index(key: object) -> bool:
    return isinstance(key, str) and key.isascii() and key.isdigit() and len(key) <= 20


@cache
def _shape(model: type[ParameterModel]) -> _Shape:
    lists, texts, optional_texts, nullable = set(), set(), set(), set()
    for field_name, field in model.model_fields.items():
        names = {field_name, field.alias or field_name}
        kinds = list(_kinds(field.annotation))
        if any(get_origin(kind) is list for kind in kinds):
            lists |= names
            kinds = [part for kind in kinds for item in get_args(kind) for part in _kinds(item)]
        if str in kinds:
            texts |= names
            if not field.is_required():
                optional_texts |= names
        if _takes_null(field):
            nullable |= names
    return _Shape(
        frozenset(lists), frozenset(texts), frozenset(optional_texts), frozenset(nullable)
    )


def _takes_null(field: FieldInfo) -> bool:
    return NoneType in _kinds(field.annotation)


def _kinds(annotation: object) -> Iterator[Any]:
    """The alternatives of a type, without what is annotated to them."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _kinds(get_args(annotation)[0])
    elif origin in (Union, UnionType):
        for part in get_args(annotation):
            yield from _kinds(part)
    else:
        yield annotation
