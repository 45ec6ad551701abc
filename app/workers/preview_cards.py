"""Looking at pages that statuses link to."""

from typing import Any
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from app.domain.statuses import preview_cards
from app.languages import language_or_none
from app.outgoing import NotFetched
from app.transcoding import making
from app.transcoding.sandbox import Unreadable
from app.workers.tools import Tools

_PAGE_BYTES = 1024 * 1024
_IMAGE_BYTES = 8 * 1024 * 1024
_MAX_TITLE = 300
_MAX_DESCRIPTION = 1000


async def fetch(tools: Tools, event: dict[str, Any]) -> None:
    """A status was posted or edited."""
    if tools.settings.preview_cards == "off":
        return
    database, status_id = tools.database, event["status_id"]
    found = await preview_cards.link_of(database, status_id, domain=tools.settings.domain)
    if found is None:
        return
    status, url = found
    card_id = None
    if url is not None:
        card_id = await preview_cards.known(database, url) or await _look(tools, url)
    await preview_cards.show(database, status_id, status["version"], card_id)


async def _look(tools: Tools, url: str) -> int:
    """Ask a page what it says of itself, and remember it; also that it says nothing."""
    try:
        answer = await tools.outgoing.get(
            url, headers={"Accept": "text/html"}, max_bytes=_PAGE_BYTES, cut=True
        )
    except NotFetched:
        return await preview_cards.keep(tools.database, url)
    media_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if answer.status != 200 or media_type not in ("text/html", "application/xhtml+xml"):
        return await preview_cards.keep(tools.database, url)
    page = LexborHTMLParser(answer.content)
    said = _said(page)
    if not said["title"]:
        return await preview_cards.keep(tools.database, url)
    said["provider_name"] = said["provider_name"] or urlsplit(answer.url).hostname or ""
    image = _meta(page, "og:image", "twitter:image")
    if image:
        said |= await _picture(tools, urljoin(answer.url, image))
    return await preview_cards.keep(tools.database, url, **said)


def _said(page: LexborHTMLParser) -> dict[str, Any]:
    title, html = page.css_first("title"), page.css_first("html")
    named = _meta(page, "og:title", "twitter:title") or (_line(title.text()) if title else "")
    language = html.attributes.get("lang") if html else None
    return {
        "title": named[:_MAX_TITLE],
        "description": _meta(page, "og:description", "twitter:description", "description")[
            :_MAX_DESCRIPTION
        ],
        "language": language_or_none((language or "").partition("-")[0]),
        "author_name": _meta(page, "author")[:_MAX_TITLE],
        "provider_name": _meta(page, "og:site_name")[:_MAX_TITLE],
        "image_description": _meta(page, "og:image:alt")[:_MAX_DESCRIPTION],
    }


def _meta(page: LexborHTMLParser, *names: str) -> str:
    """What a page says under the first of these names that it has."""
    for name in names:
        for attribute in ("property", "name"):
            node = page.css_first(f'meta[{attribute}="{name}"]')
            if node and (value := _line(node.attributes.get("content") or "")):
                return value
    return ""


def _line(text: str) -> str:
    return " ".join(text.replace("\0", "").split())


async def _picture(tools: Tools, url: str) -> dict[str, Any]:
    try:
        answer = await tools.outgoing.get(url, max_bytes=_IMAGE_BYTES)
        if answer.status != 200:
            return {}
        image, drawn = await making.keep_small(tools.store, answer.content)
    except (NotFetched, Unreadable):
        return {}
    width, height = drawn.small
    return {"image": image, "blurhash": drawn.blurhash, "width": width, "height": height}
