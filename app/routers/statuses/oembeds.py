"""Statuses for web pages elsewhere."""

import json
from html import escape

from fastapi import APIRouter
from pydantic import Field

from app import access
from app.dependencies import Reads, Rendering, Settings
from app.domain.expertise import addresses
from app.domain.statuses import rows
from app.entities.statuses.oembeds import OEmbed
from app.errors import NotFound
from app.parameters import Count, ParameterModel, Parameters, Text
from app.rendering.html import clean_html
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, prefix="/api/oembed", tags=["statuses"])

_DAY_SECONDS = 86_400
_WIDTH = 400


class OEmbedParameters(ParameterModel):
    """Which status, and how large."""

    url: Text = Field(description="The address of a status.")
    maxwidth: Count = Field(_WIDTH, description="Pixels.")
    maxheight: Count = Field(0, description="Ignored: it is as high as it becomes.")


@router.get("", responses={404: {}})
@access.optional()
async def get_oembed(
    params: Parameters[OEmbedParameters], reads: Reads, renderer: Rendering, settings: Settings
) -> OEmbed:
    """A status that everybody may read, as oEmbed (1.0)."""
    address = addresses.address(params.url, domain=settings.domain)
    if address is None or address.status_id is None:
        raise NotFound
    # As anonymous readers see it, whoever asks: it goes to a page that anybody reads.
    found = await renderer.statuses(reads, await rows.by_ids(reads, 0, [address.status_id]), 0)
    if not found:
        raise NotFound
    status = json.loads(found[0])
    author = status["account"]
    name = author["display_name"] or author["username"]
    shown = status["spoiler_text"] and f"<p>{escape(status['spoiler_text'])}</p>"
    link = f'<p><a href="{escape(status["url"])}">{escape(name)}</a></p>'
    return OEmbed(
        type="rich",
        version="1.0",
        title=f"Status by {name}",
        author_name=name,
        author_url=author["url"],
        provider_name=settings.title,
        provider_url=f"{settings.origin}/",
        cache_age=_DAY_SECONDS,
        html=clean_html(f"<blockquote>{shown or status['content']}{link}</blockquote>"),
        width=min(params.maxwidth or _WIDTH, _WIDTH),
        height=None,
    )
