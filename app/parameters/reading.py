"""`Parameters[Model]`: what an endpoint writes to be handed its parameters."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from fastapi import Depends, Request
from pydantic import ValidationError
from python_multipart.multipart import parse_options_header
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect
from starlette.types import Scope

from app.errors import BadRequest, HardopError, TooLarge, UnsupportedMediaType
from app.parameters.decoding import (
    decode_form,
    decode_json,
    decode_parts,
    decode_query,
    looks_like_form,
    refusal,
)
from app.parameters.models import MEBIBYTE, ParameterModel, Sizes
from app.parameters.refusals import refused

MAX_PARTS = 50

_USUAL = Sizes()

_BODY_HEADERS = frozenset((b"content-length", b"transfer-encoding"))
_DECODED = "hardop.parameters"
_FILES = "hardop.files"

Model = TypeVar("Model", bound=ParameterModel)

if TYPE_CHECKING:
    Parameters = Annotated[Model, "read from the request"]
else:

    class Parameters:
        """`params: Parameters[SomeModel]`: the parameters, from query and body (the body wins)."""

        def __class_getitem__(cls, model: type[ParameterModel]) -> object:
            return Annotated[model, Depends(reader(model))]


@cache
def reader(model: type[Model]) -> Callable[[Request], Awaitable[Model]]:
    """The dependency that reads the parameters of a request as `model`."""
    sizes = Sizes(model.max_body_bytes, model.max_text_bytes)

    async def read(request: Request) -> Model:
        given = await read_parameters(request, sizes)
        try:
            return model.model_validate(given)
        except ValidationError as error:
            found = error.errors(include_url=False, include_input=False)
            raise refused(found) from None

    read.parameters = model  # type: ignore[attr-defined]  # read by parameters_of
    return read


def parameters_of(dependency: object) -> type[ParameterModel] | None:
    """The model that a dependency reads; None if it is not one of `reader`'s."""
    return getattr(dependency, "parameters", None)


def sizes_of(dependencies: Iterable[object]) -> Sizes:
    """How much of a body these dependencies may read."""
    models = [model for one in dependencies if (model := parameters_of(one)) is not None]
    return Sizes(
        max((model.max_body_bytes for model in models), default=MEBIBYTE),
        max((model.max_text_bytes for model in models), default=MEBIBYTE),
    )


async def read_parameters(request: Request, sizes: Sizes = _USUAL) -> dict[str, Any]:
    """Everything that was sent, undeclared parameters too; the body wins over the query.

    Raises:
        BadRequest, Invalid, TooLarge, UnsupportedMediaType: as `decode_query` and `decode_body`.
    """
    given = decode_query(request.scope["query_string"])
    if has_body(request.scope):
        given |= await decode_body(request, sizes)
    return given


def sent_so_far(scope: Scope) -> dict[str, Any]:
    """What is known of the parameters of a request that may have failed while they were read."""
    try:
        given = decode_query(scope["query_string"])
    except HardopError:
        given = {}
    decoded: dict[str, Any] = scope.get(_DECODED, {})
    return given | decoded


def has_body(scope: Scope) -> bool:
    """Whether a body follows the headers, on any method."""
    return any(name in _BODY_HEADERS and value != b"0" for name, value in scope["headers"])


async def decode_body(request: Request, sizes: Sizes = _USUAL) -> dict[str, Any]:
    """The parameters in the body; a second call gives the same ones.

    Raises:
        BadRequest: the body is not what its content type says.
        Invalid: a value is not valid Unicode, or an array is too long.
        TooLarge: it has more than `sizes`, or too many parameters or parts.
        UnsupportedMediaType: it is neither JSON nor a form.
    """
    scope = request.scope
    if _DECODED in scope:
        for file in scope.get(_FILES, ()):
            await file.seek(0)  # the first try of a transaction may have read it
    else:
        scope[_DECODED] = await _decode(request, sizes)
    decoded: dict[str, Any] = scope[_DECODED]
    return decoded


async def read_body(request: Request, max_bytes: int = MEBIBYTE) -> bytes:
    """The raw body, never more than `max_bytes` of it; a second call gives the same one.

    Raises:
        BadRequest: the client left before all of it came.
        TooLarge: there is more.
    """
    if not hasattr(request, "_body"):
        chunks = [chunk async for chunk in _limited(request, max_bytes)]
        request._body = b"".join(chunks)
    return await request.body()


async def close_files(request: Request) -> None:
    """Close what was read from a multipart body. FastAPI's own routes do it by themselves."""
    for file in request.scope.get(_FILES, ()):
        await file.close()


async def _decode(request: Request, sizes: Sizes) -> dict[str, Any]:
    header = request.headers.get("content-type", "")
    kind = header.partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return await _decode_multipart(request, header, sizes)
    body = await read_body(request, sizes.text)
    if not body:
        return {}
    if kind == "application/json":
        return decode_json(body)
    if kind == "application/x-www-form-urlencoded" or (not kind and looks_like_form(body)):
        return decode_form(body)
    raise UnsupportedMediaType("The request body must be JSON or a form")


async def _limited(request: Request, max_bytes: int) -> AsyncGenerator[bytes, None]:
    """The body in chunks, refused as soon as it is known to be too large (IN-1)."""
    announced = request.headers.get("content-length", "0")
    if not (announced.isascii() and announced.isdigit()):
        raise BadRequest("The Content-Length is not a number")
    if len(announced) > 15 or int(announced) > max_bytes:
        raise TooLarge
    size = 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > max_bytes:
                raise TooLarge
            yield chunk
    except ClientDisconnect:
        raise BadRequest("The request body is not complete") from None


async def _decode_multipart(request: Request, header: str, sizes: Sizes) -> dict[str, Any]:
    boundary = parse_options_header(header)[1].get(b"boundary", b"").decode("latin-1")
    if not boundary or not boundary.isprintable() or '"' in boundary or "\\" in boundary:
        raise BadRequest("The multipart body has no boundary")
    # The parser would guess at bytes that are not UTF-8. Read as Latin-1, every byte survives,
    # and we judge them ourselves.
    headers = Headers(
        {"content-type": f'multipart/form-data; boundary="{boundary}"; charset=latin-1'}
    )
    parser = MultiPartParser(
        headers,
        _limited(request, sizes.body),
        max_files=MAX_PARTS,
        max_fields=MAX_PARTS,
        max_part_size=sizes.text,
    )
    try:
        parts = (await parser.parse()).multi_items()
    except MultiPartException as error:
        if error.message.startswith(("Too many", "Part exceeded")):
            raise TooLarge from None
        raise BadRequest("The multipart body is malformed") from None
    files = [value for _, value in parts if isinstance(value, UploadFile)]
    _close_later(request, files)
    if len(parts) > MAX_PARTS:
        raise TooLarge(f"A multipart body may have {MAX_PARTS} parts at most")
    return decode_parts((_unicode("", name), _part(name, value)) for name, value in parts)


def _part(name: str, value: str | UploadFile) -> str | UploadFile:
    if isinstance(value, str):
        return _unicode(name, value)
    if value.size == 0:
        return ""  # a file input that was left empty
    if value.filename is not None:
        value.filename = value.filename.encode("latin-1").decode(errors="replace")
    return value


def _unicode(name: str, latin: str) -> str:
    try:
        return latin.encode("latin-1").decode()
    except UnicodeDecodeError:
        raise refusal(name, "must be valid Unicode") from None


def _close_later(request: Request, files: list[UploadFile]) -> None:
    request.scope[_FILES] = files
    stack = request.scope.get("fastapi_inner_astack")
    if isinstance(stack, AsyncExitStack):
        for file in files:
            stack.push_async_callback(file.close)
