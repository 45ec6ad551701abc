"""Files: what people uploaded, and what comes with the server."""

import hashlib
import re
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Header, Path, Request, Response
from fastapi.responses import StreamingResponse

from app import access, responses
from app.dependencies import Media, Reads
from app.domain.instance import media
from app.domain.instance.media import Shown
from app.errors import NotFound, RangeNotSatisfiable
from app.media_types import TYPES, MediaType
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, tags=["instance"])

# One part; of several, and of what is no range, all is sent.
_RANGE = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})")
_FOR_EVER = "public, max-age=31536000, immutable"
# By whoever was told the name, and asked for again soon: it may be gone by then.
_FOR_A_WHILE = "private, max-age=900"
_OURS = files("app") / "static"
_REFERENCE = files("fastapi_offline") / "static"
# What `/static/` serves: nothing else can be asked for.
_STATIC: dict[str, tuple[Traversable, str]] = {
    "avatar.png": (_OURS / "avatar.png", "image/png"),
    "header.png": (_OURS / "header.png", "image/png"),
    "icon.png": (_OURS / "icon.png", "image/png"),
    "reference.js": (_OURS / "reference.js", "text/javascript"),
    "swagger-ui.css": (_REFERENCE / "swagger-ui.css", "text/css"),
    "swagger-ui-bundle.js": (_REFERENCE / "swagger-ui-bundle.js", "text/javascript"),
}

IfNoneMatch = Annotated[str | None, Header(description="The `ETag` of what you have.")]
FileName = Annotated[str, Path(description="As it stands in the address you were given.")]

_BINARY: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
_UNCHANGED: dict[str, Any] = {"description": "You have it already."}


@router.get(
    "/media/{name}",
    response_class=Response,
    responses={
        200: {"content": {"*/*": _BINARY}},
        206: {"content": {"*/*": _BINARY}, "description": "The part you asked for."},
        304: _UNCHANGED,
        416: {},
    },
)
@access.public(rate="none")
async def get_media(
    name: FileName,
    store: Media,
    reads: Reads,
    request: Request,
    if_none_match: IfNoneMatch = None,
    asked: Annotated[str | None, Header(alias="range", description="One part, `bytes=`.")] = None,
    if_range: Annotated[str | None, Header(description="The `ETag` it is a part of.")] = None,
) -> Response:
    """A file that somebody uploaded, as long as something shows it.

    Its name is the key to it: only who may read a status is told the names of its files. What a
    name stands for never changes.
    """
    stem, _, suffix = name.partition(".")
    media_type = TYPES.get(suffix)
    if media_type is None:
        raise NotFound
    shown = await media.shown(reads, name)
    size = await store.size(name)
    headers = {
        **_headers(stem, _FOR_EVER if shown.is_public else _FOR_A_WHILE),
        "accept-ranges": "bytes",
        "content-security-policy": "default-src 'none'; sandbox",
        "content-disposition": _disposition(shown, name, media_type),
    }
    if if_none_match is not None and responses.matches(if_none_match, stem):
        return Response(status_code=304, headers=headers)
    start, end, status = 0, size, 200
    if asked is not None and if_range in (None, headers["etag"]):
        part = _part(asked, size)
        if part is not None:
            start, end = part
            status = 206
            if start >= end:
                raise RangeNotSatisfiable(headers={"Content-Range": f"bytes */{size}"})
            headers["content-range"] = f"bytes {start}-{end - 1}/{size}"
    headers["content-length"] = str(end - start)
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers, media_type=media_type.mime)
    return StreamingResponse(
        store.read(name, start, end), status, headers=headers, media_type=media_type.mime
    )


@router.get(
    "/static/{name}",
    response_class=Response,
    responses={
        200: {"content": {"*/*": _BINARY}},
        304: _UNCHANGED,
    },
)
@access.public(rate="none")
async def get_static(name: FileName, if_none_match: IfNoneMatch = None) -> Response:
    """A file that comes with the server, such as the default avatar."""
    if name not in _STATIC:
        raise NotFound
    content, media_type, tag = _static(name)
    return _file(content, media_type, tag, if_none_match)


@cache
def _static(name: str) -> tuple[bytes, str, str]:
    file, media_type = _STATIC[name]
    content = file.read_bytes()
    return content, media_type, hashlib.sha256(content).hexdigest()[:32]


def _headers(tag: str, kept: str = _FOR_EVER) -> dict[str, str]:
    return {
        "etag": f'"{tag}"',
        "cache-control": kept,
        # Web clients of other origins show it.
        "cross-origin-resource-policy": "cross-origin",
    }


def _file(content: bytes, media_type: str, tag: str, if_none_match: str | None) -> Response:
    headers = _headers(tag)
    if if_none_match is not None and responses.matches(if_none_match, tag):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media_type, headers=headers)


def _disposition(shown: Shown, name: str, media_type: MediaType) -> str:
    """Pictures, films and sound are shown; documents are loaded, under their own name."""
    if media_type.family != "document":
        return f'inline; filename="{name}"'
    called = shown.called or name
    plain = called.encode("ascii", "replace").decode().replace("?", "_")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(called, safe='')}"


def _part(asked: str, size: int) -> tuple[int, int] | None:
    """From where to where a `Range` goes, the end being outside; None if it is to be ignored.

    An empty part is one that the file does not have (RFC 9110, section 14.1.2).
    """
    found = _RANGE.fullmatch(asked.strip())
    if found is None:
        return None
    first, last = found.groups()
    if not first:
        return (max(size - int(last), 0), size) if last else None
    if last and int(last) < int(first):
        return None
    return int(first), min(int(last) + 1, size) if last else size
