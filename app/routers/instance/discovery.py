"""What other software asks first: NodeInfo, WebFinger (RFC 7033), host-meta (RFC 6415)."""

from urllib.parse import unquote
from xml.sax.saxutils import quoteattr

from fastapi import APIRouter, Response
from pydantic import Field

from app import access
from app.dependencies import Reads, Settings, Usage
from app.domain.accounts import accounts
from app.entities.instance.nodeinfo import SCHEMA, NodeInfo, NodeInfoDocuments, WebFinger
from app.errors import NotFound
from app.parameters import ParameterModel, Parameters, Text
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, tags=["instance"])

_XRD = "application/xrd+xml"
_JRD = "application/jrd+json"


class WebFingerParameters(ParameterModel):
    """What is looked for."""

    resource: Text = Field(description="`acct:user@host`, or the address of a profile.")


@router.get("/.well-known/nodeinfo")
@access.public()
async def discover_nodeinfo(settings: Settings) -> NodeInfoDocuments:
    """Where the NodeInfo document is."""
    return NodeInfoDocuments.from_settings(settings)


@router.get("/nodeinfo/2.0", response_model=NodeInfo)
@access.public()
async def get_nodeinfo(settings: Settings, usage: Usage, reads: Reads) -> Response:
    """What this server is, for software of any kind."""
    info = NodeInfo.from_settings(settings, await usage.figures(reads))
    return Response(info.model_dump_json(), media_type=f'application/json; profile="{SCHEMA}#"')


@router.get(
    "/.well-known/host-meta",
    response_class=Response,
    responses={200: {"content": {_XRD: {"schema": {"type": "string"}}}}},
)
@access.public()
async def get_host_meta(settings: Settings) -> Response:
    """Where to ask for accounts of this server."""
    template = quoteattr(f"{settings.origin}/.well-known/webfinger?resource={{uri}}")
    return Response(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">\n'
        f'  <Link rel="lrdd" template={template}/>\n'
        "</XRD>\n",
        media_type=_XRD,
    )


@router.get(
    "/.well-known/webfinger",
    response_class=Response,
    responses={
        200: {
            "model": WebFinger,
            "content": {_JRD: {"schema": {"$ref": "#/components/schemas/WebFinger"}}},
        },
        404: {},
    },
)
@access.optional()
async def get_webfinger(
    params: Parameters[WebFingerParameters], settings: Settings, reads: Reads
) -> Response:
    """Where to find the account of a name."""
    row = await accounts.by_acct(reads, _acct(params.resource, settings), domain=settings.domain)
    found = WebFinger.from_account(row["username"], settings)
    return Response(found.model_dump_json(), media_type=_JRD)


def _acct(resource: str, settings: Settings) -> str:
    """The account that a resource names.

    Raises:
        NotFound: it names something else, or is of another host.
    """
    if resource.startswith("acct:"):
        return unquote(resource.removeprefix("acct:"))
    for prefix in ("/@", "/users/"):
        path = resource.removeprefix(settings.origin + prefix)
        if path != resource and "/" not in path:
            return path
    raise NotFound
