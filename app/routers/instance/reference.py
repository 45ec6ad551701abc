"""The API reference, as a document and as a page that needs no network."""

from functools import cache
from importlib.resources import files

from fastapi import APIRouter, Response

from app import access
from app.dependencies import Settings
from app.errors import NotFound
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, tags=["instance"])

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Hardop API</title>
<link rel="icon" href="/static/icon.png">
<link rel="stylesheet" href="/static/swagger-ui.css">
</head>
<body>
<noscript><p>This page needs JavaScript. The same is at <a href="/openapi.json">/openapi.json</a>.
</p></noscript>
<div id="reference"></div>
<script src="/static/swagger-ui-bundle.js"></script>
<script src="/static/reference.js"></script>
</body>
</html>
"""
# The reference draws its own styles, and shows pictures that are written into them.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)


@router.get("/openapi.json", include_in_schema=False)
@access.public(rate="none")
async def get_openapi(settings: Settings) -> Response:
    """The contract of this server, as an OpenAPI document."""
    _require_on(settings)
    return Response(_document(), media_type="application/json")


@router.get("/docs", include_in_schema=False)
@access.public(rate="none")
async def get_reference(settings: Settings) -> Response:
    """The API reference, for people."""
    _require_on(settings)
    return Response(_PAGE, media_type="text/html", headers={"content-security-policy": _POLICY})


@cache
def _document() -> bytes:
    # As it is committed: to generate it would keep everybody waiting for seconds.
    return (files("openapi") / "openapi.json").read_bytes()


def _require_on(settings: Settings) -> None:
    if settings.api_docs == "off":
        raise NotFound
