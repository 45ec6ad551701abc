"""Looking at pages that statuses link to."""

import re
from typing import Any
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from app.domain.statuses import preview_cards
from app.languages import language_or_none
from app.outgoing import Answer, NotFetched
from app.transcoding import making
from app.transcoding.sandbox import Unreadable
from app.workers.tools import Tools

_PAGE_BYTES = 1024 * 1024
_IMAGE_BYTES = 8 * 1024 * 1024
_MAX_TITLE = 300
_MAX_DESCRIPTION = 1000
# What pages are written in, as browsers know it. Python knows more, some of it slow or no text.
_CHARSET = re.compile(
    r"charset\s*=\s*[\"']?\s*(utf-8|iso-8859-(?:1[013-6]|[1-9])|windows-125[0-8]|koi8-[ru]"
    r"|gbk|gb2312|gb18030|big5|shift_jis|euc-jp|euc-kr)\b",
    re.IGNORECASE,
)
_HEAD_BYTES = 1024


async def fetch(tools: Tools, event: dict[str, Any]) -> None:
    """A status was posted or edited."""
    if tools.settings.preview_cards == "off":
        return
    database, status_id = tools.database, event["status_id"]
    found = await preview_cards.link_of(database, status_id, domain=tools.settings.domain)
    if found is None:
        return
    said, url = found
    card_id = None
    if url is not None:
        card_id = await preview_cards.known(database, url) or await _look(tools, url)
    await preview_cards.show(database, status_id, said, card_id)


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
    page = LexborHTMLParser(_text(answer))
    said = _said(page)
    if not said["title"]:
        return await preview_cards.keep(tools.database, url)
    said["provider_name"] = said["provider_name"] or urlsplit(answer.url).hostname or ""
    image = _meta(page, "og:image", "twitter:image")
    if image:
        said |= await _picture(tools, answer.url, image)
    return await preview_cards.keep(tools.database, url, **said)


def _text(page: Answer) -> str:
    """What a page says, in the letters that it was written in."""
    said = (page.headers.get("content-type", ""), page.content[:_HEAD_BYTES].decode("latin-1"))
    found = next((found[1].lower() for text in said if (found := _CHARSET.search(text))), "utf-8")
    # Browsers read the one as the other.
    return page.content.decode("cp1252" if found == "iso-8859-1" else found, "replace")


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


async def _picture(tools: Tools, page: str, image: str) -> dict[str, Any]:
    try:
        answer = await tools.outgoing.get(urljoin(page, image), max_bytes=_IMAGE_BYTES)
        if answer.status != 200:
            return {}
        name, drawn = await making.keep_small(tools.store, answer.content)
    except (NotFetched, Unreadable, ValueError):
        # What it names may be no picture, or not even an address.
        return {}
    width, height = drawn.small
    return {"image": name, "blurhash": drawn.blurhash, "width": width, "height": height}
