"""Files: what people uploaded, and what comes with the server."""

import hashlib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Response

from app import access
from app.dependencies import Media
from app.errors import NotFound
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, tags=["instance"])

_FOR_EVER = "public, max-age=31536000, immutable"
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
        200: {"content": {"image/*": _BINARY}},
        304: _UNCHANGED,
    },
)
@access.public(rate="none")
async def get_media(name: FileName, media: Media, if_none_match: IfNoneMatch = None) -> Response:
    """A picture that somebody uploaded. What a name stands for never changes."""
    content, media_type = await media.get(name)
    response = _file(content, media_type, name.partition(".")[0], if_none_match)
    response.headers["content-security-policy"] = "default-src 'none'; sandbox"
    response.headers["content-disposition"] = f'inline; filename="{name}"'
    return response


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


def _file(content: bytes, media_type: str, tag: str, if_none_match: str | None) -> Response:
    headers = {
        "etag": f'"{tag}"',
        "cache-control": _FOR_EVER,
        # Web clients of other origins show it.
        "cross-origin-resource-policy": "cross-origin",
    }
    if if_none_match is not None and _matches(if_none_match, tag):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media_type, headers=headers)


def _matches(if_none_match: str, tag: str) -> bool:
    """Weak comparison (RFC 9110, section 13.1.2)."""
    sent = [one.strip().removeprefix("W/") for one in if_none_match.split(",")]
    return "*" in sent or f'"{tag}"' in sent
